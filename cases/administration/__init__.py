"""People, units, topics, substitutions and rule sets: what an office keeps of itself, with an entry in the log."""
