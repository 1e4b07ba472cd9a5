"""`manage.py demo`: its logins have a password that everybody knows, so there are none in served mode."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from offices.models import Office, User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("options", [{}, {"cases": 10}])
def test_served_mode_refuses_the_examples_and_says_what_to_do_instead(settings, options) -> None:
    settings.SERVED = True
    before = (Office.objects.count(), User.objects.count())

    with pytest.raises(CommandError, match="bekanntes Passwort.*first_account"):
        call_command("demo", **options)
    assert (Office.objects.count(), User.objects.count()) == before
