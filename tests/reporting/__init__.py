"""Facts, figures, dashboards and reports."""
