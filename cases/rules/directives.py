"""The points of a Verfügung, whose signature it needs, and what a new one proposes (rulebook B5; K19, K21)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.rules.days import why_no_day
from cases.rules.deadlines import must_present_today
from cases.rules.kinds import Kind
from cases.rules.signing import LetterKind, Matter, who_signs
from offices.calendars import (
    Calendar,
    Period,
    Unit,
    due_backward,
    next_working_day,
    previous_working_day,
)
from offices.roles import Role
from offices.rules.parameters import Parameters
from offices.rules.vocabulary import Channel

NO_QUESTION = "Bitte angeben, wozu die Einheit Stellung nehmen soll."
NOTHING_TO_DO_THEN = "Bitte angeben, was dann zu tun ist."


class PointKind(StrEnum):
    """In the order in which they stand on the sheet (B5)."""

    NOTE = "note"
    LETTER = "letter"
    STATEMENT = "statement"
    HANDLE = "handle"
    COPY = "copy"
    CO_SIGN = "co_sign"
    SIGN = "sign"
    FOLLOW_UP = "follow_up"
    FILE = "file"


POINT_LABELS = {
    PointKind.NOTE: "Vermerk",
    PointKind.LETTER: "Schreiben",
    PointKind.STATEMENT: "Stellungnahme",
    PointKind.HANDLE: "Bearbeitung",
    PointKind.COPY: "Kopie z.K.",
    PointKind.CO_SIGN: "Mitzeichnung",
    PointKind.SIGN: "Schlusszeichnung",
    PointKind.FOLLOW_UP: "Wv.",
    PointKind.FILE: "z.d.A.",
}


@dataclass(frozen=True)
class PointData:
    """A point as it is entered; ids belong to the office, the action checks it. `due_on` is a day, included."""

    kind: PointKind
    text: str = ""
    unit_id: int | None = None
    person_id: int | None = None
    due_on: date | None = None


# What a point cannot do without, and the sentence that says so at its field.
NEEDS_SOMEBODY = {
    PointKind.HANDLE: "Bitte angeben, wer das bearbeitet.",
    PointKind.COPY: "Bitte angeben, wer die Kopie bekommt.",
    PointKind.CO_SIGN: "Bitte angeben, wer mitzeichnet.",
}
NEEDS_DAY = {
    PointKind.STATEMENT: "Bitte angeben, bis wann die Stellungnahme da sein soll.",
    PointKind.HANDLE: "Bitte angeben, bis wann das erledigt sein soll.",
    PointKind.FOLLOW_UP: "Eine Wiedervorlage braucht einen Tag.",
}
NEEDS_TEXT = {
    PointKind.NOTE: "Der Vermerk ist leer.",
    PointKind.LETTER: "Bitte angeben, welches Schreiben an wen geht.",
    PointKind.STATEMENT: NO_QUESTION,
    PointKind.HANDLE: "Bitte angeben, was zu tun ist.",
    PointKind.FOLLOW_UP: NOTHING_TO_DO_THEN,
}
UNIT_TASKS = frozenset({PointKind.STATEMENT, PointKind.HANDLE})
LGF_COPY = "Kopie an die LGF"
TIME_TO_ANSWER = Period(3, Unit.WORKING_DAYS)  # from the statement of the unit to the end of the closure period


@dataclass(frozen=True)
class PointProblem:
    """What is wrong with the point at `index` (from 0 on; None: the head), at which of its fields, in German."""

    index: int | None
    field: str
    sentence: str

    def __str__(self):
        return self.sentence if self.index is None else f"Punkt {self.index + 1}: {self.sentence}"


def head_problems(
    points: Sequence[PointData], *, leads: bool, level: str, by_directive: bool
) -> Iterator[PointProblem]:
    """What the head lacks: the Federführung for several units (GERA-10), and who signs where K21 leaves it open.

    `leads`: a leading unit is named; `level`: who signs, may be empty; `by_directive`: the Verfügung has to say it.
    """
    if len({point.unit_id for point in points if point.kind in UNIT_TASKS and point.unit_id}) > 1 and not leads:
        yield PointProblem(
            None, "lead_unit", "Mehrere Einheiten sind befasst; bitte die Federführung angeben (GERA-10)."
        )
    if by_directive and not level:
        yield PointProblem(
            None, "signature_level", "Die Verfügung muss nennen, wer das Abschlussschreiben zeichnet (K21)."
        )


def point_problems(points: Sequence[PointData], calendar: Calendar, today: date) -> Iterator[PointProblem]:
    """What each point lacks, days that are past or no Arbeitstag, and an order that does not work (B5, B3-5)."""
    for index, point in enumerate(points):
        if point.kind in NEEDS_TEXT and not point.text.strip():
            yield PointProblem(index, "text", NEEDS_TEXT[point.kind])
        if point.kind == PointKind.STATEMENT and point.unit_id is None:
            yield PointProblem(index, "to", "Eine Stellungnahme gibt eine Einheit ab; bitte auswählen.")
        if point.kind in NEEDS_SOMEBODY and point.unit_id is None and point.person_id is None:
            yield PointProblem(index, "to", NEEDS_SOMEBODY[point.kind])
        if point.kind in NEEDS_DAY and point.due_on is None:
            yield PointProblem(index, "due_on", NEEDS_DAY[point.kind])
        elif point.due_on and (reason := why_no_day(calendar, point.due_on, today)):
            yield PointProblem(index, "due_on", reason)
    yield from _order_problems([point.kind for point in points])


def _order_problems(kinds: Sequence[PointKind]) -> Iterator[PointProblem]:
    for index, kind in enumerate(kinds):
        if kind == PointKind.SIGN and PointKind.SIGN in kinds[:index]:
            yield PointProblem(index, "kind", "Die Schlusszeichnung steht schon in der Verfügung.")
        if kind == PointKind.CO_SIGN and PointKind.SIGN in kinds[:index]:
            yield PointProblem(index, "kind", "Mitgezeichnet wird vor der Schlusszeichnung.")
        if kind == PointKind.FILE and index < len(kinds) - 1:
            yield PointProblem(index, "kind", "Nach „z.d.A.“ folgt kein Punkt mehr.")
    if not kinds or kinds[-1] not in (PointKind.FILE, PointKind.FOLLOW_UP):
        sentence = "Der letzte Punkt sagt, was mit der Akte geschieht: Wv. mit Tag oder z.d.A."
        yield PointProblem(max(len(kinds) - 1, 0), "kind", sentence)


def usual_days(calendar: Calendar, closure_on: date | None, today: date) -> tuple[date, date]:
    """Until when the unit has its say, and the Wiedervorlage of the KRM one Arbeitstag before closure (GERA-19).

    Both are Arbeitstage after `today`, also where the closure is near, past or without a date.
    """
    earliest = next_working_day(calendar, today)
    if closure_on is None:
        return earliest, next_working_day(calendar, earliest)
    answer_on = max(due_backward(calendar, closure_on, TIME_TO_ANSWER).due_on, earliest)
    return answer_on, max(previous_working_day(calendar, closure_on), earliest)


def gets_lgf_copy(parameters: Parameters, numbers_upwards: Sequence[str]) -> bool:
    """Whether the LGF is told of what is directed to a unit, by its number and those above it (K19, PAN-21)."""
    return not set(parameters.first_stop.lgf_copy_units).isdisjoint(numbers_upwards)


def signature_levels(parameters: Parameters, kind: Kind, *, against_management: bool) -> tuple[Role, ...]:
    """The roles a Verfügung may name for the final letter: what K21 and K7 allow (PAN-7, PAN-23, GERA-26)."""
    allowed = {}
    for level in parameters.signature.final_letter:
        matter = Matter(LetterKind.FINAL, kind, against_management=against_management, level=level)
        allowed |= dict.fromkeys(who_signs(parameters, matter))
    return tuple(allowed)


@dataclass(frozen=True)
class ProposalFacts:
    """What a new Verfügung is proposed from. `unit_ids` are the units concerned, the one with Federführung first.

    `copy_to` are people who get a copy, `dismissed_to` is where a complaint against the Geschäftsführung goes.
    """

    summary: str
    kind: Kind
    unit_ids: tuple[int, ...]
    answer_on: date
    look_again_on: date
    file_reference: str
    copy_to: tuple[int, ...] = ()
    has_answer: bool = True
    dismissed_to: str = ""


def proposed_points(facts: ProposalFacts) -> tuple[PointData, ...]:
    """The points of a new Verfügung in the order of the sheet (B5); all of them may be changed before it is issued."""
    points = [PointData(PointKind.NOTE, facts.summary)]
    if facts.dismissed_to:
        points.append(PointData(PointKind.LETTER, f"Vorlage an: {facts.dismissed_to}"))
    points += _unit_points(facts)
    points += [PointData(PointKind.COPY, LGF_COPY, person_id=user_id) for user_id in facts.copy_to]
    if facts.has_answer:
        points += [PointData(PointKind.CO_SIGN, "Abschlussschreiben", unit_id=unit) for unit in facts.unit_ids[1:]]
        points.append(PointData(PointKind.SIGN, "Abschlussschreiben m. d. B. u. Schlusszeichnung"))
    points.append(PointData(PointKind.FOLLOW_UP, "Rücklauf und Abschluss prüfen", due_on=facts.look_again_on))
    points.append(PointData(PointKind.FILE, facts.file_reference))
    return tuple(points)


def _unit_points(facts: ProposalFacts) -> list[PointData]:
    """Praise is taken note of, a suggestion is dealt with, everything else is answered by a statement first."""
    if facts.kind == Kind.PRAISE:
        return [PointData(PointKind.COPY, "Lob zur Kenntnis", unit_id=unit) for unit in facts.unit_ids]
    if facts.kind == Kind.SUGGESTION:
        text = "Anregung prüfen und dem KRM das Ergebnis mitteilen"
        return [PointData(PointKind.HANDLE, text, unit_id=u, due_on=facts.answer_on) for u in facts.unit_ids]
    text = "Bitte zum Vorbringen Stellung nehmen."
    lead = f"Federführung: {text} Die Beiträge der übrigen Einheiten zusammenführen." if facts.unit_ids[1:] else text
    texts = [lead] + [text] * (len(facts.unit_ids) - 1)
    return [
        PointData(PointKind.STATEMENT, words, unit_id=unit, due_on=facts.answer_on)
        for words, unit in zip(texts, facts.unit_ids, strict=False)
    ]


def issued_by(parameters: Parameters, channel: Channel, *, must_present: bool) -> Role:
    """Who signs the Verfügung: the Geschäftsführung where K19 names it after the KRM or the case is vorlagepflichtig.

    Where it stands before the KRM it has seen the reaction already, and the KRM directs (GERA-17, PAN-20, PAN-26).
    """
    stops = parameters.first_stop.stops_for(channel)
    after_krm = stops[stops.index(Role.KRM_OFFICER) + 1 :] if Role.KRM_OFFICER in stops else ()
    return Role.MANAGEMENT if must_present or Role.MANAGEMENT in after_krm else Role.KRM_OFFICER


def owed_by_management(parameters: Parameters, kind: Kind, channel: Channel) -> bool:
    """Whether the Geschäftsführung issues a Verfügung before such a case ends (K19, PAN-20, PAN-28).

    Praise reaches it on a way of its own (K14).
    """
    must_present = must_present_today(parameters, kind)
    return kind != Kind.PRAISE and issued_by(parameters, channel, must_present=must_present) == Role.MANAGEMENT


def seen_first_by_management(parameters: Parameters, channel: Channel) -> bool:
    """Whether the Geschäftsführung takes note of a reaction before the KRM works on it (K19, GERA-17)."""
    stops = parameters.first_stop.stops_for(channel)
    return bool(stops) and stops[0] == Role.MANAGEMENT
