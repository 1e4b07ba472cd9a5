"""Login names ignore case: at signing in, and when a new one is given."""

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction
from django.test import Client

from offices.actions import save_checked
from offices.errors import NotAllowed
from offices.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "sieben blaue Stühle"


@pytest.fixture
def person() -> User:
    return User.objects.create_user("Änne.Uhl", password=PASSWORD)


@pytest.mark.parametrize("typed", ["änne.uhl", "Änne.Uhl", "ÄNNE.UHL", "A\u0308nne.uhl"])
def test_signing_in_with_any_case(person, typed):
    answer = Client().post("/anmelden/", {"username": typed, "password": PASSWORD})

    assert (answer.status_code, answer.headers.get("Location")) == (302, "/")


@pytest.mark.parametrize("typed", ["", "änne", "änne.uhl%", "_nne.uhl"])
def test_nothing_else_signs_in(person, typed):
    assert authenticate(username=typed, password=PASSWORD) is None


def test_case_of_the_password_counts(person):
    assert authenticate(username="änne.uhl", password=PASSWORD.upper()) is None


def test_name_is_kept_in_small_letters_and_stands_once(person):
    assert User.objects.get(pk=person.pk).username == "änne.uhl"
    with pytest.raises(NotAllowed):
        save_checked(User(username="ÄNNE.uhl", password="!"))


def test_database_refuses_a_second_one_whatever_way_it_comes(person):
    User.objects.create(username="erna")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="ERNA")
