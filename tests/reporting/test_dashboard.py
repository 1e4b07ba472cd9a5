"""Each number of a dashboard is a list that its reader can open, with as many rows; nobody is a dimension of any."""

import re
from datetime import date, timedelta
from html import unescape
from itertools import product

import pytest
from django.db.models import Count
from django.db.models.functions import TruncQuarter
from django.utils import timezone

from cases.access import seal
from cases.models import Case
from cases.rules.kinds import Kind
from cases.rules.registration import EmployeeData
from krm.demo import cases as demo_cases
from krm.demo import petitions as demo_petitions
from offices.models import Membership
from reporting.actions.summary import rounded, summarise
from reporting.forms.dashboard import EvaluationForm, HousesForm
from reporting.forms.number import NumberForm
from reporting.models import CaseFact, HouseQuarter
from reporting.reading.figures import COLUMNS
from reporting.reading.houses import houses
from reporting.reading.numbers import OPEN_WORK
from reporting.reading.tables import office_question, table
from reporting.reading.units import units_of
from reporting.rules.fact import COLUMNS as FACT_COLUMNS
from reporting.rules.figures import FIGURES, AnyOf
from reporting.rules.periods import Period
from reporting.rules.tables import SPECS
from reporting.rules.vocabulary import Dimension, ReportKind
from tests import make
from tests.scene import acting, person

pytestmark = pytest.mark.django_db
LINK = re.compile(r'<a[^>]*href="(/auswertung/zahl/\?[^"]+|/vorgaenge/\?[^"]+)"[^>]*>\s*([\d.,]+)')
READERS = ["pankow.gf", "pankow.krm", "pankow.krm2", "pankow.tl", "pankow.bl"]


@pytest.fixture
def lived_in(house):
    """The demo stories of Pankow, with what not everybody sees: sealed, about somebody of the desk, against the GF."""
    today = timezone.localdate()
    demo_cases.populate(house["pankow"], today, lambda: None)
    demo_petitions.populate(house["pankow"], today, lambda: None)
    krm = acting("pankow.krm", today)
    seal(by=krm, case=make.case(krm, received_on=today))
    for about in ("krm2", "gf", "ma"):
        make.case(krm, received_on=today, employees=(EmployeeData(user_id=person(f"pankow.{about}").pk),))
    make.case(krm, received_on=today, kind=Kind.SUGGESTION)
    return house["pankow"]


def links(page: str) -> dict[str, int]:
    found = LINK.findall(page)
    return {unescape(url): int(number.replace(".", "")) for url, number in found if "," not in number}


@pytest.mark.parametrize("reader", READERS)
def test_every_number_is_a_list_with_as_many_rows(client, lived_in, reader):
    client.force_login(person(reader))
    page = client.get("/auswertung/", {"zeitraum": str(timezone.localdate().year)}).content.decode()
    numbers = links(page)
    wrong = {}
    for url, number in numbers.items():
        listed = client.get(url)
        text = listed.content.decode()
        shown = re.search(r"data-number>([\d.]+)<", text)
        counted = int(shown[1].replace(".", "")) if shown else listed.context["page"].paginator.count
        rows = listed.context["page"].paginator.count
        if counted != number or (shown and rows > number):
            wrong[url] = (number, counted, rows)
    assert wrong == {}
    assert len(numbers) > (20 if reader.endswith(("gf", "krm")) else 2)


def test_a_number_and_its_list_leave_out_what_its_reader_may_not_see(client, lived_in):
    """The KRM sees the case against the Geschäftsführung, the Geschäftsführung does not; who is named sees it not."""
    found = {}
    for who in ("krm", "krm2", "gf"):
        client.force_login(person(f"pankow.{who}"))
        page = client.get("/auswertung/").content.decode()
        url = next(url for url in links(page) if re.search(r"kennzahl=open_at_end$", url))
        found[who] = client.get(url).context["found"].number
        assert found[who] == Case.objects.visible_to(acting(f"pankow.{who}", timezone.localdate())).open().count()
    assert found["krm"] > found["krm2"]
    assert found["krm"] > found["gf"]


def test_who_leads_a_unit_sees_its_open_work_and_nothing_of_how_it_was_done(client, lived_in):
    client.force_login(person("pankow.tl"))
    page = client.get("/auswertung/").content.decode()
    assert "Fristen gehalten" not in page
    assert "krm-chart" not in page
    other = lived_in.units.get(number="712")
    asked = {"kennzahl": "open_at_end", "dienststelle": "pankow", "von": "2020-01-01", "bis": timezone.localdate()}
    assert client.get("/auswertung/zahl/", asked).status_code == 200
    for more in (
        {"einheit": other.pk},
        {"bis": timezone.localdate() - timedelta(days=1)},
        *({"kennzahl": key} for key in FIGURES if key not in OPEN_WORK),
    ):
        assert client.get("/auswertung/zahl/", asked | more).status_code == 404


def test_where_only_krm_and_management_evaluate_no_leader_sees_figures(client, house):
    """GER-32, GER-33."""
    client.force_login(person("germersheim.tl"))
    assert client.get("/auswertung/").status_code == 404


def test_a_unit_of_one_or_two_is_never_shown_alone(house):
    """Team 711 has two people in the cast: it is counted with its Bereich (B4-10)."""
    office, today = house["pankow"], timezone.localdate()
    team = office.units.get(number="711")
    assert units_of(office, today).folded[team.pk] == team.parent_id
    for who in ("ma2", "tl2"):
        Membership.objects.create(
            user=person(f"pankow.{who}"), office=office, unit=team, role="employee", from_on=today
        )
    assert units_of(office, today).folded[team.pk] == team.pk


FORBIDDEN = re.compile(r"person|user|handler|responsible|employee|signer|author|registered_by|closed_by|_by\b")


def test_no_figure_filter_column_or_dimension_is_a_person():
    """GER-34, B4-10: over all figures, dimensions, forms and columns of facts, and over pairs of them."""
    conditions = [
        part.column
        for figure in FIGURES.values()
        for where in (figure.numerator, figure.denominator or ())
        for condition in where
        for part in (condition.options if isinstance(condition, AnyOf) else (condition,))
    ]
    names = [*conditions, *FACT_COLUMNS, *COLUMNS.values(), *(d.value for d in Dimension), *FIGURES, *SPECS]
    names += [name for form in (EvaluationForm, HousesForm, NumberForm) for name in form.base_fields]
    assert [name for name in names if FORBIDDEN.search(name)] == []
    related = [f.name for f in CaseFact._meta.get_fields() if f.is_relation]
    assert sorted(related) == ["case", "office", "topic", "unit"]
    assert [pair for pair in product(Dimension, repeat=2) if any(FORBIDDEN.search(d.value) for d in pair)] == []


def test_who_asks_for_what_there_is_not_gets_nothing(client, lived_in):
    client.force_login(person("pankow.gf"))
    for query in (
        "",
        "kennzahl=persons&von=2026-01-01&bis=2026-02-01",
        "kennzahl=closed&von=2026-02-01&bis=2026-01-01",
    ):
        assert client.get(f"/auswertung/zahl/?{query}").status_code == 404


# Houses below


def test_a_regional_directorate_sees_rounded_numbers_of_its_houses(client, house):
    krm, today = acting("pankow.krm", timezone.localdate()), timezone.localdate()
    for _ in range(7):
        make.case(krm, received_on=today)
    summarise(now=timezone.now())
    found = houses(house["rd-bb"], [house["pankow"], house["berlin-nord"]], Period.around(today, ReportKind.YEAR))

    assert [(row.office.slug, row.received in (5, 10)) for row in found.rows] == [
        ("pankow", True),
        ("berlin-nord", False),
    ]
    assert found.total.received == found.rows[0].received
    client.force_login(person("rd-bb.krm"))
    page = client.get("/auswertung/haeuser/")
    assert page.status_code == 200
    assert b"auf f\xc3\xbcnf gerundet" in page.content
    client.force_login(person("pankow.krm"))
    assert client.get("/auswertung/haeuser/").status_code == 404


def test_the_summary_counts_what_the_facts_say_each_quarter_and_kind_rounded(lived_in):
    summarise(now=timezone.now())
    facts = CaseFact.objects.known().filter(office=lived_in, position=0)
    closed = facts.filter(end="closed")
    of_kinds = HouseQuarter.objects.filter(office=lived_in).exclude(kind="")
    exact = {
        (row["quarter"], row["kind"]): row["number"]
        for row in facts.filter(round=1).annotate(quarter=TruncQuarter("received_on")).values("quarter", "kind")
        .annotate(number=Count("pk"))
    }  # fmt: skip
    for row in of_kinds:
        assert row.received % 5 == row.closed % 5 == row.open_now % 5 == 0
        assert abs(row.received - exact.get((row.quarter_on, row.kind), 0)) < 5
    days = sum(number for row in of_kinds for number in row.days.values())
    assert days == closed.filter(working_days__isnull=False).count() > 0


def test_all_that_is_told_of_houses_is_a_sum_of_rounded_counts(lived_in):
    """So two of them together tell no more than one: not the half-year and its quarters, nor all kinds and each."""
    summarise(now=timezone.now())
    rows = list(HouseQuarter.objects.filter(is_group=False).exclude(kind=""))
    for sums, chosen in (
        (HouseQuarter.objects.filter(kind="", is_group=False), lambda row, total: row.office_id == total.office_id),
        (
            HouseQuarter.objects.filter(kind="", is_group=True, office=lived_in.parent),
            lambda row, total: row.office.parent_id == total.office_id,
        ),
    ):
        for total in sums:
            parts = [row for row in rows if row.quarter_on == total.quarter_on and chosen(row, total)]
            assert total.received == sum(row.received for row in parts)
            assert total.open_now == sum(row.open_now for row in parts)


def test_rounding_is_the_same_every_night_and_right_on_the_whole():
    assert [rounded(7, "a"), rounded(5, "a"), rounded(0, "a")][1:] == [5, 0]
    assert rounded(7, "a") == rounded(7, "a")
    mean = sum(rounded(7, f"{place}") for place in range(2_000)) / 2_000
    assert 6.7 < mean < 7.3


# Marginals that were published


HAMBURG = [pytest.param(2841, 1006, id="Hamburg 2012-2015"), pytest.param(1080, 259, id="Hamburg 2016/17")]


@pytest.mark.parametrize(("matter", "conduct"), HAMBURG)
def test_published_numbers_come_out_again(house, matter, conduct):
    """B1-2: as many Anliegen about the matter and about conduct as the Bürgerschaft was told."""
    from_on = date(2016, 1, 1)
    base = {
        "office_id": house["pankow"].pk, "round": 1, "position": 1, "kind": "complaint", "channel": "letter",
        "legal_area": "sgb2", "opened_on": from_on, "cause": "registered", "known_from": timezone.now(),
    }  # fmt: skip
    topic = house["pankow"].topics.first()
    natures = ["matter"] * matter + ["conduct"] * conduct
    CaseFact.objects.bulk_create(
        CaseFact(received_on=from_on + timedelta(days=n % 480), nature=nature, topic=topic, **base)
        for n, nature in enumerate(natures)
    )
    asked = period_question(house, Period(from_on, date(2017, 4, 30)))
    found = {row.label: row.cells[0].value for row in table(SPECS["natures"], asked).rows}
    assert found == {"Sachanliegen": matter, "Verhalten": conduct, "gesamt": matter + conduct}


def period_question(house, period: Period):
    return office_question(house["pankow"], period, None, stand=period.until_on)
