"""The pages for extending, resting and going on, and the office's calendar."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.access import seal
from cases.models import Case, Deadline, Pause
from offices.models import Closing, User
from offices.queries import actor_for, calendar_for
from tests import make

pytestmark = pytest.mark.usefixtures("house")


def sign_in(client, username):
    client.force_login(User.objects.get(username=username))
    return client


@pytest.fixture
def krm(client, house):
    return sign_in(client, "pankow.krm")


@pytest.fixture
def case(house) -> Case:
    today = timezone.localdate()
    return make.case(actor_for(User.objects.get(username="pankow.krm"), today), received_on=today)


def closure(case: Case) -> Deadline:
    return case.deadlines.get(kind=Deadline.Kind.CLOSURE)


def test_extension_is_entered_and_leads_back_to_the_case(krm, case):
    deadline = closure(case)
    later = deadline.due_on + timedelta(days=7)

    response = krm.post(
        reverse("cases:deadline_extend", args=[deadline.pk]), {"new_due_on": later.isoformat(), "reason": "Rückfrage"}
    )

    assert (response.status_code, response.url) == (302, case.get_absolute_url())
    assert closure(case).due_on == later


def test_refused_extension_keeps_what_was_typed_and_says_why(krm, case):
    deadline = closure(case)

    response = krm.post(
        reverse("cases:deadline_extend", args=[deadline.pk]),
        {"new_due_on": deadline.due_on.isoformat(), "reason": "Rückfrage beim Fachbereich"},
    )

    assert response.status_code == 200
    page = response.content.decode()
    assert "Die neue Frist muss nach dem" in page
    assert "Rückfrage beim Fachbereich" in page


@pytest.mark.parametrize("typed", ["31.02.2027", "morgen", "2027-13-01"])
def test_a_day_that_does_not_exist_is_an_error_of_its_field(krm, case, typed):
    response = krm.post(
        reverse("cases:deadline_extend", args=[closure(case).pk]), {"new_due_on": typed, "reason": "Rückfrage"}
    )

    assert response.context["form"].errors["new_due_on"] == [
        "Dieses Datum gibt es nicht. Bitte als TT.MM.JJJJ angeben."
    ]


def test_resting_and_going_on(krm, case):
    today = timezone.localdate()
    krm.post(
        reverse("cases:case_pause", args=[case.reference]),
        {"category": Pause.Category.OTHER, "reason": "Akte liegt beim Gericht.", "from_on": today.isoformat()},
    )
    assert case.pauses.get().resumed_on is None

    krm.post(reverse("cases:case_resume", args=[case.reference]), {"resumed_on": today.isoformat()})

    assert case.pauses.get().resumed_on == today


def test_strangers_find_neither_deadline_nor_case(client, case):
    sign_in(client, "gera.krm")

    answers = [
        client.get(reverse("cases:deadline_extend", args=[closure(case).pk])).status_code,
        client.get(reverse("cases:deadline_extend", args=[999_999])).status_code,
        client.get(reverse("cases:case_pause", args=[case.reference])).status_code,
        client.get(reverse("cases:case_resume", args=[case.reference])).status_code,
    ]

    assert answers == [404, 404, 404, 404]


def next_working_days(office, count):
    calendar, day, found = calendar_for(office), timezone.localdate(), []
    while len(found) < count:
        day += timedelta(days=1)
        if calendar.is_working_day(day):
            found.append(day)
    return found


def test_new_day_shows_first_what_would_move_and_moves_it_when_confirmed(krm, case):
    day = next_working_days(case.office, 2)[-1]
    values = {"office": case.office_id, "name": "Stadtfeiertag", "kind": "holiday", "from_on": day.isoformat()}
    before = closure(case).due_on

    shown = krm.post(reverse("cases:day_new"), values)
    assert case.reference in shown.content.decode()
    assert (Closing.objects.count(), closure(case).due_on) == (0, before)

    response = krm.post(reverse("cases:day_new"), values | {"confirmed": "1"}, follow=True)
    assert "Fristen haben sich verschoben" in response.content.decode()
    assert closure(case).due_on > before


def test_removing_a_day_moves_back(krm, case):
    day = next_working_days(case.office, 2)[-1]
    before = closure(case).due_on
    values = {"office": case.office_id, "name": "Stadtfeiertag", "kind": "holiday", "from_on": day.isoformat()}
    krm.post(reverse("cases:day_new"), values | {"confirmed": "1"})

    krm.post(reverse("cases:day_remove", args=[Closing.objects.get().pk]))

    assert (Closing.objects.count(), closure(case).due_on) == (0, before)


def test_everybody_reads_the_calendar_and_only_some_may_change_it(client, house):
    sign_in(client, "pankow.ma")

    assert "Heilige Drei Könige" not in client.get(reverse("cases:days")).content.decode()
    assert client.get(reverse("cases:day_new")).status_code == 404


@pytest.mark.parametrize("year", ["", "abc", "99999", "2028"])
def test_calendar_answers_any_year_in_the_address(krm, year):
    assert krm.get(reverse("cases:days"), {"jahr": year}).status_code == 200


def test_calendar_of_2028_names_the_one_off_holiday_of_berlin(krm):
    page = krm.get(reverse("cases:days"), {"jahr": "2028"}).content.decode()

    assert "Sa 17.06.2028" in page


def test_preview_and_message_of_a_new_day_leave_out_cases_that_are_not_seen(client, house):
    today = timezone.localdate()
    by = actor_for(User.objects.get(username="pankow.krm"), today)
    sealed, other = (make.case(by, received_on=today) for _ in range(2))
    seal(by=by, case=sealed)
    ends_on = other.deadlines.get(kind=Deadline.Kind.CLOSURE).due_on
    day = {"office": house["pankow"].pk, "name": "Streik", "kind": "holiday", "from_on": ends_on.isoformat()}
    shown = {}
    for who in ("pankow.krm", "pankow.krm2", "pankow.admin"):
        client.force_login(User.objects.get(username=who))
        page = client.post(reverse("cases:day_new"), day).content.decode()
        shown[who] = {case for case in (sealed, other) if case.reference in page}

    assert shown == {"pankow.krm": {sealed, other}, "pankow.krm2": {other}, "pankow.admin": set()}
    page = client.post(reverse("cases:day_new"), day | {"confirmed": "1"}, follow=True).content.decode()
    assert "keine offene Frist, die Sie sehen, hat sich verschoben" in page
    assert {c.deadlines.get(kind=Deadline.Kind.CLOSURE).due_on > ends_on for c in (sealed, other)} == {True}
