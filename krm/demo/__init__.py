"""Data to look at: the demo offices, believable cases, and cases in great number."""
