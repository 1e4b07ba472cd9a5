"""Deadlines after registration: moved, ended, met by a change of the calendar, watched for other parts."""
