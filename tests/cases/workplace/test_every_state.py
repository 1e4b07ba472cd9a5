"""Every page of a case opens, whatever state it is in, whatever is owed next, of whatever kind, in every office.

A case is registered once for each office and kind; each state, and in it each next duty, is a side track that the
database takes back. Whoever reads here is the KRM of the office.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.asking import tick
from cases.closing.actions import close, reopen
from cases.deadlines.actions.moving import extend, pause
from cases.directives.actions.drafting import draft_directive, present_directive
from cases.handling.actions.approval import present_result
from cases.handling.actions.assign import accept, hand_to_unit
from cases.handling.actions.judge import judge_conduct
from cases.handling.actions.praise import pass_on_praise
from cases.handling.actions.talk import note_talk
from cases.handling.reading.conduct import missing_signature
from cases.letters.actions.writing import dispatch_letter
from cases.lookup import visible_case
from cases.models import Case, Deadline, Letter
from cases.rules.directives import owed_by_management
from cases.rules.kinds import Channel, Kind, Outcome, Settlement, Talk
from cases.rules.lifecycle import OPEN_STATUSES, Status
from cases.rules.registration import EmployeeData
from cases.rules.triage import Reason
from cases.statements.actions.asking import request_statement
from cases.statements.actions.way import edit_statement, hand_on, sign_statement
from cases.statements.reading.way import station_of
from cases.transfers.actions.triage import hand_over, hand_over_case, split_off
from cases.workplace.reading.steps import DUTIES, next_duty, steps
from krm.demo import house as demo_house
from krm.demo.letters import seen_first, signed, submitted
from offices.calendars import next_working_day
from offices.models import User
from offices.queries import Actor, actor_for, calendar_for
from tests import make
from tests.cast import TODAY

# Side tracks within one transaction would take locks in the order of their actions: no matter for what is tried here
pytestmark = [pytest.mark.usefixtures("house"), pytest.mark.once]

OFFICES = [demo.slug for demo in demo_house.OFFICES]
NO_CASE = ("germersheim", Kind.CONDUCT_COMPLAINT)  # handed over there (BLOG-5), which test_conduct is about
DIFFER = (Kind.COMPLAINT, Kind.PETITION)  # a petition is also presented on the day itself (K15)
LISTED = ("new", "with_krm", "with_unit", "with_management", "answered")
DAYS = {"rd-bb": date(2019, 3, 4)}  # its rules ended with 2019


# How a case comes into each state


def stay_new(krm: Actor, case: Case) -> None:
    """As it was registered."""


def give_to_unit(krm: Actor, case: Case) -> None:
    hand_to_unit(by=krm, case=case, unit=case.office.units.get(number="711"))


def present(krm: Actor, case: Case) -> None:
    present_directive(by=krm, directive=draft_directive(by=krm, case=case), expected_version=1)


def give_to_sign(krm: Actor, case: Case) -> None:
    settle_conduct(krm, case)
    submitted(krm, make.answer(krm, now(case)))


def answer(krm: Actor, case: Case) -> None:
    settle_conduct(krm, case)
    letter = signed(krm, make.answer(krm, now(case)))
    dispatch_letter(by=krm, letter=letter, sent_on=krm.today, way=Letter.Way.POST)


def end(krm: Actor, case: Case) -> None:
    do_what_closing_asks_for(krm, now(case))
    conduct, parameters = case.kind == Kind.CONDUCT_COMPLAINT, case.rule_set.parameters
    not_assessed = conduct and parameters.conduct_complaint.closed_as_not_assessable
    close(
        by=krm,
        case=case,
        outcome=Outcome.NOT_ASSESSABLE if not_assessed else Outcome.PARTLY_UPHELD,
        outcome_reason="Die Bearbeitung hat zu lange gedauert.",
        settlement=Settlement.LETTER,
        verbis=parameters.documentation.verbis_tick,
    )


def take_up_again(krm: Actor, case: Case) -> None:
    reopen(by=krm, case=case, reason="Die Person hat sich noch einmal gemeldet.")


def leave(krm: Actor, case: Case) -> None:
    hand_over_case(by=krm, case=case, reason=Reason.NOT_OURS, recipient="Wohngeldstelle")


def now(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def settle_conduct(krm: Actor, case: Case) -> None:
    """What a Dienstaufsichtsbeschwerde rests on before it is answered: the judgement and the contributions (K7)."""
    rule = case.rule_set.parameters.conduct_complaint
    if case.kind != Kind.CONDUCT_COMPLAINT or rule.closed_as_not_assessable:
        return
    if rule.assessed_by:
        judge_conduct(by=krm, case=case, is_conduct=True, reason="Beanstandet wird der Ton.")
    due_on = next_working_day(calendar_for(case.office), krm.today)
    unit = case.office.units.get(number="711")
    for statement in request_statement(by=krm, case=case, unit=unit, question="Was geschah?", due_on=due_on):
        by = actor_for(station_of(statement).user, krm.today)
        statement = edit_statement(by=by, statement=statement, expected_version=statement.version, text="So war es.")
        statement = hand_on(by=by, statement=statement, expected_version=statement.version)
        by = actor_for(station_of(statement).user, krm.today)
        sign_statement(by=by, statement=statement, expected_version=statement.version)


def do_what_closing_asks_for(krm: Actor, case: Case) -> None:
    parameters = case.rule_set.parameters
    if parameters.practice.talk_first:
        note_talk(by=krm, case=case, talk=Talk.DECLINED, on=krm.today)
    if case.kind == Kind.PRAISE and parameters.praise.informs:
        pass_on_praise(by=krm, case=case, unit=case.office.units.get(number="711"))
        while asked := case.assignments.open().first():
            tick(by=actor_for(asked.user, krm.today), assignment=asked)
    if case.kind == Kind.CONDUCT_COMPLAINT and parameters.conduct_complaint.closed_as_not_assessable:
        transfer = split_off(by=krm, case=case, reason=Reason.CONDUCT_COMPLAINT, text=case.text)
        hand_over(by=krm, transfer=transfer, way="Hauspost")
    if missing_signature(now(case)):
        asked = present_result(by=krm, case=now(case), note="Der Ton war falsch.")
        tick(by=actor_for(asked.user, krm.today), assignment=asked)


@dataclass(frozen=True)
class State:
    """Reached by `act` from the state before it."""

    status: Status
    act: Callable[[Actor, Case], object]
    before: str = "new"


STATES = {
    "new": State(Status.NEW, stay_new, ""),
    "with_krm": State(Status.WITH_KRM, lambda krm, case: accept(by=krm, case=case)),
    "with_unit": State(Status.WITH_UNIT, give_to_unit),
    "with_management": State(Status.WITH_MANAGEMENT, present),
    "in_signature": State(Status.IN_SIGNATURE, give_to_sign),
    "answered": State(Status.ANSWERED, answer),
    "closed": State(Status.CLOSED, end, "answered"),
    "reopened": State(Status.WITH_KRM, take_up_again, "closed"),
    "transferred": State(Status.TRANSFERRED, leave),
}


# What of it can be next, and what opens then


def rest(krm: Actor, case: Case) -> None:
    pause(by=krm, case=case, category="awaiting_person", reason="Vollmacht fehlt.", from_on=krm.today)


def become_next(duty: Deadline) -> Callable[[Actor, Case], None]:
    """Extend whatever else is due, until this duty comes first."""

    def put_off_the_others(krm: Actor, case: Case) -> None:
        calendar = calendar_for(case.office)
        later = next_working_day(calendar, max(d.due_on for d in case.deadlines.open()) + timedelta(days=1))
        for other in case.deadlines.open().exclude(pk=duty.pk).filter(rule_key__in=DUTIES):
            extend(by=krm, deadline=other, new_due_on=later, reason="Die Akte fehlt noch.")
        assert next_duty(now(case)) == duty

    return put_off_the_others


@contextmanager
def side_track() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class Walk:
    """The KRM of an office walks a case through all states and opens pages; what does not open is kept."""

    krm: Actor
    client: Client
    case: Case
    reached: set[tuple[str, str]] = field(default_factory=set)
    broken: list[tuple[str, str, str, int]] = field(default_factory=list)

    def through(self, name: str, pages: Callable[["Walk", str], None]) -> None:
        state = STATES[name]
        with side_track():
            state.act(self.krm, now(self.case))
            assert now(self.case).status == state.status
            pages(self, name)
            for following in (key for key, other in STATES.items() if other.before == name):
                if following != "with_management" or self.is_presented:
                    self.through(following, pages)

    @property
    def is_presented(self) -> bool:
        """Whether the office's rules let the Geschäftsführung issue the Verfügung (K19); else the KRM does."""
        return owed_by_management(self.case.rule_set.parameters, Kind(self.case.kind), Channel(self.case.channel))

    def open(self, name: str, duty: str, *addresses: str) -> None:
        self.reached.add((name, duty))
        for address in addresses:
            if (code := self.client.get(address).status_code) != 200:
                self.broken.append((name, duty, address, code))


def with_each_duty(walk: Walk, name: str) -> None:
    """The page of the case every time; the lists, which say the kind in one word, where what is due can differ."""
    case = now(walk.case)
    lists = (reverse("cases:list"), reverse("home")) if case.kind in DIFFER and name in LISTED else ()
    page, duty = case.get_absolute_url(), next_duty(case)
    walk.open(name, duty.kind if duty else "none", page, *lists)
    variants = {d.kind: become_next(d) for d in case.deadlines.open().filter(rule_key__in=DUTIES) if d != duty}
    if case.status in OPEN_STATUSES - {Status.ANSWERED} and case.kind == Kind.COMPLAINT:  # resting knows no kinds
        variants["rest"] = rest
    for kind, come in variants.items():
        with side_track():
            come(walk.krm, case)
            walk.open(name, kind, page, *(lists if case.kind == Kind.COMPLAINT else ()))


def with_each_step(walk: Walk, name: str) -> None:
    """Whatever the case offers, letters, deadlines and closing among it; all states at the office that has them all."""
    if walk.case.office.slug != "pankow" and name not in ("with_krm", "closed"):
        return
    case = visible_case(walk.krm, walk.case.reference)
    offered = [step for step in steps(walk.krm, case) if step.why_not is None]
    days = [d for d in case.deadlines.all() if d.is_open and d.kind != Deadline.Kind.FOLLOW_UP]
    extensions = [reverse("cases:deadline_extend", args=[d.pk]) for d in days]
    walk.open(name, "", *(step.url for step in offered if not step.is_post), *extensions)
    for step in (step for step in offered if step.is_post):
        with side_track():
            code = walk.client.post(step.url, follow=True).status_code
            walk.broken += [] if code == 200 else [(name, "", step.url, code)]


@pytest.fixture
def desk(request, client, monkeypatch) -> tuple[Actor, Client]:
    """The KRM of the office, at work on a day on which its rules hold."""
    today = DAYS.get(request.param, TODAY)
    monkeypatch.setattr(timezone, "now", lambda: datetime.combine(today, time(9), ZoneInfo("Europe/Berlin")))
    user = User.objects.get(username=f"{request.param}.krm")
    client.force_login(user)
    return actor_for(user, today), client


def registered(krm: Actor, kind: Kind) -> Case:
    about = User.objects.get(username=krm.user.username.replace(".krm", ".ma"))
    employees = (EmployeeData(user_id=about.pk),) if kind == Kind.CONDUCT_COMPLAINT else ()
    case = make.case(krm, kind=kind, received_on=krm.today, employees=employees)
    seen_first(case, krm.today)
    return now(case)


def walked(desk: tuple[Actor, Client], kind: Kind, pages: Callable[[Walk, str], None]) -> Walk:
    krm, client = desk
    walk = Walk(krm, client, registered(krm, kind))
    walk.through("new", pages)
    return walk


def expected(walk: Walk) -> set[tuple[str, str]]:
    """Each state that the office knows, with each duty that its rules set at Eingang and that is not met by then."""
    planned = {d.kind for d in walk.case.deadlines.filter(rule_key__in=DUTIES)}
    planned |= {"rest"} if walk.case.kind == Kind.COMPLAINT else set()
    at_work = {"new", "with_krm", "with_unit", "in_signature"} | ({"with_management"} if walk.is_presented else set())
    return (
        {(name, duty) for name in at_work for duty in planned}
        | {("reopened", duty) for duty in planned - {Deadline.Kind.ACKNOWLEDGEMENT}}
        | {("answered", "none"), ("closed", "none"), ("transferred", "none")}
    )


WITH_CASES = [(slug, kind) for slug in OFFICES for kind in Kind if (slug, kind) != NO_CASE]


@pytest.mark.parametrize(("desk", "kind"), WITH_CASES, indirect=["desk"])
def test_the_case_and_the_lists_open_in_each_state_whatever_is_owed_next(desk, kind):
    walk = walked(desk, kind, with_each_duty)
    assert walk.broken == []
    assert walk.reached == expected(walk)


@pytest.mark.parametrize("desk", OFFICES, indirect=True)
def test_every_step_that_is_offered_opens(desk):
    assert walked(desk, Kind.COMPLAINT, with_each_step).broken == []
