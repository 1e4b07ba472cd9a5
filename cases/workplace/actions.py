"""Correcting what was registered; whoever saves second is shown the differences and loses nothing."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Field, Model

from cases.deadlines.actions.ending import cancel
from cases.handling.reading.conduct import BY_JUDGEMENT, why_not_retype
from cases.intake.actions.presentation import follow_kind
from cases.intake.actions.register import NO_SUBJECT, set_deadline, why_no_conduct_case
from cases.lookup import case_calendar
from cases.models import Case, Deadline, Person
from cases.permissions import FOREIGN_UNIT
from cases.recording import locked, record, refresh_next_due, save
from cases.rules.deadlines import DeadlineKind, Intake, plan
from cases.rules.intake import date_problems
from cases.rules.kinds import Channel, Kind
from cases.rules.lifecycle import Status
from cases.rules.registration import PersonData, search_name
from cases.unit_of_work import action
from cases.wording import correct_wording
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.queries import Actor
from offices.roles import Permission

NO_NAME = "Bitte einen Nachnamen oder eine Organisation angeben."
CASE_FIELDS = ("subject", "text", "kind", "legal_area", "written_on", "unit", "wants_acknowledgement")
PERSON_FIELDS = tuple(field.name for field in fields(PersonData))
PREFIXES = {"person": Person.Capacity.COMPLAINANT, "representative": Person.Capacity.REPRESENTATIVE}


@action
def edit_case(
    *, by: Actor, case: Case, expected_version: int, changes: Mapping[str, Any], correction_reason: str = ""
) -> Case:
    """Save `changes`: names of CASE_FIELDS, and of PERSON_FIELDS as `person_<name>` or `representative_<name>`.

    ChangedMeanwhile with label -> (stored, submitted) when somebody saved after `expected_version`; nothing is
    written then. A Bevollmächtigte/r appears with the first value and goes with the last. Another kind waits for a
    judgement of its own. Another wording is a further version, for which `correction_reason` says why. NotAllowed for
    other fields (the Eingang never changes), for what registering would refuse, at `kind` as conduct.why_not_retype
    says, and at `correction_reason` where it is missing.
    """
    case = locked(case, by=by, permission=Permission.EDIT)
    persons = {person.capacity: person for person in case.persons.select_for_update(no_key=True)}
    changed = _changed(case, persons, changes)
    if not changed:
        return case
    if case.version != expected_version:
        raise ChangedMeanwhile({label: words for label, words in changed.values()}, case.version)
    _check(case, persons, {key: changes[key] for key in changed}, by)
    version = correct_wording(case, changes["text"], reason=correction_reason, by=by) if "text" in changed else None
    for key in changed:
        if key in CASE_FIELDS and key != "text":
            setattr(case, key, changes[key])
    if "kind" in changed:
        case.judged_on = case.judged_by = None
    for prefix, capacity in PREFIXES.items():
        _save_person(case, persons.get(capacity), prefix, capacity, {k: changes[k] for k in changed})
    save(case)
    said = partial(record, by=by, permission=Permission.EDIT, office_id=case.office_id, case=case)
    if version:
        said("case.wording_corrected", number=version)
    if labels := [label for key, (label, _) in changed.items() if key != "text"]:
        said("case.edited", fields=", ".join(labels))
    if "kind" in changed:
        follow_kind(case, on=by.today, by=by)
    if "wants_acknowledgement" in changed:
        _follow_wish(case, by)
    return case


def _changed(
    case: Case, persons: Mapping[str, Person], changes: Mapping[str, Any]
) -> dict[str, tuple[str, tuple[str, str]]]:
    """Key -> label and (stored, submitted) in words, for every submitted value that is not the stored one."""
    found = {}
    for key, value in changes.items():
        owner, field, prefix = _place(case, persons, key)
        stored = getattr(owner, field.name)
        if plain(stored) != plain(value):
            label = f"{prefix}{field.verbose_name}"
            found[key] = label, (in_words(field, stored), in_words(field, value))
    return found


def _place(case: Case, persons: Mapping[str, Person], key: str) -> tuple[Model, Field, str]:
    if key in CASE_FIELDS:
        return case, Case._meta.get_field(key), ""
    prefix, _, name = key.partition("_")
    if prefix not in PREFIXES or name not in PERSON_FIELDS:
        raise NotAllowed("Diese Angabe wird nach der Erfassung nicht mehr geändert.")
    capacity = PREFIXES[prefix]
    words = "Bevollmächtigte/r: " if prefix == "representative" else ""
    return persons.get(capacity) or Person(capacity=capacity), Person._meta.get_field(name), words


def plain(value: Any) -> Any:
    """Text without the line ends of browsers and blanks around it, so that re-sending a page changes nothing."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def in_words(field: Field, value: Any) -> str:
    """A value as the page shows it."""
    if value in (None, ""):
        return "(leer)"
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return str(dict(field.flatchoices).get(value, value))


def _check(case: Case, persons: Mapping[str, Person], changed: Mapping[str, Any], by: Actor) -> None:
    if "subject" in changed and not changed["subject"].strip():
        raise NotAllowed(NO_SUBJECT)
    if "text" in changed and not changed["text"].strip():
        raise NotAllowed("Der Wortlaut oder die Gesprächsnotiz fehlt.")
    if "written_on" in changed:
        problems = date_problems(
            written_on=changed["written_on"],
            received_on=case.received_on,
            reached_krm_on=case.reached_krm_on,
            today=max(case.reached_krm_on, case.received_on),
        )
        if problems:
            raise NotAllowed(next(iter(problems.values())))
    _check_unit(case, changed)
    if "kind" in changed and (reason := why_not_retype(by, case)):
        raise NotAllowed(reason, "kind")
    if changed.get("kind") == Kind.CONDUCT_COMPLAINT:
        registered = case.rule_set.parameters.conduct_complaint.registered
        why = BY_JUDGEMENT if registered else why_no_conduct_case(case.rule_set, case.against_management)
        raise NotAllowed(why, "kind")
    if Person.Capacity.COMPLAINANT not in persons and any(key.startswith(tuple(PREFIXES)) for key in changed):
        raise NotAllowed("Der Vorgang ist ohne Person erfasst; Name und Anschrift werden nicht nachgetragen.")


def _check_unit(case: Case, changed: Mapping[str, Any]) -> None:
    if "unit" not in changed:
        return
    if case.status == Status.WITH_UNIT:
        raise NotAllowed("Der Vorgang liegt beim Fachbereich; eine andere Einheit bekommt ihn durch Übergabe.")
    unit = changed["unit"]
    if unit and unit.office_id != case.office_id:
        raise NotAllowed(FOREIGN_UNIT)


def _save_person(
    case: Case, person: Person | None, prefix: str, capacity: Person.Capacity, changed: Mapping[str, Any]
) -> None:
    values = {key.removeprefix(f"{prefix}_"): value for key, value in changed.items() if key.startswith(f"{prefix}_")}
    if not values:
        return
    person = person or Person(case=case, capacity=capacity)
    for name, value in values.items():
        setattr(person, name, value)
    keeps_name = capacity == Person.Capacity.COMPLAINANT and not {"last_name", "organisation"} & values.keys()
    if person.last_name or person.organisation or keeps_name:
        person.search_name = search_name(person.last_name, person.first_name, person.organisation)
        person.save()
    elif capacity == Person.Capacity.REPRESENTATIVE and not any(getattr(person, name) for name in PERSON_FIELDS):
        person.delete()
    else:
        raise NotAllowed(NO_NAME)


def _follow_wish(case: Case, by: Actor) -> None:
    """Where the rule set leaves the acknowledgement to the wish, its deadline comes and goes with it (K1, B1-10)."""
    intake = Intake(
        kind=Kind(case.kind),
        channel=Channel(case.channel),
        received_on=case.received_on,
        is_anonymous=case.is_anonymous,
        wants_acknowledgement=case.wants_acknowledgement,
    )
    planned = plan(case.rule_set.parameters, intake, case_calendar(case))
    owed = next((p for p in planned if p.kind == DeadlineKind.ACKNOWLEDGEMENT), None)
    if owed is None:
        cancel(case, by=by, kinds=[Deadline.Kind.ACKNOWLEDGEMENT])
    else:
        rows = case.deadlines.filter(round=case.round, kind=Deadline.Kind.ACKNOWLEDGEMENT)
        if not rows.exists():
            set_deadline(case, owed, by=by)
        elif rows.filter(cancelled_on__isnull=False).update(cancelled_on=None):
            _record_return(case, rows.get(), by)
    refresh_next_due(case)
    case.save(update_fields=["next_due_on"])


def _record_return(case: Case, deadline: Deadline, by: Actor) -> None:
    kind, due_on = deadline.get_kind_display(), deadline.due_on.isoformat()
    record("deadline.set", by=by, office_id=case.office_id, case=case, kind=kind, due_on=due_on)
