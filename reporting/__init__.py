"""What happened, counted: facts of the cases, figures over them, dashboards, reports that are frozen."""
