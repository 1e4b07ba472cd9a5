"""Tags of the pages about figures."""
