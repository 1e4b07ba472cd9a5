"""Each course that is written in bulk leaves the rows and the log that the actions leave on the same days.

Left out, there as here: letters, files, Verfügungen, statements, and what was asked of single persons. When a reminder
comes next is planned by the Fristenwächter; tests/krm/test_bulk.py holds that.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from random import Random
from typing import Any

import pytest

from cases.asking import tick
from cases.closing.actions import answer_orally, close
from cases.closing.reading import owes_directive
from cases.deadlines.actions.moving import extend, pause, resume
from cases.handling.actions.assign import accept, hand_to_unit, return_to_krm
from cases.handling.actions.notes import add_note, finish_follow_up
from cases.handling.actions.praise import pass_on_praise
from cases.handling.actions.talk import note_talk
from cases.intake.actions.register import register
from cases.letters.actions.writing import dispatch_letter, draft_letter, edit_letter
from cases.models import Case, Letter, Note
from cases.rules.kinds import Channel, Kind, Outcome, Settlement, Talk
from cases.rules.registration import ConcernData, PersonData, Registration
from krm.demo.bulk import courses, stream
from krm.demo.bulk.courses import Course, Desk
from krm.demo.bulk.house import Place, build
from krm.demo.bulk.intake import Draw, Reaction, reaction
from krm.demo.bulk.log import Log
from krm.demo.bulk.plans import Planner
from krm.demo.bulk.rows import Rows, first_numbers
from krm.demo.bulk.writing import finish
from krm.demo.letters import directed, seen_first, signed
from offices.models import Office, Unit, User
from offices.queries import Actor, actor_for
from tests import make

RECEIVED, UNTIL = date(2026, 9, 7), date(2026, 11, 20)  # a Monday and a Friday
INTERIM = ("pankow", "gera")  # where a Zwischennachricht has a day
LINES = ("pankow", "germersheim", "gera", "sgb3")
KEPT = ("case.", "deadline.", "follow_up.", "note.")
NOT_COMPARED = {"id", "case", "version", "reference", "turn_since", "next_step", "next_step_on"}


@dataclass
class Walk:
    """The same case, walked through the actions by the officer who has the course in bulk."""

    course: Course
    case: Case

    def by(self, day: date) -> Actor:
        return actor_for(User.objects.get(pk=self.course.officer), day)

    def deadline(self, kind: str) -> Any:
        return self.case.deadlines.open().get(kind=kind)

    def after(self, day: date, number: int) -> date:
        return date.fromordinal(self.course.days.after(day.toordinal(), number))


def _accept(walk: Walk, day: date) -> None:
    seen_first(walk.case, day)
    case = accept(by=walk.by(day), case=walk.case)
    if owes_directive(case):
        directed(walk.by(day), case)


def _letter(kind: Letter.Kind) -> Callable[[Walk, date], None]:
    def send(walk: Walk, day: date) -> None:
        by = walk.by(day)
        draft = draft_letter(by=by, case=walk.case, kind=kind)
        promised = {"expected_on": walk.deadline("closure").due_on} if kind == Letter.Kind.INTERIM else {}
        draft = edit_letter(by=by, letter=draft, expected_version=draft.version, consulted=True, **promised)
        letter = signed(by, draft)
        dispatch_letter(by=by, letter=letter, sent_on=day, way=Letter.Way.POST)

    return send


def _hand(walk: Walk, day: date) -> None:
    unit = Unit.objects.get(pk=walk.course.reaction.team.unit_id)
    hand_to_unit(by=walk.by(day), case=walk.case, unit=unit)


def _give_back(walk: Walk, day: date) -> None:
    return_to_krm(by=actor_for(walk.case.responsible, day), case=walk.case, note="Der Bescheid ist geändert.")


def _rest(walk: Walk, day: date) -> None:
    pause(
        by=walk.by(day), case=walk.case, category="awaiting_person", reason="Unterlagen fehlen.", from_on=day,
        planned_until=walk.after(day, 5),
    )  # fmt: skip


def _extend(walk: Walk, day: date) -> None:
    closure = walk.deadline("closure")
    extend(by=walk.by(day), deadline=closure, new_due_on=walk.after(closure.due_on, 4), reason="Rückfragen.")


def _answer(walk: Walk, day: date) -> None:
    make.answered(walk.by(day), walk.case)


def _talk(walk: Walk, day: date) -> None:
    answer_orally(by=walk.by(day), case=walk.case, on=day, note_text="Erklärt.", consulted=True)


def _waive(walk: Walk, day: date) -> None:
    add_note(by=walk.by(day), case=walk.case, kind=Note.Kind.WAIVER, text="Sie wünscht keine Antwort.")


def _pass_on(walk: Walk, day: date) -> None:
    pass_on_praise(by=walk.by(day), case=walk.case, unit=Unit.objects.get(pk=walk.course.reaction.team.unit_id))
    while asked := walk.case.assignments.open().first():
        tick(by=actor_for(asked.user, day), assignment=asked)


def _close(walk: Walk, day: date) -> None:
    case, by = walk.case, walk.by(day)
    waived = case.notes.filter(kind=Note.Kind.WAIVER).exists()
    settlement = case.settlement or (Settlement.WAIVED if waived else Settlement.NONE_NEEDED)
    asks_talk = case.rule_set.parameters.practice.talk_first and walk.course.reaction.needs_answer
    if asks_talk and case.is_judged and not case.talk:
        note_talk(by=by, case=case, talk=Talk.DECLINED, on=day)
    if case.kind == Kind.PRAISE:
        _pass_on(walk, day)
    finding = "Sie hat recht." if case.is_judged else ""
    close(by=by, case=case, outcome=Outcome.UPHELD, outcome_reason=finding, settlement=settlement, verbis=True)


def _answered(settlement: Settlement) -> Callable[[Course, int], None]:
    """The answer of a course, not drawn but given."""

    def answer(course: Course, day: int) -> None:
        with pytest.MonkeyPatch.context() as given:
            given.setattr(courses, "_SETTLEMENTS", Draw({settlement: 1}))
            course.answer(day)

    return answer


STEPS: dict[str, tuple[Callable[[Course, int], None], Callable[[Walk, date], None]]] = {
    "accept": (Course.accept, _accept),
    "acknowledge": (lambda c, day: c.meet("acknowledgement", day), _letter(Letter.Kind.ACKNOWLEDGEMENT)),
    "interim": (Course.send_interim, _letter(Letter.Kind.INTERIM)),
    "hand": (Course.hand_to_unit, _hand),
    "give back": (Course.give_back, _give_back),
    "look": (Course.look, lambda w, day: finish_follow_up(by=w.by(day), deadline=w.deadline("follow_up"))),
    "rest": (lambda c, day: c.rest(day, c.days.after(day, 5)), _rest),
    "go on": (Course.go_on, lambda w, day: resume(by=w.by(day), case=w.case, resumed_on=day)),
    "extend": (lambda c, day: c.extend(day, c.days.after(c.due("closure").due_on, 4)), _extend),
    "letter": (_answered(Settlement.LETTER), _answer),
    "conversation": (_answered(Settlement.CONVERSATION), _talk),
    "waived": (_answered(Settlement.WAIVED), _waive),
    "close": (Course.close, _close),
}
COURSES = {  # step and how many Arbeitstage after the Eingang
    "new": [],
    "accepted": [("accept", 1)],
    "acknowledged": [("accept", 0), ("acknowledge", 2)],
    "with its unit": [("accept", 1), ("hand", 2)],
    "looked after": [("accept", 1), ("hand", 2), ("look", 4)],
    "given back": [("accept", 1), ("hand", 1), ("give back", 4)],
    "resting": [("accept", 0), ("rest", 1)],
    "resumed": [("accept", 0), ("rest", 1), ("go on", 6)],
    "extended": [("accept", 0), ("extend", 3)],
    "with an interim reply": [("accept", 0), ("interim", 4)],
    "answered by letter": [("accept", 0), ("letter", 4)],
    "waived": [("accept", 0), ("waived", 4)],
    "anonymous": [("accept", 0), ("close", 2)],
    "card": [("accept", 0), ("close", 2)],
    "praise": [("accept", 0), ("letter", 3), ("close", 4)],
    "petition": [("accept", 0)],
    "closed after a letter": [("accept", 0), ("acknowledge", 1), ("letter", 4), ("close", 5)],
    "closed after a talk": [("accept", 0), ("conversation", 4), ("close", 5)],
    "closed after a waiver": [("accept", 0), ("waived", 4), ("close", 4)],
    "closed after a rest": [("accept", 0), ("rest", 1), ("go on", 6), ("letter", 9), ("close", 9)],
    "closed after its unit": [("accept", 0), ("hand", 0), ("give back", 3), ("letter", 4), ("close", 6)],
    "closed after more time": [("accept", 0), ("extend", 3), ("letter", 8), ("close", 8)],
}

OTHERS: dict[str, dict[str, Any]] = {  # what came in where it is no complaint by letter
    "anonymous": {"is_anonymous": True, "persons": ()},
    "card": {"channel": Channel.OPINION_CARD, "is_anonymous": True, "persons": ()},
    "praise": {"kind": Kind.PRAISE},
    "petition": {"kind": Kind.PETITION},
}


@pytest.fixture
def places(house: dict[str, Office], monkeypatch) -> dict[str, Place]:
    """An office for each of the published rules, as they hold on the day of the Eingang."""
    monkeypatch.setattr(courses, "_OUTCOMES", Draw({Outcome.UPHELD: 1}))
    built = build(7, 12)
    return {place.rules_on(RECEIVED).line: place for place in reversed(built)}


def drawn(place: Place, **changes: Any) -> Reaction:
    """A complaint of one person about one thing, of which a team is named."""
    for seed in count():
        found = reaction(Random(seed), place, 1.0)  # noqa: S311 - believable, not secret
        if found.team and len(found.persons) == len(found.concerns) == 1 and not found.names:
            usual = {"kind": Kind.COMPLAINT, "channel": Channel.LETTER, "wants_acknowledgement": True}
            return replace(found, **usual | changes)


def registered(course: Course) -> Walk:
    """The reaction of a course, registered by its officer on its day."""
    given, place = course.reaction, course.place
    names = ("capacity", "salutation", "first_name", "last_name", "organisation", "street", "postcode", "city", "email",
             "phone", "customer_number")  # fmt: skip
    person = dict(zip(names[1:], given.persons[0][1:11], strict=True)) if given.persons else None
    walk = Walk(course, None)
    walk.case = register(
        by=walk.by(RECEIVED),
        office=Office.objects.get(pk=place.office_id),
        registration=Registration(
            subject=given.subject, text=given.text, received_on=RECEIVED, reached_krm_on=RECEIVED, kind=given.kind,
            channel=given.channel, legal_area=place.legal_area, is_anonymous=given.is_anonymous,
            wants_acknowledgement=given.wants_acknowledgement, unit_id=given.team.unit_id,
            person=PersonData(**person) if person else None,
            concerns=tuple(ConcernData(c.nature, c.topic_id, c.unit_id) for c in given.concerns),
        ),
    )  # fmt: skip
    return walk


def in_bulk(place: Place, line: str) -> dict[str, Course]:
    """All courses of one office, written at once, by their names."""
    first, last, numbers = RECEIVED.toordinal(), UNTIL.toordinal(), first_numbers()
    desk = Desk(Planner([place], first, last), Rows(numbers, 0, 1), Log(), last)
    known = [name for name, steps in COURSES.items() if line in INTERIM or "interim" not in dict(steps)]
    written = {
        name: Course(desk, Random(1), place, first, drawn(place, **OTHERS.get(name, {})))  # noqa: S311 - as above
        for name in known
    }
    for name, course in written.items():
        course.register()
        for step, number in COURSES[name]:
            STEPS[step][0](course, course.days.after(first, number))
        course.store()
    for day in range(first, last + 1):
        desk.log.close_day(day)
    stream.finish_part(desk.rows, desk.log)
    finish([*numbers])
    return written


def walked(course: Course, steps: list[tuple[str, int]]) -> Case:
    """The case of the same course, through the actions."""
    walk = registered(course)
    for step, number in steps:
        walk.case.refresh_from_db()
        STEPS[step][1](walk, walk.after(RECEIVED, number))
    walk.case.refresh_from_db()
    return walk.case


def left_by(case: Case) -> dict[str, Any]:
    """What can be compared of two cases that went the same way: filled fields, days, kinds and codes in their order."""
    rows = {"case": [case], "people": case.persons.order_by("pk"), "concerns": case.concerns.order_by("position"),
            "notes": case.notes.order_by("pk"), "pauses": case.pauses.order_by("pk")}  # fmt: skip
    deadlines = case.deadlines.order_by("kind", "due_on", "pk")
    days = ("kind", "start_on", "amount", "unit", "raw_on", "due_on", "rule_key", "assignee", "met_on", "cancelled_on")
    codes = case.events.order_by("seq").values_list("code", flat=True)
    return {
        "status": (case.status, case.settlement, case.outcome, case.talk, case.next_due_on, case.closed_on),
        "filled": {name: [filled(row) for row in found] for name, found in rows.items()},
        "deadlines": list(deadlines.values_list(*days)),
        "filled deadlines": [filled(row) for row in deadlines],
        "moved": [filled(e) for d in deadlines for e in d.extensions.order_by("pk")],
        "codes": [code for code in codes if code.startswith(KEPT)],
    }


def filled(row: Any) -> set[str]:
    """The names of the fields that hold something."""
    fields = [f for f in row._meta.concrete_fields if f.name not in NOT_COMPARED]
    return {f.name for f in fields if getattr(row, f.attname) not in (None, "", False)}


@pytest.mark.parametrize("line", [LINES[0], *(pytest.param(line, marks=pytest.mark.long) for line in LINES[1:])])
def test_a_course_in_bulk_leaves_what_the_actions_leave(places, line):
    for name, course in in_bulk(places[line], line).items():
        assert left_by(Case.objects.get(pk=course.pk)) == left_by(walked(course, COURSES[name])), name
