"""The only code that writes here."""
