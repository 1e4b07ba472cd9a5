"""The Abgabe-Beleg: the proof that something left the desk, with its original Eingangsdatum."""

from typing import Any

from cases.apart import dienstherr
from cases.letters.reading.paper import addressee, letterhead_of
from cases.models import Case, Event, Letter, Transfer
from cases.rules.triage import Proposal, Reason, propose
from cases.visibility import is_hidden
from offices.errors import NotAllowed
from offices.letterhead import render_sheet
from offices.queries import Actor
from offices.roles import Permission


def rule_of(transfer: Transfer) -> Proposal:
    """What the rule set under which it was registered says about this reason."""
    return propose(Reason(transfer.reason), transfer.rule_set.parameters, dienstherr(transfer.office))


def handed_over_event(transfer: Transfer) -> Event | None:
    codes = ("transfer.handed_over", "transfer.handed_inside")
    return transfer.events.filter(code__in=codes).select_related("by", "for_user").first()


def to_dispatch(actor: Actor) -> list[Letter]:
    """Letters about Abgaben that are signed and have not left, for who notes the dispatch; the oldest first."""
    signed = Letter.objects.filter(issued_at__isnull=False, sent_on__isnull=True)
    seen = Transfer.objects.visible_to(actor).filter(office__in=actor.office_ids(Permission.DISPATCH))
    return list(signed.filter(transfer__in=seen).select_related("transfer").order_by("issued_at", "pk"))


def sees_case(transfer: Transfer, actor: Actor) -> bool:
    """Whether the actor sees the case it came out of."""
    return bool(transfer.case_id) and Case.objects.visible_to(actor).filter(pk=transfer.case_id).exists()


def case_to_name(transfer: Transfer, actor: Actor) -> Case | None:
    """The case it came out of, by its number; of a hidden one nothing tells that there is one (B4-1, PAN-7, K11)."""
    case = transfer.case
    return None if case and is_hidden(case) and not sees_case(transfer, actor) else case


def receipt_context(transfer: Transfer, actor: Actor) -> dict[str, Any]:
    """What the Beleg shows; `event` tells by whom and for whom it was handed over."""
    until_on = transfer.objection_until
    return {
        "letterhead": letterhead_of(transfer.office),
        "title": f"Abgabe-Beleg {transfer.reference}",
        "transfer": transfer,
        "case": case_to_name(transfer, actor),
        "person": addressee(transfer),
        "rule": rule_of(transfer),
        "event": handed_over_event(transfer),
        "keeps_period": until_on is not None and transfer.received_on <= until_on,
    }


def receipt_pdf(transfer: Transfer, actor: Actor) -> bytes:
    """PDF bytes of the Beleg; NotAllowed until the matter has been handed over."""
    if transfer.handed_over_at is None:
        raise NotAllowed("Den Abgabe-Beleg gibt es, sobald die Abgabe vermerkt ist.")
    return render_sheet("letters/transfer_receipt.html", receipt_context(transfer, actor))
