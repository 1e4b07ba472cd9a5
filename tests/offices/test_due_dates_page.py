"""The Fristenrechner: the engine's answer as a sentence, as months and day by day."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from offices.calendars import Calendar, Period, Unit, due, due_backward
from offices.due_months import cells_of, months_of
from offices.models import Closing, Membership, User

BERLIN = Calendar("BE")
URL = "/fristenrechner/"


def answer(house, username="pankow.krm", **query):
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client.get(URL, query)


@pytest.mark.usefixtures("house")
class TestPage:
    def test_without_a_question_the_form_stands_empty_and_offers_the_periods_of_the_house(self, house):
        response = answer(house)

        assert response.status_code == 200
        assert response.context["result"] is None
        assert [(s.key, s.words) for s in response.context["shortcuts"]] == [
            ("K1", "3 Arbeitstage"),
            ("K2", "10 Arbeitstage"),
        ]

    def test_golden_vector_ten_working_days_over_christmas_b3(self, house):
        response = answer(house, start_on="2026-12-18", amount="10", unit="working_days")

        assert response.context["result"].due_on == date(2027, 1, 5)
        assert "Di 05.01.2027" in response.text
        assert response.context["result"].sentence in response.text

    def test_a_german_date_can_be_typed_and_missing_parameters_take_their_defaults(self, house):
        response = answer(house, start_on="30.04.2026", amount="10")

        assert response.context["result"].due_on == date(2026, 5, 18)

    def test_backward_counting_ends_on_the_working_day_before_ger28(self, house):
        office = house["germersheim"]
        response = answer(
            house, "germersheim.krm", start_on="2026-06-08", amount="14", unit="calendar_days", direction="backward"
        )

        assert response.context["office"] == office
        assert response.context["result"].due_on == date(2026, 5, 22)

    @pytest.mark.parametrize(
        ("unit", "amount"), [("calendar_days", "14"), ("weeks", "2"), ("weekdays", "9"), ("months", "1")]
    )
    def test_backward_counting_in_every_unit_leaves_the_dienstfreien_tag_and_says_so(self, house, unit, amount):
        day, end = date(2026, 12, 24), "2027-01-24" if unit == "months" else "2027-01-07"
        Closing.objects.create(
            office=house["germersheim"],
            name="Heiligabend",
            kind="closed",
            from_on=day,
            until_on=day,
            created_at=timezone.now(),
        )
        query = {"start_on": end, "amount": amount, "unit": unit, "direction": "backward"}
        response = answer(house, "germersheim.krm", **query)

        assert response.context["result"].due_on == date(2026, 12, 23)
        assert "rechnerisches Ende, dienstfrei: Heiligabend" in response.text
        assert "Do 24.12.2026 (dienstfrei: Heiligabend)" in response.text
        assert "Spätester Tag ist nie ein dienstfreier." in response.text

    @pytest.mark.parametrize("unit", list(Unit))
    def test_every_unit_counts_both_ways_and_says_so(self, house, unit):
        """From Germersheim's Wednesday, 03.06.2026: the day after is Fronleichnam there."""
        calendar, day, period = Calendar("RP"), date(2026, 6, 3), Period(2, unit)
        expected = {"forward": due(calendar, day, period), "backward": due_backward(calendar, day, period)}
        for direction, found in expected.items():
            query = {"start_on": "2026-06-03", "amount": "2", "unit": unit.value, "direction": direction}
            response = answer(house, "germersheim.krm", **query)
            assert response.context["result"].due_on == found.due_on
            assert found.sentence in response.text
            assert ("Spätestens am" in response.text) is (direction == "backward")

    def test_end_stays_on_a_sunday_when_asked_to(self, house):
        query = {"start_on": "2026-11-19", "amount": "3", "unit": "calendar_days"}

        assert answer(house, **query).context["result"].due_on == date(2026, 11, 23)
        assert answer(house, **query, roll="stay").context["result"].due_on == date(2026, 11, 22)

    def test_municipal_holiday_of_the_office_counts_in_its_calendar_only(self, house):
        day = date(2026, 11, 24)
        Closing.objects.create(
            office=house["pankow"],
            name="Stadtfest",
            kind="holiday",
            from_on=day,
            until_on=day,
            created_at=timezone.now(),
        )
        query = {"start_on": "2026-11-23", "amount": "1"}

        assert answer(house, **query).context["result"].due_on == date(2026, 11, 25)
        assert answer(house, "gera.krm", **query).context["result"].due_on == date(2026, 11, 24)

    @pytest.mark.parametrize(
        ("query", "field", "sentence"),
        [
            ({"start_on": "1990-12-31"}, "start_on", "Feiertage sind für die Jahre 1991 bis 2100 bekannt."),
            ({"start_on": "31.02.2026"}, "start_on", "Dieses Datum gibt es nicht. Bitte als TT.MM.JJJJ angeben."),
            ({"amount": "367"}, "amount", "Hier sind höchstens 366 möglich."),
            ({"amount": "61", "unit": "months"}, "amount", "Hier sind höchstens 60 möglich."),
            ({"amount": "-1"}, "amount", "Eine Frist hat mindestens 0 Einheiten."),
            ({"amount": "drei"}, "amount", "Bitte eine ganze Zahl angeben."),
            ({"amount": "105", "unit": "weeks", "direction": "backward"}, "amount", "Hier sind höchstens 104 möglich."),
            (
                {"start_on": "1991-01-02", "amount": "2", "unit": "weeks", "direction": "backward"},
                "amount",
                "Für das Jahr 1990 sind keine Feiertage bekannt (1991 bis 2100).",
            ),
            (
                {"direction": "seitwärts"},
                "direction",
                "Bitte eine gültige Auswahl treffen. seitwärts ist keine gültige Auswahl.",
            ),
        ],
    )
    def test_nonsense_is_answered_at_its_field(self, house, query, field, sentence):
        response = answer(house, **query)

        assert response.status_code == 422
        assert response.context["form"].errors == {field: [sentence]}
        assert response.context["result"] is None

    def test_a_period_that_leaves_the_known_years_is_an_error_and_no_crash(self, house):
        response = answer(house, start_on="2100-12-30", amount="366", unit="calendar_days")

        assert list(response.context["form"].errors) == ["amount"]

    def test_calendar_of_another_office_is_not_on_offer(self, house):
        response = answer(house, office=house["gera"].pk)

        assert list(response.context["form"].errors) == ["office"]

    def test_who_belongs_nowhere_is_told_so(self, house):
        Membership.objects.filter(user__username="pankow.ma").delete()

        assert "Kein Kalender" in answer(house, "pankow.ma").text

    def test_as_many_queries_for_one_day_as_for_a_year(self, house):
        def queries(**query) -> int:
            with CaptureQueriesContext(connection) as captured:
                answer(house, **query)
            return len(captured)

        assert queries(amount="1") == queries(amount="366")

    def test_url_is_german_because_people_pass_it_on(self):
        assert reverse("offices:due_dates") == URL


def marks(due_date) -> list[tuple[str, str]]:
    return [(f"{cell.on:%d.%m.}", cell.classes) for cell in cells_of(due_date)]


def test_every_day_carries_what_happened_to_it():
    found = due(BERLIN, date(2026, 11, 19), Period(3, Unit.CALENDAR_DAYS))

    assert marks(found) == [
        ("19.11.", "is-start"),
        ("20.11.", "is-counted"),
        ("21.11.", "is-counted"),
        ("22.11.", "is-counted is-raw"),
        ("23.11.", "is-rolled is-due"),
    ]
    assert cells_of(found)[3].words == ("Tag 3", "rechnerisches Ende, Sonntag")


def test_skipped_day_says_why():
    cells = cells_of(due(BERLIN, date(2025, 5, 7), Period(1, Unit.WORKING_DAYS)))

    assert [(cell.classes, cell.words) for cell in cells] == [
        ("is-start", ("Beginn, zählt nicht",)),
        (
            "is-skipped",
            (
                "80. Jahrestag der Befreiung vom Nationalsozialismus und der Beendigung des Zweiten "
                "Weltkriegs in Europa",
            ),
        ),
        ("is-counted is-due", ("Tag 1", "Frist endet")),
    ]


def test_months_begin_on_monday_and_leave_out_the_days_of_their_neighbours():
    months = months_of(due(BERLIN, date(2026, 12, 18), Period(10, Unit.WORKING_DAYS)))

    assert [month.name for month in months] == ["Dezember 2026", "Januar 2027"]
    assert [cell.classes for cell in months[0].weeks[0]] == ["is-out", "", "", "", "", "", ""]
    assert {len(week) for month in months for week in month.weeks} == {7}


def test_backward_months_stand_in_the_order_of_the_calendar():
    months = months_of(due_backward(BERLIN, date(2026, 6, 8), Period(14, Unit.CALENDAR_DAYS)))

    assert [month.name for month in months] == ["Mai 2026", "Juni 2026"]


def test_the_middle_of_a_long_row_of_months_can_be_folded_away():
    months = months_of(due(BERLIN, date(2026, 1, 15), Period(10, Unit.MONTHS)))

    assert [month.is_aside for month in months] == [False] * 2 + [True] * 7 + [False] * 2
