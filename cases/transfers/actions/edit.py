"""Completing what was entered as Kein KRM: the Bescheid, where it goes, the address for the Abgabenachricht."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Model

from cases.lookup import office_calendar
from cases.models import Person, Transfer
from cases.permissions import check_may_in
from cases.recording import locked_transfer, record
from cases.rules.registration import PersonData, search_name
from cases.rules.transfers import transfer_problems
from cases.rules.triage import Reason, objection_period
from cases.unit_of_work import action
from cases.wording import correct_wording
from cases.workplace.actions import NO_NAME, in_words, plain
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.queries import Actor
from offices.roles import Permission

MATTER_FIELDS = ("reason", "recipient", "decision_on", "written_on", "subject", "text")
PERSON_FIELDS = tuple(field.name for field in fields(PersonData))


@action
def edit_transfer(
    *, by: Actor, transfer: Transfer, expected_version: int, changes: Mapping[str, Any], correction_reason: str = ""
) -> Transfer:
    """Save `changes` by names of MATTER_FIELDS and PERSON_FIELDS; a Widerspruchsfrist is computed anew (B3-13).

    Once the matter has left, only the person can be completed: the Beleg proves the rest. Another wording is a
    further version; NotAllowed at `correction_reason` where that does not say why. ChangedMeanwhile with
    label -> (stored, submitted) when somebody saved after `expected_version`; nothing is written then.
    """
    current = locked_transfer(transfer, by=by)
    check_may_in(by, Permission.TRIAGE, current.office_id)
    person = current.persons.filter(capacity=Person.Capacity.COMPLAINANT).first() or Person(transfer=current)
    changed = _changed(current, person, changes)
    if not changed:
        return current
    if current.version != expected_version:
        raise ChangedMeanwhile({label: words for label, words in changed.values()}, current.version)
    if current.handed_over_at and changed.keys() & set(MATTER_FIELDS):
        raise NotAllowed(f"{current.reference} ist schon abgegeben; ergänzt wird nur noch die Person.")
    if current.case and Reason.AGAINST_MANAGEMENT in (changes.get("reason"), current.reason) and "reason" in changed:
        raise NotAllowed("Gegen die Geschäftsführung bitte am Vorgang abgeben: Dort endet der Zugriff der Leitung.")
    version = correct_wording(current, changes["text"], reason=correction_reason, by=by) if "text" in changed else None
    _save_matter(current, {name: changes[name] for name in MATTER_FIELDS if name in changed}, by)
    _save_person(person, {name: changes[name] for name in PERSON_FIELDS if name in changed})
    current.version += 1
    current.save(update_fields=["version"])
    said = partial(
        record, by=by, permission=Permission.TRIAGE, office_id=current.office_id, case=current.case, transfer=current
    )
    if version:
        said("transfer.wording_corrected", number=version)
    if labels := [label for name, (label, _) in changed.items() if name != "text"]:
        said("transfer.edited", fields=", ".join(labels))
    return current


def _changed(transfer: Transfer, person: Person, changes: Mapping[str, Any]) -> dict[str, tuple[str, tuple[str, str]]]:
    """Name -> label and (stored, submitted) in words, for every submitted value that is not the stored one."""
    found = {}
    for name, value in changes.items():
        owner: Model = transfer if name in MATTER_FIELDS else person
        field: Any = owner._meta.get_field(name)
        stored = getattr(owner, name)
        if plain(stored or "") != plain(value or ""):
            found[name] = field.verbose_name, (in_words(field, stored), in_words(field, value))
    return found


def _save_matter(transfer: Transfer, values: Mapping[str, Any], by: Actor) -> None:
    if not values:
        return
    for name, value in values.items():
        setattr(transfer, name, value)
    problems = transfer_problems(
        written_on=transfer.written_on,
        received_on=transfer.received_on,
        decision_on=transfer.decision_on,
        today=by.today,
    )
    if problems:
        raise NotAllowed(next(iter(problems.values())))
    if not transfer.subject.strip() or not transfer.recipient.strip():
        raise NotAllowed("Betreff und Empfänger gehören zu jeder Abgabe.")
    if transfer.reason != Reason.OBJECTION:
        transfer.decision_on = None  # a Bescheid matters for a Widerspruch only
    transfer.objection_until = _objection_until(transfer)
    transfer.save(update_fields=[*MATTER_FIELDS, "objection_until"])


def _objection_until(transfer: Transfer) -> date | None:
    if transfer.decision_on is None:
        return None
    calendar = office_calendar(transfer.office)
    return objection_period(transfer.decision_on, calendar).ends_on


def _save_person(person: Person, values: Mapping[str, Any]) -> None:
    if not values:
        return
    for name, value in values.items():
        setattr(person, name, value)
    if not (person.last_name or person.organisation):
        raise NotAllowed(NO_NAME)
    person.search_name = search_name(person.last_name, person.first_name, person.organisation)
    person.save()
