"""Who we are, where, when and by which rules: everything the other apps stand on.

Dienststellen with their units, people with memberships and deputies, rule sets as versioned data, working-day
calendars. Nothing in here knows what a case is.
"""
