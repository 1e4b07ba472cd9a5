"""Every figure is what its definition says: the database and a count in memory agree on rows drawn at random."""

import json
from collections import defaultdict
from datetime import date, timedelta
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cases.models import Topic
from cases.rules.kinds import Channel, Kind
from cases.rules.transfers import TransferData
from cases.rules.triage import Reason
from cases.transfers.actions.triage import register_transfer
from offices.models import Office
from reporting.models import CaseFact
from reporting.reading.counting import count
from reporting.reading.figures import COLUMNS, Question, day_of, key_of
from reporting.reading.tables import office_question, table
from reporting.rules.fact import Fact
from reporting.rules.figures import FIGURES, STOCK, Subject, holds
from reporting.rules.periods import Period
from reporting.rules.quantiles import median, ninetieth
from reporting.rules.tables import SPECS, broken_identities
from reporting.rules.vocabulary import Cause, Dimension, ReportedKind
from tests import make
from tests.cast import TODAY
from tests.scene import acting

pytestmark = pytest.mark.django_db

QUARTER = Period(date(2026, 4, 1), date(2026, 6, 30))
STAND = date(2026, 7, 20)


def drawn(office: Office, number: int, seed: int = 1) -> list[Fact]:
    """Facts that could be: rounds follow one another, what ends has begun."""
    rng, found = Random(seed), []  # noqa: S311 - anything, not secret
    topics = list(Topic.objects.filter(office=office).values_list("pk", "nature"))
    units = [None, *office.units.values_list("pk", flat=True)]
    for _ in range(number):
        received = date(2026, 1, 1) + timedelta(days=rng.randrange(270))
        kind = rng.choice(list(ReportedKind)).value
        opened, base = received, {
            "office_id": office.pk, "case_id": None, "kind": kind, "channel": rng.choice(list(Channel)).value,
            "legal_area": rng.choice(["sgb2", "sgb3"]), "unit_id": rng.choice(units), "received_on": received,
            "is_hidden": False,
        }  # fmt: skip
        for number_of_round in range(1, rng.choice([1, 1, 1, 2]) + 1):
            due = opened + timedelta(days=14)
            ended = opened + timedelta(days=rng.randrange(60)) if rng.random() < 0.8 or number_of_round == 1 else None
            is_last = rng.random() < 0.5 or number_of_round == 2
            end = (
                rng.choice(["closed", "closed", "closed", "transferred"])
                if ended and is_last
                else "closed" * bool(ended)
            )
            outcome = rng.choice(["upheld", "partly_upheld", "not_upheld", "not_assessable", ""]) if end else ""
            decided = ended - timedelta(days=rng.randrange(3)) if ended and rng.random() < 0.8 else None
            found.append(
                Fact(
                    **base,
                    round=number_of_round,
                    position=0,
                    opened_on=opened,
                    ended_on=ended,
                    end=end,
                    outcome=outcome,
                    is_anonymous=rng.random() < 0.1,
                    acknowledgement_due_on=rng.choice([None, received + timedelta(days=3)]),
                    acknowledged_on=rng.choice([None, received + timedelta(days=rng.randrange(6))]),
                    interim_due_on=rng.choice([None, due]),
                    interim_on=rng.choice([None, due, due + timedelta(days=1)]),
                    standard_due_on=rng.choice([None, due]),
                    closure_due_on=rng.choice([None, due, due + timedelta(9)]),
                    decided_on=decided,
                    rests_since_on=rng.choice([None, None, opened]),
                    settlement=rng.choice(["letter", "repeated", "conversation"]) if end else "",
                    talk=rng.choice(["", "held", "offered", "declined"]),
                    has_alternatives=rng.random() < 0.3,
                    rung=rng.randrange(4),
                    working_days=rng.randrange(40) if end == "closed" else None,
                    reopened_after=rng.choice([None, 9, 40]) if end and not is_last else None,
                )  # fmt: skip
            )
            for position in range(1, rng.randrange(1, 4) + 1):
                topic, nature = rng.choice(topics)
                found.append(
                    Fact(**base, round=number_of_round, position=position, opened_on=opened, ended_on=ended, end=end,
                         outcome=outcome, topic_id=topic, nature=nature)
                )  # fmt: skip
            if is_last or ended is None:
                break
            opened = ended + timedelta(days=9)
    return found


def kept(facts: list[Fact]) -> None:
    now = timezone.now()
    CaseFact.objects.bulk_create(CaseFact.of(fact, known_from=now, cause=Cause.REGISTERED) for fact in facts)


@pytest.fixture
def facts(house) -> list[Fact]:
    found = drawn(house["pankow"], 250)
    kept(found)
    return found


def question(house, **changes) -> Question:
    return Question((house["pankow"].pk,), **({"period": QUARTER, "stand": STAND} | changes))


def in_memory(key: str, facts: list[Fact], by: Dimension | None, asked: Question) -> dict:
    """The same figure, counted row by row from its definition."""
    figure = FIGURES[key]
    groups: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if (fact.position == 0) == (figure.subject == Subject.CASE) and figure.subject in (
            Subject.CASE,
            Subject.CONCERN,
        ):
            day = getattr(fact, day_of(figure))
            value = (day and day.replace(day=1)) if by == Dimension.MONTH else by and getattr(fact, COLUMNS[by])
            groups[key_of(value, by, asked)].append(fact)
    found = {}
    for group, rows in groups.items():
        counted = [row for row in rows if holds(row, figure.numerator, asked.period, asked.stand)]
        if figure.of_days:
            days: dict[int, int] = defaultdict(int)
            for row in counted:
                days[row.working_days] += 1
            if counted:
                mean = round(sum(row.working_days for row in counted) / len(counted), 1)
                found[group] = (
                    len(counted),
                    None,
                    {"median": median(days), "ninetieth": ninetieth(days), "mean": mean}[figure.of_days],
                )
            continue
        of = None
        if figure.denominator is not None:
            of = sum(holds(row, figure.denominator, asked.period, asked.stand) for row in rows)
            if not of and not counted:
                continue
        found[group] = (len(counted), of)
    return found


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "by", [None, Dimension.KIND, Dimension.UNIT, Dimension.MONTH, Dimension.OUTCOME, Dimension.TOPIC]
)
def test_the_database_counts_what_the_definition_says(house, facts, by):
    asked = question(house)
    counted = count(FIGURES, asked, by).values
    for key, figure in FIGURES.items():
        if figure.subject in (Subject.CASE, Subject.CONCERN) and (by is None or by in figure.dimensions):
            expected = {k: v for k, v in in_memory(key, facts, by, asked).items() if v[0] or (len(v) > 1 and v[1])}
            found = {k: v[key] for k, v in counted.items() if key in v and (v[key][0] or v[key][1])}
            assert {k: v[: len(expected[k])] for k, v in found.items()} == expected, key


def test_what_was_open_came_and_went_is_what_is_open_for_every_kind(house, facts):
    stock = table(SPECS["stock"], question(house))
    assert len(stock.body) == len(ReportedKind)
    assert broken_identities(stock) == []
    assert stock.cell("total", "received").numerator > 50


def test_the_end_of_one_period_is_the_beginning_of_the_next(house, facts):
    first = count(STOCK, question(house))
    second = count(STOCK, question(house, period=Period(date(2026, 7, 1), date(2026, 9, 30))))
    assert first.cell("", "open_at_end").value == second.cell("", "open_at_start").value


def test_quarters_add_up_to_the_half_year(house, facts):
    half = count(["received", "closed"], question(house, period=Period(date(2026, 1, 1), date(2026, 6, 30))))
    parts = [
        count(["received", "closed"], question(house, period=period))
        for period in (Period(date(2026, 1, 1), date(2026, 3, 31)), QUARTER)
    ]
    for key in ("received", "closed"):
        assert sum(part.cell("", key).value for part in parts) == half.cell("", key).value


def test_a_small_unit_is_counted_with_the_one_above_it(house, facts):
    asked = office_question(house["pankow"], QUARTER, None, stand=STAND)
    units = table(SPECS["units"], asked)
    division = house["pankow"].units.get(number="71")
    teams = [division.pk, *house["pankow"].units.filter(parent=division).values_list("pk", flat=True)]
    alone = sum(
        fact.unit_id in teams
        for fact in facts
        if fact.position == 0 and fact.round == 1 and QUARTER.has(fact.received_on)
    )
    assert units.cell(str(division.pk), "received").numerator == alone
    assert {row.key for row in units.body} == {str(division.pk), ""}


# The command


def figures(*options: str) -> list[dict]:
    out = StringIO()
    call_command("figures", "--office", "pankow", *options, "--json", stdout=out)
    return json.loads(out.getvalue())


def one(rows: list[dict], figure: str, **dimensions) -> dict:
    (found,) = [row for row in rows if row["figure"] == figure and row["dimensions"] == dimensions]
    return found


def test_the_command_gives_each_figure_once_for_each_value_and_once_for_all(house):
    desk = acting("pankow.krm", TODAY)
    make.case(desk)
    make.case(desk, kind=Kind.PRAISE)
    make.case(desk, kind=Kind.SUGGESTION, channel=Channel.OPINION_CARD, person=None)
    register_transfer(
        by=desk, office=house["pankow"],
        data=TransferData(reason=Reason.INQUIRY, recipient="Team", subject="Frage", text="?", channel=Channel.LETTER,
                          received_on=TODAY),
    )  # fmt: skip
    rows = figures("--from", "2026-11-01", "--to", "2026-11-30")

    assert one(rows, "received") == {
        "figure": "received", "version": 1, "dimensions": {}, "numerator": 3, "denominator": None, "value": 3,
        "suppressed": False,
    }  # fmt: skip
    assert one(rows, "received", kind="opinion_card")["value"] == 1
    assert one(rows, "transfers_received")["value"] == 1
    assert one(rows, "closed_in_time")["value"] is None
    keys = [(row["figure"], tuple(row["dimensions"].items())) for row in rows]
    assert len(keys) == len(set(keys))
    assert {row["figure"] for row in rows} == set(FIGURES)


def test_the_command_says_what_was_known_at_a_moment(house):
    make.case(acting("pankow.krm", TODAY))
    options = ("--from", "2026-11-01", "--to", "2026-11-30")

    assert one(figures(*options, "--as-known-at", "2026-10-31"), "received")["value"] == 0
    assert one(figures(*options, "--as-known-at", "2099-01-01"), "received")["value"] == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--from", "2026-13-01", "--to", "2026-11-30"), "2026-13-01"),
        (("--from", "2026-12-01", "--to", "2026-11-30"), "endet, bevor er beginnt"),
        (("--from", "2026-11-01", "--to", "2026-11-30", "--as-known-at", "gestern"), "gestern"),
    ],
)
def test_the_command_says_what_it_does_not_understand(house, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        figures(*options)
