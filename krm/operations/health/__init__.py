"""Is everything at work? Checks in the form of django-health-check, a report of them, and the addresses of probes."""
