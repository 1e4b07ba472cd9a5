"""Questions, no writes."""
