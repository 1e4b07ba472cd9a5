"""Pages of the house that only read: Fristenrechner, rule sets, roles.

What these pages lead to and what is written to the event log lives in cases/views, because the log does.
"""
