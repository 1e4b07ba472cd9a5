"""`manage.py first_account`: how an office begins without the demo."""

import io
import re
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from cases.administration.actions.first_account import open_house
from cases.models import Event, Mail
from offices.errors import NotAllowed
from offices.models import Membership, Office, User
from offices.queries import Actor
from offices.roles import Role

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "sieben blaue Stühle"
OPTIONS = {
    "name": "Jobcenter Musterstadt", "code": "MUS", "slug": "musterstadt", "state": "TH", "street": "Am Markt 1",
    "postcode": "07545", "city": "Musterstadt", "preset": "gera", "login": "Nora.Uhl", "first_name": "Nora",
    "last_name": "Uhl", "email": "nora.uhl@musterstadt.example",
}  # fmt: skip


@pytest.fixture(autouse=True)
def nobody_there():
    """As in a new installation, after `manage.py prepare`."""
    call_command("flush", interactive=False, verbosity=0, reset_sequences=False)


def first_account(**changes: str) -> str:
    out = io.StringIO()
    call_command("first_account", stdout=out, **(OPTIONS | changes))
    return out.getvalue()


def rows() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Office, User, Membership, Event, Mail))


def test_office_with_rules_and_one_administrator_who_signs_in_over_the_printed_link():
    link = re.search(r"http\S+", first_account())[0]

    office, person = Office.objects.get(), User.objects.get()
    assert (office.name, office.rule_sets.get().preset) == ("Jobcenter Musterstadt", "gera")
    assert [(seat.role, seat.office) for seat in person.memberships.all()] == [(Role.SYSADMIN, office)]
    assert not Mail.objects.exists()
    client = Client()
    chosen = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    client.post(client.get(urlsplit(link).path).url, chosen)
    assert client.login(username="nora.uhl", password=PASSWORD)
    assert client.get("/personen/neu/").status_code == 200
    codes = Event.objects.order_by("pk").values_list("code", flat=True)
    assert list(codes) == ["person.link_made", "person.created", "membership.added", "person.password_set"]
    call_command("verify_events", stdout=io.StringIO())


def test_a_second_time_is_refused_and_changes_nothing():
    first_account()
    before, password = rows(), User.objects.get().password

    with pytest.raises(CommandError, match="Es gibt schon ein Konto"):
        first_account(code="ZWE", slug="zweite", login="zweite")
    assert (rows(), User.objects.get().password) == (before, password)


def test_a_closed_account_counts_too():
    User.objects.create(username="alt", is_active=False)

    with pytest.raises(CommandError, match="Es gibt schon ein Konto"):
        first_account()


@pytest.mark.parametrize("changes", [{"email": "keine Adresse"}, {"login": "zwei Worte"}, {"code": "ZULANGES-KÜRZEL"}])
def test_what_the_fields_do_not_allow_leaves_nothing_behind(changes):
    with pytest.raises(CommandError):
        first_account(**changes)
    assert rows() == (0, 0, 0, 0, 0)


def test_unknown_rules_are_refused_with_those_there_are():
    office = Office(name="X", code="X", slug="x", type="ge", state="TH", street="X", postcode="07545", city="X")

    with pytest.raises(NotAllowed, match="Zur Wahl stehen .*pankow"):
        open_house(
            by=Actor(user=None, today=date(2026, 11, 23)), office=office, preset="../gera", person=User(username="x")
        )
    assert rows() == (0, 0, 0, 0, 0)
