"""Shape and existence."""
