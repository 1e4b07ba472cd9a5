"""Somebody leaves or a unit is dissolved: what becomes of their work."""
