"""Statements asked of units, on their way from writer to approval."""
