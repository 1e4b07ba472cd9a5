"""The end of a case and its return."""
