"""Where people work: start page, list, and the page of one case."""
