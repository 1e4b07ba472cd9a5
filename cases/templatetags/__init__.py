"""Template filters that know what a letter is."""
