"""The one-time link with which somebody chooses their own password: what is in it, and whose it is.

It is signed by Django over the password kept now, the last signing in, the address and the time: it ends when a
password is chosen, when another link is made, when the address changes, and after PASSWORD_RESET_TIMEOUT seconds.
"""

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from offices.models import User


class AccessLinks(PasswordResetTokenGenerator):
    """Django's own, of no use for a closed account."""

    key_salt = "cases.access_links"

    def check_token(self, user: User | None, token: str | None) -> bool:
        return user is not None and user.is_active and super().check_token(user, token)


LINKS = AccessLinks()


def path_for(person: User) -> str:
    """The path of a new link for this person as the account stands now."""
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    return reverse("cases:choose_password", args=[uid, LINKS.make_token(person)])
