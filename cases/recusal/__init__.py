"""Whom a reaction is about, who is kept out of it, and what falls with that."""
