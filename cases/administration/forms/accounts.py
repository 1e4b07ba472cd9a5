"""The forms with which people choose and change their own password: Django's own with its rules."""

from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm


class ChooseForm(SetPasswordForm):
    """Twice the same; the action sets the password and writes the log."""


class ChangeForm(PasswordChangeForm):
    """The one until now, then twice the new one; the action sets it and writes the log."""
