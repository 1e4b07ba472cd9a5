"""A reaction comes in: registered by page or list, kept as a draft, presented where the rules say so."""
