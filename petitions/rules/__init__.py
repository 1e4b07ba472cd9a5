"""Routes and chains of petitions as typed, pure data and functions, without database, settings or clock."""
