"""Data in bulk: what many cases leave behind is what the actions would have left, and one can go on working with it."""

import os
from collections import Counter as Tally
from collections.abc import Callable
from datetime import date, datetime, time
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Q
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.closing.reading import closing_facts
from cases.lookup import case_calendar
from cases.models import Case, Concern, Counter, Deadline, Event, EventChain, Note, Pause, Person
from cases.models.deadline import UNPLANNED
from cases.rules.completeness import missing
from cases.rules.deadlines import Intake, plan
from cases.rules.events import EVENTS
from cases.rules.kinds import Channel, Kind
from cases.rules.lifecycle import Step
from cases.rules.registration import search_name
from cases.rules.reminders import OF_KIND
from krm.demo.bulk import arrivals, filling, house
from krm.demo.bulk.progress import Progress
from krm.management.commands.demo import HALF_MADE, last_morning
from offices.models import Membership, Office, User
from reporting.actions.facts import check
from reporting.models import CaseFact
from tests import make
from tests.cast import TODAY, actor

UNTIL = date(2026, 11, 20)
CASES, OPEN = 300, 30


def fill(cases: int = CASES, open_cases: int = OPEN, seed: int = 7, **changes: Any) -> list[int]:
    """Fill the database of the test; how many cases each batch held."""
    batches: list[int] = []
    values = {"until": UNTIL, "progress": batches.append, "side_by_side": False} | changes
    filling.fill(cases=cases, open_cases=open_cases, seed=seed, **values)
    return batches


@pytest.fixture
def filled(house: dict[str, Office]) -> list[int]:
    return fill()


def undone(look: Callable[[], Any], **values: Any) -> Any:
    """What `look` sees of another filling, which is then taken back."""
    with transaction.atomic():
        fill(**values)
        seen = look()
        transaction.set_rollback(True)
    return seen


def made() -> Any:
    """The cases made in bulk."""
    return Case.objects.filter(office__slug__regex="^(jc|aa)-")


def test_as_many_as_wanted_and_all_but_the_open_ones_closed(filled):
    assert sum(filled) == made().count() == CASES
    assert made().open().count() == OPEN
    assert made().filter(received_on__gt=UNTIL).count() == 0
    years = made().dates("received_on", "year")
    assert len(years) == 11  # ten years touch eleven
    offices = made().values("office").annotate(number=Count("pk"))
    assert len(offices) == house.SMALLEST_HOUSE
    assert all(row["number"] < CASES / 2 for row in offices)


def test_the_data_keep_every_constraint(filled):
    connection.check_constraints()
    assert not made().filter(closed_on__lt=F("answered_on")).exists()
    assert not made().filter(answered_on__lt=F("reached_krm_on")).exists()
    assert not made().filter(closed_on__gt=UNTIL).exists()
    assert not Event.objects.filter(case__in=made(), at__date__gt=UNTIL).exists()
    assert not made().filter(closed_on__isnull=False, retention_until__isnull=True).exists()
    assert not made().filter(~Q(outcome="")).exclude(closed_on__isnull=False).exists()


def test_deadlines_are_those_of_the_rules(filled):
    as_planned = made().filter(pauses__isnull=True).exclude(deadlines__extensions__isnull=False)
    compared = 0
    for case in as_planned.select_related("rule_set").prefetch_related("deadlines"):
        intake = Intake(
            Kind(case.kind), Channel(case.channel), case.received_on, case.is_anonymous, case.wants_acknowledgement
        )
        wanted = plan(case.rule_set.parameters, intake, case_calendar(case))
        rows = {(d.kind, d.raw_on, d.due_on, d.rule, d.rule_key) for d in case.deadlines.all() if d.kind != "follow_up"}
        planned = {(p.kind, p.due.raw_on, p.due.due_on, p.due.sentence, p.rule_key) for p in wanted}
        assert {row for row in rows if row[0] != "presentation"} == planned, case
        compared += len(planned)
    assert compared > CASES


def test_closed_cases_have_what_closing_asks_for(filled):
    """Letters and Verfügungen apart, which are left out."""
    for case in made().closed().select_related("rule_set"):
        facts = closing_facts(
            case, outcome=case.outcome, outcome_reason=case.outcome_reason, settlement=case.settlement,
            alternatives=case.alternatives, verbis=case.verbis_on is not None,
        )  # fmt: skip
        assert {gap.key for gap in missing(Step.CLOSE, facts)} <= {"answer_letter", "directive"}, case
        assert case.file_reference.endswith(f" {case.reference}")
        assert case.concerns.filter(outcome=case.outcome).count() == case.concerns.count() > 0


def test_only_open_cases_have_something_to_come(filled):
    deadlines = Deadline.objects.filter(case__in=made())
    assert deadlines.filter(office=F("case__office")).count() == deadlines.count()
    of_closed = deadlines.filter(case__closed_on__isnull=False)
    assert not of_closed.filter(Q(next_step_on__isnull=False) | Q(met_on=None, cancelled_on=None)).exists()
    of_open = deadlines.open()
    assert of_open.filter(next_step_on__gt=UNTIL).exists()
    assert not of_open.filter(next_step_on__lte=UNTIL).exists()
    assert not deadlines.filter(next_step_on=UNPLANNED).exists()
    resting = Pause.objects.filter(resumed_on__isnull=True, case__in=made()).values("case")
    assert not of_open.filter(case__in=resting, next_step_on__isnull=False, kind__in=["closure", "interim"]).exists()
    for case in made().open().exclude(pk__in=resting):
        own = case.deadlines.open().exclude(kind="follow_up").order_by("due_on").values_list("due_on", flat=True)
        assert case.next_due_on == own.first()


def test_the_log_is_whole_and_tells_what_the_rows_say(filled):
    out = StringIO()
    call_command("verify_events", stdout=out)
    assert out.getvalue().count("unversehrt") == Office.objects.count()
    events = Event.objects.filter(case__in=made())
    codes = Tally(events.values_list("code", flat=True))
    deadlines = Deadline.objects.filter(case__in=made())
    assert set(codes) <= set(EVENTS)
    assert codes["case.registered"] == CASES
    assert codes["case.closed"] == CASES - OPEN
    assert codes["deadline.met"] == deadlines.filter(met_on__isnull=False).exclude(kind="follow_up").count()
    assert codes["deadline.cancelled"] == deadlines.filter(cancelled_on__isnull=False).count()
    assert codes["deadline.set"] == deadlines.exclude(kind__in=["follow_up", "rest"]).count()
    assert codes["follow_up.done"] == deadlines.filter(kind="follow_up", met_on__isnull=False).count()
    assert codes["case.answered"] == made().filter(answered_on__isnull=False).count()
    assert events.filter(note__isnull=False).count() == Note.objects.filter(case__in=made()).count()
    for office in Office.objects.filter(cases__in=made()).distinct():
        times = list(Event.objects.filter(office=office).order_by("seq").values_list("at", flat=True))
        assert times == sorted(times)


def test_one_goes_on_registering_where_the_numbers_end(filled):
    for slug in ("jc-k", "jc-m"):
        office = Office.objects.get(slug=slug)
        before = Counter.objects.get(office=office, year=TODAY.year, series="").last
        case = make.case(actor(f"{slug}.krm"))
        assert case.reference == f"{office.code}-{TODAY.year}-{before + 1:05}"
        newest = made().filter(office=office, reference__startswith=f"{office.code}-{TODAY.year}-").exclude(pk=case.pk)
        assert newest.count() == before
    call_command("verify_events", stdout=StringIO())


def test_the_pages_show_the_cases(filled):
    krm = User.objects.get(username="jc-k.krm")
    client = Client()
    client.force_login(krm)
    page = client.get(reverse("cases:list"), {"stand": "alle"})
    assert page.status_code == 200
    assert f"{Office.objects.get(slug='jc-k').code}-" in page.content.decode()
    assert client.get("/").status_code == 200
    own = Case.objects.filter(office__slug="jc-k")
    shown = [own.filter(status=status).first() for status in own.values_list("status", flat=True).distinct()]
    assert len(shown) > 2
    for case in shown:
        detail = client.get(case.get_absolute_url())
        assert detail.status_code == 200
        assert case.subject in detail.content.decode()
    foreign = Case.objects.filter(office__slug="jc-m").first()
    assert client.get(foreign.get_absolute_url()).status_code == 404


def test_people_are_found_by_name_and_everybody_has_a_seat(filled):
    persons = Person.objects.filter(case__in=made())
    assert persons.count() >= made().filter(is_anonymous=False).count()
    for person in persons:
        assert person.search_name == search_name(person.last_name, person.first_name, person.organisation)
    people = User.objects.filter(username__startswith="jc-k.")
    assert Membership.objects.filter(user__in=people).count() == people.count() > 30


def contents() -> list[Any]:
    """What was made, without the numbers of the rows."""
    deadlines = Deadline.objects.filter(case__in=made()).order_by("case__reference", "kind", "pk")
    events = Event.objects.filter(case__in=made()).order_by("office__slug", "seq")
    fields = ("reference", "subject", "text", "status", "channel", "received_on", "answered_on", "closed_on", "outcome")
    return [
        list(made().order_by("reference").values_list(*fields, "handler__username", "unit__number")),
        list(deadlines.values_list("case__reference", "kind", "due_on", "met_on", "next_step_on", "rule")),
        list(events.values_list("office__slug", "seq", "case__reference", "code", "at", "by__username")),
        list(Person.objects.filter(case__in=made()).order_by("case__reference", "capacity").values_list("search_name")),
        list(
            Concern.objects.filter(case__in=made()).order_by("case__reference", "position").values_list("topic__name")
        ),
        list(Membership.objects.order_by("user__username").values_list("user__username", "user__last_name")),
    ]


@pytest.mark.long
def test_one_seed_one_result(house):
    first = undone(contents, cases=100)
    assert undone(contents, cases=100) == first
    assert undone(contents, cases=100, seed=8) != first


def still_open() -> list[Any]:
    fields = ("office__slug", "received_on", "subject", "text", "status", "next_due_on", "handler__username")
    deadlines = Deadline.objects.open().filter(case__in=made())
    return [
        sorted(made().open().values_list(*fields), key=str),
        sorted(deadlines.values_list("kind", "office__slug", "due_on", "next_step_on", "next_step"), key=str),
    ]


def test_the_open_ones_do_not_depend_on_how_many_are_closed(house):
    few = undone(still_open, cases=OPEN)
    assert len(few[0]) == OPEN
    assert undone(still_open, cases=200) == few


@pytest.mark.long
def test_lateness_natures_and_deadlines_are_believable(house):
    fill(cases=1500, open_cases=0)
    closures = Deadline.objects.filter(case__in=made(), kind="closure")
    late = closures.filter(met_on__gt=F("due_on")).count() / closures.count()
    assert 0.1 < late < 0.2
    concerns = Concern.objects.filter(case__in=made())
    conduct = concerns.filter(nature="conduct").count() / concerns.count()
    assert 0.2 < conduct < 0.3
    for shares in (made().values("kind"), made().values("channel"), made().values("settlement")):
        assert shares.distinct().count() >= 4
    assert made().filter(is_anonymous=True).exists()
    assert Pause.objects.filter(case__in=made()).exists()
    assert made().filter(complained_about__isnull=False).exists()
    assert set(closures.values_list("kind", flat=True)) <= set(OF_KIND)


@pytest.mark.parametrize(("number", "parts"), [(0, 2), (1, 2), (300, 2), (1_046_940, 2), (17, 3)])
def test_the_days_and_the_parts_add_up(number, parts):
    first, last = arrivals.period(UNTIL)
    counts = arrivals.spread(number, first, last)
    assert sum(counts) == number
    assert min(counts) >= 0
    split = [list(arrivals.part_of(counts, part, parts)) for part in range(parts)]
    assert [sum(day) for day in zip(*split, strict=True)] == counts
    assert max(map(sum, split)) - min(map(sum, split)) <= 1


def test_a_house_for_very_many_lies_in_all_laender_and_has_no_absurd_office():
    number = house.size(1_046_940, 10_469)
    assert 300 <= number <= house.LARGEST_HOUSE
    plans = house._plans(number)
    assert len({town.state for town, _ in plans}) == 16
    assert len({(town.code, agency) for town, agency in plans}) == number


def test_nothing_is_added_to_what_is_there_or_was_broken_off(filled):
    with pytest.raises(CommandError, match="Es gibt schon Dienststellen"):
        call_command("demo", cases=10)
    EventChain.objects.filter(office__slug="jc-m").delete()
    with pytest.raises(CommandError) as refusal:
        call_command("demo", cases=10)
    assert str(refusal.value) == HALF_MADE


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--cases", "5", "--open", "6"], "nicht mehr Vorgänge offen"),
        (["--cases", "5", "--until", "2999-01-01"], "Der letzte Tag liegt zwischen dem 13.10.2016 und gestern"),
        (["--cases", "5", "--until", "2001-01-01"], "Der letzte Tag liegt zwischen"),
        (["--cases", "viele"], "ist keine Anzahl"),
        (["--cases", "5", "--until", "gestern"], "ist kein Tag in der Form"),
        (["--open", "5"], "--cases"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_made(db, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        call_command("demo", *options)


def test_progress_is_plain_lines_where_there_is_no_terminal():
    out = StringIO()
    with Progress("Vorgänge", 10, out) as bar:
        bar.add(4)
        bar.add(6)
    assert out.getvalue() == "Vorgänge: 10 von 10 (100 %), 0 s\n"


@pytest.mark.django_db(transaction=True)
def test_the_command_fills_an_empty_database_and_no_other(capsys):
    """On PostgreSQL by two processes side by side."""
    call_command("flush", interactive=False, verbosity=0)
    out = StringIO()
    call_command("demo", "--cases", "60", "--open", "5", "--until", f"{UNTIL:%Y-%m-%d}", stdout=out)
    assert "Dazu 4 Dienststellen mit 60 Vorgängen, davon 5 offen" in out.getvalue()
    assert "Vorgänge: 60 von 60 (100 %)" in capsys.readouterr().err
    assert made().count() == 60
    assert made().open().count() == 5
    call_command("verify_events", stdout=StringIO())
    make.case(actor("jc-k.krm"))
    with pytest.raises(CommandError, match="Es gibt schon Dienststellen"):
        call_command("demo", "--cases", "60")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("ends", "reason"), [(lambda: 1 / 0, "division by zero"), (lambda: os._exit(3), "Exit code 3")]
)
def test_a_part_that_ends_early_says_why(monkeypatch, ends, reason):
    def run(work, part):
        yield 4
        ends()

    monkeypatch.setattr(filling, "run", run)
    with pytest.raises(filling.Interrupted, match=reason):
        list(filling._in_processes(None))


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-11-22T09:00+01:00", "2026-11-20T08:00+01:00"),  # Sunday: Friday
        ("2026-11-23T07:59+01:00", "2026-11-20T08:00+01:00"),  # Monday before eight
        ("2026-11-23T08:00+01:00", "2026-11-23T08:00+01:00"),
    ],
)
def test_the_demo_was_told_its_notices_on_the_last_morning_of_work(now, morning):
    assert last_morning(datetime.fromisoformat(now)) == datetime.fromisoformat(morning)


def test_the_cases_come_with_their_facts(filled):
    facts = CaseFact.objects.known().filter(position=0)
    assert facts.count() == CASES
    assert facts.filter(end="closed").count() == CASES - OPEN
    assert [found for office in Office.objects.all() for found in check(office)] == []
    a_year_ago = timezone.make_aware(datetime.combine(UNTIL.replace(year=UNTIL.year - 1), time()))
    known = CaseFact.objects.known(a_year_ago).filter(position=0)
    assert known.count() == Case.objects.filter(registered_at__lte=a_year_ago).count()
    assert not known.filter(ended_on__gt=a_year_ago).exists()
