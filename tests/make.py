"""Walks cases to a state through the actions, so that no test invents a case that could not exist."""

from datetime import date

from cases.closing.actions import close
from cases.intake.actions.register import register
from cases.letters.actions.writing import dispatch_letter, draft_letter, edit_letter
from cases.models import Case, Letter, Notice, Topic, Transfer
from cases.rules.kinds import Channel, Outcome, Settlement
from cases.rules.registration import ConcernData, PersonData, Registration
from cases.signing.reading.signers import directive_of
from cases.transfers.actions.triage import hand_over
from cases.transfers.reading.receivers import receivers, usual_day, usual_receiver
from krm.demo.letters import directed, seen_first, signed
from offices.models import Office
from offices.queries import Actor
from tests.cast import TODAY

ANSWER = "vielen Dank für Ihre Nachricht. Ihr Antrag ist inzwischen bewilligt."

PERSON = PersonData(
    salutation="ms",
    first_name="Erika",
    last_name="Öztürk-Groß",
    street="Lindenstraße 7",
    postcode="13187",
    city="Berlin",
)


def registration(office: Office, **changes) -> Registration:
    """An ordinary written complaint with one concern; `changes` are fields of Registration."""
    topic = Topic.objects.filter(office=office).order_by("pk")[0]
    values = {
        "subject": "Lange Bearbeitung des Weiterbewilligungsantrags",
        "text": "Seit sechs Wochen höre ich nichts zu meinem Antrag.",
        "received_on": TODAY,
        "reached_krm_on": TODAY,
        "person": PERSON,
        "concerns": (ConcernData(nature=topic.nature, topic_id=topic.pk),),
    } | changes
    return Registration(**values)


def case(by: Actor, *, received_on: date | None = None, **changes) -> Case:
    """A registered case of the acting person's office."""
    office = Office.objects.get(pk=min(by.office_ids()))
    if received_on:
        changes |= {"received_on": received_on, "reached_krm_on": changes.get("reached_krm_on", received_on)}
    return register(by=by, office=office, registration=registration(office, **changes))


def nothing_asked() -> None:
    """As if everybody had been told before of what they were asked; what comes then is about deadlines."""
    Notice.objects.filter(assignment__isnull=False).delete()


def seen(by: Actor, **changes) -> Case:
    """A case that waits for nothing from the Geschäftsführung: it came by e-mail, and they took note of it (K19)."""
    made = case(by, **({"channel": Channel.EMAIL} | changes))
    seen_first(made, by.today)
    return made


def handed_over(by: Actor, transfer: Transfer, way: str = "Hauspost") -> Transfer:
    """An Abgabe handed over to whom the rules give it, in the house to the person and until the day proposed."""
    candidates = receivers(transfer, by.today)
    receiver = usual_receiver(transfer, candidates, by.today) or candidates.first()
    due_on = usual_day(transfer, by.today) if receiver else None
    return hand_over(by=by, transfer=transfer, way=way, receiver=receiver, due_on=due_on)


def answer(by: Actor, case: Case, **changes) -> Letter:
    """The draft of the final letter, ready for signature, with the Verfügung that has to name who signs."""
    letter = draft_letter(by=by, case=case, kind=Letter.Kind.FINAL)
    if case.rule_set.parameters.signature.final_by_directive and directive_of(letter) is None:
        directed(by, case)
    changes = {"body": ANSWER, "consulted": True} | changes
    return edit_letter(by=by, letter=letter, expected_version=letter.version, **changes)


def answered(by: Actor, case: Case, *, on: date | None = None) -> Letter:
    """The final letter, signed and sent on `on`, by default today."""
    letter = signed(by, answer(by, case), dated_on=on)
    return dispatch_letter(by=by, letter=letter, sent_on=on or by.today, way=Letter.Way.POST)


def closed(by: Actor, answered: Case) -> Case:
    """An answered case, closed."""
    return close(
        by=by,
        case=answered,
        outcome=Outcome.PARTLY_UPHELD,
        outcome_reason="Die Bearbeitung hat zu lange gedauert.",
        settlement=Settlement.LETTER,
        concern_outcomes={},
    )
