"""Whoever must know of a deadline is told: recipients, notices, their mail, their calendar; the sweep."""
