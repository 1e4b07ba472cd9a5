"""Whole ways of a case in a real browser."""
