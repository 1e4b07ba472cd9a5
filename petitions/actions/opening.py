"""A case becomes a petition: what is known about it, what it is linked to, and who learns of it at once."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.utils import timezone

from cases.asking import ask
from cases.documents import add_file
from cases.intake.actions.register import register
from cases.models import Case, Document
from cases.permissions import check_may, why_not_ask
from cases.recording import locked, record, save
from cases.rules.assignments import AssignmentKind
from cases.rules.kinds import Kind
from cases.rules.registration import Registration, UploadedFile
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.models import Office, User
from offices.queries import Actor
from offices.roles import Permission, Role
from petitions.actions.requests import add_request
from petitions.holding import held_petition
from petitions.models import Petition
from petitions.reading.people import usual_people
from petitions.rules.requests import IMMEDIATE, PetitionData, RequestData

NEW = "neue Petition"


@action
def open_petition(
    *,
    by: Actor,
    case: Case,
    data: PetitionData,
    power_of_attorney: Document | None = None,
    repeats: Petition | None = None,
    joined_to: Petition | None = None,
    first: RequestData | None = None,
    file: UploadedFile | None = None,
) -> Petition:
    """The shell around a registered Petition or Eingabe, with the `first` request where it is known, its letter as
    `file`; others follow by `add_request` (GER-8, PAN-6).

    A Sofortsache is before the Geschäftsführung and the Bereichsleitung the same day (GER-25, PAN-28). NotAllowed for
    another kind of case, one that is a petition already, impossible data, and links out of sight or in a circle.
    """
    case = locked(case, by=by, permission=Permission.TRIAGE)
    petition = _open(case, data, by=by, power_of_attorney=power_of_attorney, repeats=repeats, joined_to=joined_to)
    if first:
        add_request(by=by, petition=petition, data=first, file=file)
    return petition


@action
def register_petition(
    *,
    by: Actor,
    office: Office,
    registration: Registration,
    data: PetitionData,
    power_of_attorney: UploadedFile | None = None,
    repeats: Petition | None = None,
    joined_to: Petition | None = None,
) -> Petition:
    """The same with the registering of its case; all of it or nothing."""
    case = register(by=by, office=office, registration=registration)
    check_may(by, Permission.TRIAGE, case)
    paper = add_file(power_of_attorney, by=by, case=case) if power_of_attorney else None
    return _open(case, data, by=by, power_of_attorney=paper, repeats=repeats, joined_to=joined_to)


def _open(case: Case, data: PetitionData, *, by: Actor, **links: Any) -> Petition:
    if case.kind not in (Kind.PETITION, Kind.SUBMISSION):
        raise NotAllowed("Nur eine Petition oder Eingabe geht den Berichtsweg; bitte zuerst die Art ändern (GER-8).")
    if Petition.objects.filter(case=case).exists():
        raise NotAllowed("Der Vorgang wird schon als Petition geführt.")
    petition = Petition(case=case, opened_at=timezone.now(), opened_by_id=by.user_id)
    _set(petition, data, by=by, **links)
    petition.save()
    record(
        "petition.opened",
        by=by,
        permission=Permission.TRIAGE,
        office_id=case.office_id,
        case=case,
        kind=case.get_kind_display(),
        requester=petition.get_requester_display(),
    )
    _tell_at_once(petition, by)
    save(case)
    return petition


@action
def edit_petition(
    *,
    by: Actor,
    petition: Petition,
    data: PetitionData,
    power_of_attorney: Document | None = None,
    repeats: Petition | None = None,
    joined_to: Petition | None = None,
) -> Petition:
    """Corrects what is known; a chain that runs keeps its plan until it is planned anew (`replan`)."""
    case, current = held_petition(petition, by=by, permission=Permission.TRIAGE)
    before = _values(current)
    _set(current, data, by=by, power_of_attorney=power_of_attorney, repeats=repeats, joined_to=joined_to)
    changed = [name for name, value in _values(current).items() if value != before[name]]
    if not changed:
        return current
    current.save()
    record(
        "petition.edited",
        by=by,
        permission=Permission.TRIAGE,
        office_id=case.office_id,
        case=case,
        fields=[str(field.verbose_name) for field in Petition._meta.concrete_fields if field.attname in changed],
    )
    save(case)
    return current


def _values(petition: Petition) -> dict[str, Any]:
    return {field.attname: getattr(petition, field.attname) for field in Petition._meta.concrete_fields}


def _set(
    petition: Petition,
    data: PetitionData,
    *,
    by: Actor,
    power_of_attorney: Document | None = None,
    repeats: Petition | None = None,
    joined_to: Petition | None = None,
) -> None:
    if problem := next(iter(data.problems()), None):
        field, sentence = problem
        raise NotAllowed(sentence, field)
    for link, name in ((repeats, "repeats"), (joined_to, "joined_to")):
        if link and (link.pk == petition.pk or not Petition.objects.visible_to(by).filter(pk=link.pk).exists()):
            raise NotAllowed("Diese Petition gibt es nicht.", name)
    if joined_to and joined_to.joined_to_id:
        raise NotAllowed(f"Sie ist selbst verbunden mit „{joined_to.joined_to}“; bitte diese wählen.", "joined_to")
    if joined_to and petition.pk and petition.joined.exists():
        raise NotAllowed("Mit dieser Petition sind andere verbunden; sie bleibt die führende.", "joined_to")
    if power_of_attorney and power_of_attorney.case_id != petition.case_id:
        raise NotAllowed("Die Vollmacht liegt nicht bei diesem Vorgang.", "power_of_attorney")
    for name, value in asdict(data).items():
        setattr(petition, name, [str(part) for part in value] if name == "parts" else value)
    petition.power_of_attorney, petition.repeats, petition.joined_to = power_of_attorney, repeats, joined_to


def _tell_at_once(petition: Petition, by: Actor) -> None:
    """The Geschäftsführung and the Bereichsleitung; a Sofortsache until the end of the day (GER-25, PAN-28)."""
    case = petition.case
    people: Iterable[User] = (
        user for desk in (Role.MANAGEMENT, Role.DIVISION_LEAD) for user in usual_people(case, desk, by.today)
    )
    for user in dict.fromkeys(people):
        if user.pk != by.user_id and not why_not_ask(case, user, by.today):
            task, due_on = (IMMEDIATE, by.today) if petition.is_immediate else (NEW, None)
            ask(case, AssignmentKind.TAKE_NOTE, user, by=by, task=task, due_on=due_on)
