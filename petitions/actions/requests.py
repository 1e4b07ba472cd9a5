"""The requests under the number of a petition: entered, extended, answered without a route, refused."""

from datetime import date

from django.utils import timezone

from cases.documents import add_file
from cases.models import Case, Document
from cases.recording import record, refresh_next_due, save
from cases.rules.registration import UploadedFile
from cases.unit_of_work import action
from offices.calendars import LAST_YEAR
from offices.errors import NotAllowed
from offices.queries import Actor
from offices.roles import Permission
from petitions.actions.dates import keep_outside_date
from petitions.actions.replanning import planned_anew
from petitions.holding import Held, held_petition, held_request
from petitions.models import Petition, Request
from petitions.rules.requests import (
    BEYOND_THE_CALENDAR,
    ENDED,
    FOREIGN_DOCUMENT,
    IN_THE_FUTURE,
    RECEIVED_LATER,
    WRITTEN_LATER,
    RequestData,
    goes_the_route,
)
from petitions.rules.vocabulary import AnswerForm, RequestKind

GOES_THE_ROUTE = "Eine Stellungnahme geht den Berichtsweg; beantwortet ist sie, wenn dort alle fertig sind."


@action
def add_request(
    *,
    by: Actor,
    petition: Petition,
    data: RequestData,
    document: Document | None = None,
    file: UploadedFile | None = None,
) -> Request:
    """What is asked for, with the day the requester names; that day is watched from now on (B2-7).

    `document` is the letter as it is filed with the case, or `file` the letter to be filed. NotAllowed for impossible
    dates, a second first request, and a petition that is answered with another one.
    """
    case, petition = held_petition(petition, by=by, permission=Permission.TRIAGE)
    if problem := next(iter(data.problems(by.today)), None):
        field, sentence = problem
        raise NotAllowed(sentence, field)
    if petition.joined_to_id:
        raise NotAllowed(f"Beantwortet wird sie mit „{petition.joined_to}“; bitte die Anforderung dort eintragen.")
    if data.kind == RequestKind.FIRST and petition.requests.filter(kind=RequestKind.FIRST).exists():
        raise NotAllowed("Die erste Anforderung steht schon da; diese ist eine ergänzende.", "kind")
    _check_document(document, petition)
    request = _create(petition, data, by, _filed(file, case, by) or document)
    record(
        "petition.request_added",
        by=by,
        permission=Permission.TRIAGE,
        office_id=case.office_id,
        case=case,
        request=request.pk,
        kind=request.get_kind_display(),
        dated_on=request.dated_on.isoformat(),
        due_on=request.due_on.isoformat() if request.due_on else None,
    )
    keep_outside_date(request, case, by=by)
    refresh_next_due(case)
    save(case)
    return request


@action
def extend_request(
    *,
    by: Actor,
    request: Request,
    new_due_on: date,
    reason: str,
    dated_on: date,
    received_on: date,
    document: Document | None = None,
    file: UploadedFile | None = None,
) -> Request:
    """An extension granted by who requested, as a request of its own; the former day stays with it (B3-6).

    Where the chain has started its plan is made anew with the later day. NotAllowed for an earlier day and for what
    has ended.
    """
    held = held_request(request, by=by, permission=Permission.EXTEND)
    current = held.request
    old = _check_extension(current, new_due_on, reason)
    if received_on > by.today:
        raise NotAllowed(RECEIVED_LATER, "received_on")
    if dated_on > received_on:
        raise NotAllowed(WRITTEN_LATER, "dated_on")
    _check_document(document, held.petition)
    extension = Request.objects.create(
        petition=held.petition,
        position=held.petition.requests.count() + 1,
        kind=RequestKind.EXTENSION,
        answer_form=current.answer_form,
        dated_on=dated_on,
        received_on=received_on,
        due_on=new_due_on,
        old_due_on=old,
        extends=current,
        text=reason.strip(),
        document=_filed(file, held.case, by) or document,
        entered_at=timezone.now(),
        entered_by_id=by.user_id,
    )
    current.due_on = new_due_on
    current.save(update_fields=["due_on"])
    record(
        "petition.request_extended",
        by=by,
        permission=Permission.EXTEND,
        office_id=held.case.office_id,
        case=held.case,
        request=current.pk,
        old=old.isoformat(),
        new=new_due_on.isoformat(),
    )
    if held.stations:
        planned_anew(held, f"Frist verlängert bis {new_due_on:%d.%m.%Y}", by=by)
    else:
        _kept(held, by)
    return extension


@action
def answer_request(*, by: Actor, request: Request, on: date, note: str) -> Request:
    """A word on the state, files or oral information, given without the stations; `note` says how and by whom.

    NotAllowed for a Stellungnahme, for what has ended, in the future, and before the Eingang.
    """
    held = held_request(request, by=by, permission=Permission.TRIAGE)
    current = held.request
    _check_open(current)
    if held.stations or goes_the_route(RequestKind(current.kind), AnswerForm(current.answer_form)):
        raise NotAllowed(GOES_THE_ROUTE)
    _check_day(current, on, by)
    if not note.strip():
        raise NotAllowed("Bitte angeben, wie geantwortet wurde.", "note")
    current.answered_on, current.answer_note = on, note.strip()
    current.save()
    _end(held, "petition.request_answered", on, by)
    return current


@action
def refuse_files(*, by: Actor, request: Request, on: date, authority: str, reason: str) -> Request:
    """Files are refused: by whom it was decided and why (§ 3 GGArt45c, B2-5). NotAllowed for anything but files."""
    held = held_request(request, by=by, permission=Permission.TRIAGE)
    current = held.request
    _check_open(current)
    if current.kind != RequestKind.FILES:
        raise NotAllowed("Abgelehnt werden kann nur eine Aktenanforderung (B2-5).")
    _check_day(current, on, by)
    if not authority.strip():
        raise NotAllowed("Bitte angeben, welche oberste Aufsichtsbehörde entschieden hat (B2-5).", "authority")
    if not reason.strip():
        raise NotAllowed("Bitte den gesetzlichen Grund der Geheimhaltung angeben (B2-5).", "reason")
    current.refused_on, current.refusal_authority, current.refusal_reason = on, authority.strip(), reason.strip()
    current.save()
    _end(held, "petition.request_refused", on, by)
    return current


def _create(petition: Petition, data: RequestData, by: Actor, document: Document | None) -> Request:
    return Request.objects.create(
        petition=petition,
        position=petition.requests.count() + 1,
        kind=data.kind,
        answer_form=data.answer_form,
        dated_on=data.dated_on,
        received_on=data.received_on,
        due_on=data.due_on,
        originals=data.originals,
        text=data.text.strip(),
        document=document,
        entered_at=timezone.now(),
        entered_by_id=by.user_id,
    )


def _check_extension(request: Request, new_due_on: date, reason: str) -> date:
    """The day that is moved; NotAllowed where there is none, or it does not move to a later one with a reason."""
    _check_open(request)
    if request.due_on is None:
        raise NotAllowed("Diese Anforderung hat keine Frist, die sich verlängern lässt.")
    if new_due_on <= request.due_on:
        raise NotAllowed(f"Die neue Frist muss nach dem {request.due_on:%d.%m.%Y} liegen.", "new_due_on")
    if new_due_on.year > LAST_YEAR:
        raise NotAllowed(BEYOND_THE_CALENDAR, "new_due_on")
    if not reason.strip():
        raise NotAllowed("Bitte angeben, womit die Frist verlängert wurde.", "reason")
    return request.due_on


def _check_open(request: Request) -> None:
    if not request.is_open:
        raise NotAllowed(ENDED)


def _check_day(request: Request, on: date, by: Actor) -> None:
    if on > by.today:
        raise NotAllowed(IN_THE_FUTURE, "on")
    if on < request.received_on:
        raise NotAllowed("Das kann nicht vor dem Eingang gewesen sein.", "on")


def _check_document(document: Document | None, petition: Petition) -> None:
    if document and document.case_id != petition.case_id:
        raise NotAllowed(FOREIGN_DOCUMENT, "document")


def _filed(file: UploadedFile | None, case: Case, by: Actor) -> Document | None:
    return add_file(file, by=by, case=case) if file else None


def _end(held: Held, code: str, on: date, by: Actor) -> None:
    record(
        code,
        by=by,
        permission=Permission.TRIAGE,
        office_id=held.case.office_id,
        case=held.case,
        request=held.request.pk,
        kind=held.request.get_kind_display(),
        on=on.isoformat(),
    )
    _kept(held, by)


def _kept(held: Held, by: Actor) -> None:
    keep_outside_date(held.request, held.case, by=by)
    refresh_next_due(held.case)
    save(held.case)
