"""What was split off for the Datenschutz: what the DPO sees of it, who answers, who takes part (K11; PAN-11)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from cases.apart import kept_out_of_transfer
from cases.letters.reading.paper import WHO_ANSWERS_DATA_PROTECTION, check_on_transfer
from cases.models import Letter, Transfer
from cases.rules.triage import Reason
from cases.visibility import desk_offices, dpo_offices
from offices.errors import NotAllowed
from offices.models import User
from offices.queries import Actor, memberships_on
from offices.roles import Permission
from offices.rules.parameters import Parameters

NOT_HANDED_OVER = "Bitte zuerst die Abgabe vermerken."


@dataclass(frozen=True)
class DpoRow:
    """One matter in the hands of the DPO, with how far the answer is."""

    transfer: Transfer
    answer: Letter | None

    @property
    def is_answered(self) -> bool:
        return self.answer is not None and self.answer.sent_on is not None

    @property
    def state(self) -> str:
        return f"Antwort: {self.answer.state}" if self.answer else "noch keine Antwort"


def transfers_for_dpo(actor: Actor) -> list[DpoRow]:
    """What was handed to the Datenschutz of the offices in which the actor is DPO; the longest waiting first."""
    found = (
        Transfer.objects.visible_to(actor)
        .filter(reason=Reason.DATA_PROTECTION, handed_over_at__isnull=False, office__in=dpo_offices(actor))
        .prefetch_related("letters")
        .order_by("handed_over_at", "pk")
    )
    return [DpoRow(transfer, answer_of(transfer)) for transfer in found]


def has_list(actor: Actor) -> bool:
    """Whether the page of the Abgaben is there for this person: at the desk or as DPO."""
    return bool(desk_offices(actor) or dpo_offices(actor))


def answer_of(transfer: Transfer) -> Letter | None:
    return next((x for x in transfer.letters.all() if x.kind == Letter.Kind.DATA_PROTECTION), None)


def taking_part(parameters: Parameters) -> str:
    """Who has a part in it beside the recipient: „Beteiligt: Teamleitung. Schlusszeichnung: Geschäftsführung.“"""
    rule = parameters.data_protection
    involved = ", ".join(role.label for role in rule.involves)
    parts = [f"Beteiligt: {involved}." if involved else ""]
    parts.append(f"Schlusszeichnung: {rule.signed_by.label}." if rule.signed_by else "")
    return " ".join(part for part in parts if part)


def why_may_not_answer(actor: Actor, transfer: Transfer) -> str | None:
    """The sentence why this person does not write the answer; the DPO and the KRM do, once it was handed over."""
    if transfer.handed_over_at is None:
        return NOT_HANDED_OVER
    if transfer.office_id not in dpo_offices(actor) and not actor.may(Permission.TRIAGE, transfer.office_id):
        return WHO_ANSWERS_DATA_PROTECTION
    try:
        check_on_transfer(actor, Permission.WRITE_LETTERS, transfer, Letter.Kind.DATA_PROTECTION)
    except NotAllowed as refusal:
        return refusal.reason
    return None


def why_may_not_ask(actor: Actor, transfer: Transfer) -> str | None:
    """The sentence why this person asks nobody to take part in the answer; the DPO and the KRM do (K11)."""
    if transfer.handed_over_at is None:
        return NOT_HANDED_OVER
    if transfer.office_id in dpo_offices(actor) or actor.may(Permission.TRIAGE, transfer.office_id):
        return None
    return "Beteiligt wird von der oder dem Datenschutzbeauftragten oder vom KRM."


def leads_to_ask(transfer: Transfer, today: date) -> QuerySet[User]:
    """Who holds a role that K11 involves, with the number of the unit; nobody kept out of the case (B4-8, PAN-7)."""
    roles = transfer.rule_set.parameters.data_protection.involves
    seats = memberships_on(today).filter(office=transfer.office_id, role__in=roles)
    number = seats.filter(user=OuterRef("pk")).values("unit__number")
    found = User.objects.filter(pk__in=seats.values("user")).exclude(pk__in=kept_out_of_transfer(transfer, today))
    return found.annotate(unit_number=Subquery(number[:1])).order_by("last_name", "first_name")
