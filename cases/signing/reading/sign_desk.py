"""What the pages of a letter show about its signatures: whom it waits for, who has signed, what somebody may do now."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from cases.closing.reading import why_not_answer
from cases.letters.reading.paper import addressee, visible_letters
from cases.models import Assignment, Deadline, Letter, Signature, Transfer
from cases.rule_lines import RuleLine, line
from cases.rules import signing
from cases.rules.assignments import AssignmentKind
from cases.rules.kinds import Kind
from cases.rules.signing import LetterKind
from cases.signing.reading.signers import (
    author_ids,
    co_signers_by_directive,
    in_words,
    is_agreed_with_specialist,
    lines_of,
    matter_of,
    needs_co_signature,
    open_requests,
    parameters_of,
    seat_to_sign,
    signer_of,
    signer_roles,
    why_may_not_sign,
)
from offices.calendars import WEEKDAYS
from offices.errors import NotAllowed
from offices.queries import Actor


def as_it_will_look(actor: Actor, letter: Letter) -> Letter:
    """The letter, not saved, with the lines under which the actor or somebody in this role would sign."""
    if letter.issued_at is None:
        try:
            seat = seat_to_sign(actor, letter)
            letter.signature = lines_of(actor, seat, letter) if seat else f"({in_words(signer_roles(letter))})"
        except NotAllowed:
            letter.signature = "(Schlusszeichnung)"
    return letter


def rule_of_signing(letter: Letter) -> RuleLine:
    """The rule of the office that says who signs this letter."""
    kind = Kind(letter.case.kind) if letter.case else None
    name = signing.rule_of(LetterKind(letter.kind), kind)
    try:
        words = f"dieses Schreiben zeichnet: {in_words(signer_roles(letter))}"
    except NotAllowed:
        words = "wer dieses Schreiben zeichnet, sagt die Verfügung"
    return line(parameters_of(letter), name, words)


@dataclass(frozen=True)
class Station:
    """One signature, given or still to give; `since_on` since when it waits for `who`."""

    what: str
    who: str
    since_on: date | None = None
    at: datetime | None = None

    @property
    def is_done(self) -> bool:
        return self.at is not None

    @property
    def is_waiting(self) -> bool:
        return self.since_on is not None and self.at is None


def stations(letter: Letter, today: date) -> list[Station]:
    """Co-signatures and the signature in their order: given, asked for, or what will be asked."""
    given = list(letter.signatures.valid().select_related("by", "for_user"))
    found = [_given(s) for s in given if s.kind == Signature.Kind.CO_SIGNATURE]
    found += [_asked("Mitzeichnung", a) for a in open_requests(letter, AssignmentKind.AGREE_LETTER)]
    if letter.state == "Entwurf":
        found = [Station("Mitzeichnung", str(user)) for user in co_signers_by_directive(letter, today)]
        found += [Station("Mitzeichnung", "Fachkraft")] if is_agreed_with_specialist(letter) else []
    final = [_given(s) for s in given if s.kind == Signature.Kind.FINAL]
    final = final or [_asked("Schlusszeichnung", a) for a in open_requests(letter, AssignmentKind.SIGN_LETTER)]
    return found + (final or [Station("Schlusszeichnung", _expected(letter))])


def _given(signature: Signature) -> Station:
    in_place_of = f" (in Vertretung für {signature.for_user})" if signature.for_user else ""
    return Station(signature.get_kind_display(), f"{signature.by}{in_place_of}", at=signature.at)


def _asked(what: str, asked: Assignment) -> Station:
    return Station(what, str(asked.user), since_on=asked.since_on)


def _expected(letter: Letter) -> str:
    try:
        return in_words(signer_roles(letter))
    except NotAllowed as refusal:
        return refusal.reason


@dataclass(frozen=True)
class Choices:
    """What somebody may do with a letter now; `why_not_submit` where nobody could be asked to sign it."""

    may_issue: bool = False
    why_not_submit: str | None = None
    may_co_sign: bool = False
    may_sign: bool = False

    @property
    def may_return(self) -> bool:
        return self.may_co_sign or self.may_sign


def choices(actor: Actor, letter: Letter) -> Choices:
    """For one page: issuing straight from the draft, giving to signature, co-signing, signing."""
    if letter.issued_at:
        return Choices()
    may_sign = why_may_not_sign(actor, letter) is None
    if letter.submitted_at is None:
        why = _why_not_yet(letter) or _why_nobody(letter, actor.today)
        direct = may_sign and not _why_not_yet(letter) and not needs_co_signature(letter, actor.today)
        return Choices(may_issue=direct, why_not_submit=why)
    asked = open_requests(letter, AssignmentKind.AGREE_LETTER)
    mine = any(a.user_id in actor.holder_ids for a in asked) and actor.user_id not in author_ids(letter)
    return Choices(may_co_sign=mine, may_sign=may_sign and not asked)


def _why_not_yet(letter: Letter) -> str | None:
    return why_not_answer(letter.case) if letter.case and letter.kind == Letter.Kind.FINAL else None


def _why_nobody(letter: Letter, today: date) -> str | None:
    try:
        signer_of(letter, today)
    except NotAllowed as refusal:
        return refusal.reason
    return None


def waiting_for(actor: Actor) -> list[Letter]:
    """The letters that wait for the actor, or whom they stand in for, to sign or co-sign; most urgent first."""
    asked = (
        Assignment.objects.open()
        .filter(kind__in=(AssignmentKind.AGREE_LETTER, AssignmentKind.SIGN_LETTER), user__in=actor.holder_ids)
        .filter(letter__in=visible_letters(actor).filter(issued_at__isnull=True, submitted_at__isnull=False))
    )
    rows = asked.order_by(F("due_on").asc(nulls_last=True), "since_on", "pk").values_list("letter", flat=True)
    found = visible_letters(actor).in_bulk(list(rows))
    return [found[pk] for pk in dict.fromkeys(rows)]


def approvals(letter: Letter) -> list[Signature]:
    """Who approved the statements of this round, which the answer stands on."""
    if letter.case is None:
        return []
    approved = Signature.objects.valid().filter(
        kind=Signature.Kind.APPROVAL, statement__case=letter.case, statement__round=letter.round
    )
    return list(approved.select_related("by", "for_user", "statement__unit"))


def in_two_lines(letter: Letter) -> list[tuple[str, str]]:
    """What the letter itself does not say to who only contributes to its case (K18)."""
    matter = matter_of(letter)
    return [("Worum es geht", matter.subject), ("Eingang", _day(matter.received_on))]


def in_five_lines(letter: Letter) -> list[tuple[str, str]]:
    """Label and value: whom it is to, what it is about, when it came and is due, where it lies."""
    matter = matter_of(letter)
    person = addressee(matter)
    lines = [("Von", str(person) if person else "anonym"), ("Worum es geht", matter.subject)]
    if isinstance(matter, Transfer):
        received = _day(matter.received_on)
        return [*lines, ("Grund", matter.get_reason_display()), ("Eingang", received), ("Abgabe an", matter.recipient)]
    case = matter
    closure = case.deadlines.open().filter(round=letter.round, kind=Deadline.Kind.CLOSURE).first()
    due = f", Antwort fällig am {_day(closure.due_on)}" if closure else ""
    topics = ", ".join(str(concern.topic) for concern in case.concerns.select_related("topic"))
    return [
        *lines,
        ("Art und Anliegen", f"{case.get_kind_display()}: {topics}" if topics else case.get_kind_display()),
        ("Eingang", f"{_day(case.received_on)}{due}"),
        ("Zuständig", ", ".join(str(part) for part in (case.unit, case.handler) if part) or "KRM"),
    ]


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()][:2]} {day:%d.%m.%Y}"
