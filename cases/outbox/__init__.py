"""A mail is a row until the mail server has taken it."""
