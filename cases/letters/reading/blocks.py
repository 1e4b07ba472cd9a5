"""Text blocks at work: which ones a letter is offered, and what their placeholders say in it."""

from datetime import date

from django.db.models import Q, QuerySet

from cases.letters.reading.paper import addressee
from cases.lookup import is_paused
from cases.models import Case, Deadline, Letter, Person, TextBlock, Transfer
from cases.rules.letter_texts import salutation
from cases.rules.retention import file_reference


def blocks_for(letter: Letter) -> QuerySet[TextBlock]:
    """The blocks of the letter's office for its kind, or for all kinds; retired ones are not offered."""
    office_id = (letter.case or letter.transfer).office_id
    return TextBlock.objects.filter(Q(kind="") | Q(kind=letter.kind), office=office_id, is_active=True)


def values_for(letter: Letter, today: date) -> dict[str, str]:
    """What each placeholder says in this letter; empty where it is not known."""
    expected = {"antwort_bis": f"{letter.expected_on:%d.%m.%Y}"} if letter.expected_on else {}
    return values_of(letter.case or letter.transfer, today, letter.contact_name, letter.contact_phone) | {
        "anrede": letter.salutation,
        **expected,
    }


def values_of(matter: Case | Transfer, today: date, contact_name: str, contact_phone: str) -> dict[str, str]:
    """The same for a case or an Abgabe to which no letter has been drafted yet."""
    person, case = addressee(matter), matter if isinstance(matter, Case) else None
    closures = case.deadlines.open().filter(round=case.round, kind=Deadline.Kind.CLOSURE) if case else None
    closure = closures.first() if closures is not None else None
    can_be_promised = closure and closure.due_on >= today and not is_paused(case)
    return {
        "anrede": _salutation(person),
        "name": f"{person.first_name} {person.last_name}".strip() if person else "",
        "vorgangsnummer": matter.reference,
        "aktenzeichen": _file_reference(case) if case else matter.reference,
        "eingang": _in_words(matter.received_on),
        "schreiben_vom": _in_words(matter.written_on),
        "betreff": matter.subject,
        "frist_abschluss": _in_words(closure.due_on if closure else None),
        "antwort_bis": _in_words(closure.due_on if can_be_promised else None),
        "ansprechperson": contact_name,
        "durchwahl": contact_phone,
        "einheit": str(case.unit) if case and case.unit else "",
        "dienststelle": matter.office.name,
        "heute": _in_words(today),
    }


def _salutation(person: Person | None) -> str:
    if person is None:
        return ""
    title = person.get_salutation_display() if person.salutation else ""
    return salutation(title, person.first_name, person.last_name)


def _file_reference(case: Case) -> str:
    return file_reference(case.rule_set.parameters.file_plan, case.kind, case.reference, is_card=case.is_card)


def _in_words(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""
