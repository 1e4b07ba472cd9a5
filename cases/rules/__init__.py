"""What is possible when, by when and what for: pure functions and tables, without database, settings or clock."""
