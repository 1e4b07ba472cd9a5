"""What a new letter already says: to whom, from whom, whom to call, and the words of its template."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from cases.letters.reading.paper import address_lines, addressee
from cases.lookup import case_calendar, is_paused
from cases.models import Case, Deadline, Letter, Person, Transfer
from cases.rules import letter_texts
from cases.rules.kinds import Channel, Kind
from cases.rules.letter_texts import LetterFacts, LetterText
from cases.rules.triage import Reason
from offices.calendars import due, next_working_day
from offices.errors import NotAllowed
from offices.models import Membership, User
from offices.queries import Actor, Seat
from offices.roles import Permission, Role

TEXTS: dict[Letter.Kind, Callable[[LetterFacts], LetterText]] = {
    Letter.Kind.ACKNOWLEDGEMENT: letter_texts.acknowledgement,
    Letter.Kind.FINAL: letter_texts.final_letter,
    Letter.Kind.INTERIM: letter_texts.interim_letter,
    Letter.Kind.TRANSFER: letter_texts.transfer_letter,
    Letter.Kind.DATA_PROTECTION: letter_texts.data_protection_letter,
}


def prefilled(matter: Case | Transfer, kind: Letter.Kind, *, by: Actor) -> dict[str, str | date | None]:
    """The fields of a new draft; NotAllowed where nobody can be written to or no contact can be named.

    An interim letter proposes the day on which the closure period would end if it began today (GERA-13).
    """
    person = _reachable(matter)
    contact = _contact(by, _seat(by, matter.office_id), matter)
    facts, later = _facts(matter, contact, by.today), None
    if kind == Letter.Kind.INTERIM:
        later = _once_more(matter, by.today)
        facts = replace(facts, expected_on=later)
    text = TEXTS[kind](facts)
    title = person.get_salutation_display() if person.salutation else ""
    return {
        "recipient": "\n".join(address_lines(person)),
        "subject": text.subject,
        "salutation": letter_texts.salutation(title, person.first_name, person.last_name),
        "body": text.body,
        "contact_name": str(contact),
        "contact_phone": contact.phone,
        "expected_on": later,
    }


def _once_more(case: Case, today: date) -> date | None:
    period = case.rule_set.parameters.closure.period_for(Channel(case.channel))
    if period is None:
        return None
    calendar = case_calendar(case)
    end = due(calendar, today, period).due_on
    return end if calendar.is_working_day(end) else next_working_day(calendar, end)


def _reachable(matter: Case | Transfer) -> Person:
    if isinstance(matter, Case) and matter.is_anonymous:
        raise NotAllowed("Die Reaktion ist anonym; es gibt niemanden, dem geschrieben werden kann.")
    person = addressee(matter)
    if person is None:
        raise NotAllowed("Es ist keine Person erfasst, der geschrieben werden kann.")
    if not person.has_address:
        raise NotAllowed(f"Zu „{person}“ fehlt die vollständige Anschrift. Bitte zuerst ergänzen.")
    return person


def _seat(by: Actor, office_id: int) -> Seat | None:
    """The seat somebody writes from: that of the KRM before any other, the own before one held „i. V.“."""
    seats = by.seats_with(Permission.WRITE_LETTERS, office_id)
    return next((s for s in seats if s.role == Role.KRM_OFFICER), seats[0] if seats else None)


def _contact(by: Actor, seat: Seat | None, matter: Case | Transfer) -> User:
    """Whom the reader may call (GER-17): the writer at the KRM or for data protection, else one of the office's KRM."""
    if seat and seat.role in (Role.KRM_OFFICER, Role.DPO) and by.user.phone:
        return by.user
    desk = [m.user for m in _krm_officers(matter.office_id, by.today) if m.user.phone]
    if not desk:
        raise NotAllowed("Zu niemandem im KRM ist eine Telefonnummer hinterlegt; jedes Schreiben nennt eine.")
    handler_id = getattr(matter, "handler_id", None)
    return next((user for user in desk if user.pk == handler_id), desk[0])


def _krm_officers(office_id: int, today: date) -> list[Membership]:
    rows = Membership.objects.filter(office=office_id, role=Role.KRM_OFFICER, from_on__lte=today)
    return [m for m in rows.select_related("user").order_by("pk") if m.until_on is None or m.until_on >= today]


def _facts(matter: Case | Transfer, contact: User, today: date) -> LetterFacts:
    facts = {
        "channel": Channel(matter.channel),
        "received_on": matter.received_on,
        "written_on": matter.written_on,
        "reference": matter.reference,
        "contact_name": str(contact),
        "contact_phone": contact.phone,
    }
    if isinstance(matter, Transfer):
        runs = matter.objection_until if matter.objection_until and matter.objection_until >= today else None
        return LetterFacts(**facts, recipient=matter.recipient, reason=Reason(matter.reason), objection_until_on=runs)
    return LetterFacts(
        **facts,
        kind=Kind(matter.kind),
        expected_on=_expected_on(matter, today),
        against_management=matter.against_management,
    )


def _expected_on(case: Case, today: date) -> date | None:
    """The open end of the closure deadline, as long as it can be promised: not while the case rests, not once past."""
    closure = case.deadlines.open().filter(round=case.round, kind=Deadline.Kind.CLOSURE).first()
    return closure.due_on if closure and closure.due_on >= today and not is_paused(case) else None
