"""What leaves the house and what comes of it: dispatch, decision, report back, the word to the petitioner, waiver."""

from collections.abc import Collection
from datetime import date

from django.utils import timezone

from cases.documents import add_file
from cases.models import Document
from cases.recording import record, refresh_next_due, save
from cases.rules.kinds import SETTLEMENT_LABELS, Settlement
from cases.rules.registration import UploadedFile
from cases.unit_of_work import action
from offices.calendars import LAST_YEAR
from offices.errors import NotAllowed
from offices.models import User
from offices.queries import Actor
from offices.roles import Permission, Role
from petitions.actions.chain import carry_on
from petitions.actions.dates import kept
from petitions.holding import Held, held_at, held_petition
from petitions.models import Decision, DecisionOption, Dispatch, Petition, Station
from petitions.permissions import check_may_act
from petitions.reading.content import content_of
from petitions.rules.requests import BEYOND_THE_CALENDAR, FOREIGN_DOCUMENT, IN_THE_FUTURE
from petitions.rules.vocabulary import DispatchWay, Outcome, StationRole

NO_POWER = "Für eine andere Person braucht es deren Vollmacht; sie liegt noch nicht vor (B2-8)."


@action
def dispatch(
    *,
    by: Actor,
    station: Station,
    documents: Collection[Document],
    copies: int,
    way: DispatchWay,
    sent_on: date,
    addressee: str = "",
    asked: Collection[User] = (),
) -> Dispatch:
    """Freezes what goes out at the station that sends, and passes it on; `addressee` is who requested by default.

    NotAllowed where it is not that station's turn, without a file, with fewer copies than the request asks for
    (PAN-30), without a Vollmacht that is needed, and where somebody approved another version.
    """
    held, current = held_at(station, by=by)
    check_may_act(by, current, held.case)
    if current.role != StationRole.DISPATCH or not current.is_open or held.request.withdrawn_on:
        raise NotAllowed("Versandt wird, wenn diese Station an der Reihe ist und alle davor fertig sind.")
    if sent_on > by.today:
        raise NotAllowed(IN_THE_FUTURE, "sent_on")
    files, addressee = list(documents), addressee.strip() or held.petition.addressee
    _check_sendable(held, files, copies)
    content_hash = content_of(held.request, files, copies=copies, addressee=addressee)
    _check_approved(held, files, copies, content_hash)
    sent = Dispatch.objects.create(
        request=held.request,
        number=held.request.dispatches.count() + 1,
        addressee=addressee,
        copies=copies,
        way=way,
        sent_on=sent_on,
        content_hash=content_hash,
        entered_at=timezone.now(),
        entered_by_id=by.user_id,
    )
    sent.documents.set(files)
    record(
        "petition.dispatched",
        by=by,
        permission=Permission.DISPATCH,
        office_id=held.case.office_id,
        case=held.case,
        request=held.request.pk,
        dispatch=sent.pk,
        on=sent_on.isoformat(),
        copies=copies,
        content_hash=content_hash,
    )
    carry_on(held, current, files, by=by, on=sent_on, asked=asked)
    return sent


def _check_sendable(held: Held, files: Collection[Document], copies: int) -> None:
    if not files or any(document.case_id != held.case.pk for document in files):
        raise NotAllowed("Bitte mindestens eine Unterlage dieses Vorgangs wählen, die versandt wird.", "documents")
    if copies < held.request.originals:
        raise NotAllowed(f"Angefordert sind {held.request.originals} Originale (PAN-30).", "copies")
    if held.petition.is_for_other and held.petition.power_of_attorney is None:
        raise NotAllowed(NO_POWER)


def _check_approved(held: Held, files: Collection[Document], copies: int, content_hash: str) -> None:
    """Every approval of the whole that holds was of exactly these files, copies and addressee; any change voids it."""
    for row in {row.key: row for row in held.stations}.values():
        if row.outcome != Outcome.PASSED_ON or row.part or row.content_hash in ("", content_hash):
            continue
        if row.content_hash != content_of(held.request, files):
            raise NotAllowed(
                f"„{row}“ galt einer anderen Fassung. Bitte dorthin zurückgeben oder die Fassung von damals versenden.",
                "documents",
            )
        raise NotAllowed(
            f"„{row}“ galt dem Versand {held.request.originals}-fach an {held.petition.addressee}. Bitte so versenden.",
            "addressee" if copies == held.request.originals else "copies",
        )


@action
def decide(
    *,
    by: Actor,
    petition: Petition,
    option: DecisionOption,
    decided_on: date,
    consequence: str = "",
    report_due_on: date | None = None,
    document: Document | None = None,
    file: UploadedFile | None = None,
) -> Decision:
    """What the committee decided and what follows; a report back it asks for is a deadline of its own.

    `document` is the Beschluss as it is filed with the case, or `file` what is to be filed.
    NotAllowed for what this requester cannot decide, impossible days, and a decision that is there already.
    """
    case, petition = held_petition(petition, by=by, permission=Permission.TRIAGE)
    if not petition.decision_options.filter(pk=option.pk).exists():
        raise NotAllowed("Das kann diese Stelle nicht entscheiden; bitte aus der Liste wählen.", "option")
    if decided_on > by.today:
        raise NotAllowed(IN_THE_FUTURE, "decided_on")
    if decided_on < case.received_on:
        raise NotAllowed("Die Entscheidung kann nicht vor dem Eingang gefallen sein.", "decided_on")
    if report_due_on and report_due_on < decided_on:
        raise NotAllowed("Der Bericht kann nicht vor der Entscheidung fällig sein.", "report_due_on")
    if report_due_on and report_due_on.year > LAST_YEAR:
        raise NotAllowed(BEYOND_THE_CALENDAR, "report_due_on")
    if petition.decisions.filter(option=option, decided_on=decided_on).exists():
        raise NotAllowed("Diese Entscheidung steht schon da.")
    if document and document.case_id != case.pk:
        raise NotAllowed(FOREIGN_DOCUMENT, "document")
    decision = Decision(
        petition=petition,
        option=option,
        decided_on=decided_on,
        consequence=consequence.strip(),
        document=add_file(file, by=by, case=case) if file else document,
        report_due_on=report_due_on,
        entered_at=timezone.now(),
        entered_by_id=by.user_id,
    )
    _keep_report_date(decision, by)
    decision.save()
    _record(
        "petition.decided", petition, by, decision=option.label, on=decided_on.isoformat(),
        report_due_on=report_due_on.isoformat() if report_due_on else None,
    )  # fmt: skip
    return decision


@action
def report_back(*, by: Actor, decision: Decision, on: date, note: str) -> Decision:
    """The report the decision asked for was given; NotAllowed where none was asked for, or it was given before."""
    decision = _locked(decision, by)
    if decision.report_due_on is None:
        raise NotAllowed("Zu dieser Entscheidung ist kein Bericht verlangt.")
    if decision.reported_on:
        raise NotAllowed(f"Berichtet ist schon am {decision.reported_on:%d.%m.%Y}.")
    _check_after_decision(decision, on, by)
    if not note.strip():
        raise NotAllowed("Bitte angeben, was berichtet wurde.", "note")
    decision.reported_on, decision.report_note = on, note.strip()
    _keep_report_date(decision, by)
    decision.save()
    _record("petition.reported", decision.petition, by, on=on.isoformat(), decision=decision.pk)
    return decision


@action
def tell_petitioner(*, by: Actor, decision: Decision, on: date, settlement: Settlement) -> Decision:
    """The petitioner was told the kind of settlement (BVerfGE 2, 225; B2-2), by whoever did it."""
    decision = _locked(decision, by)
    if decision.told_on:
        raise NotAllowed(f"Unterrichtet ist schon seit dem {decision.told_on:%d.%m.%Y}.")
    _check_after_decision(decision, on, by)
    if settlement not in SETTLEMENT_LABELS:
        raise NotAllowed("Bitte die Art der Erledigung wählen.", "settlement")
    decision.told_on, decision.settlement = on, settlement
    decision.save()
    _record("petition.told", decision.petition, by, on=on.isoformat(), decision=decision.pk)
    return decision


@action
def waive(*, by: Actor, petition: Petition, on: date, reasons: str, paper: UploadedFile) -> Petition:
    """The petitioner gave up a written answer: with concrete reasons, the signed paper is filed (PAN-32)."""
    case, current = held_petition(petition, by=by, permission=Permission.TRIAGE)
    if current.waived_on:
        raise NotAllowed(f"Der Verzicht vom {current.waived_on:%d.%m.%Y} liegt schon vor.")
    if not reasons.strip():
        raise NotAllowed("Bitte die konkreten Gründe des Verzichts angeben (PAN-32).", "reasons")
    if on > by.today:
        raise NotAllowed(IN_THE_FUTURE, "on")
    if on < case.received_on:
        raise NotAllowed("Der Verzicht kann nicht vor dem Eingang erklärt sein.", "on")
    current.waiver = add_file(paper, by=by, case=case, category=Document.Category.EVIDENCE)
    current.waiver_reasons, current.waived_on = reasons.strip(), on
    current.save()
    _record("petition.waived", current, by, on=on.isoformat(), document=current.waiver.pk)
    return current


def _locked(decision: Decision, by: Actor) -> Decision:
    _, petition = held_petition(decision.petition, by=by, permission=Permission.TRIAGE)
    current = Decision.objects.select_for_update(of=("self",), no_key=True).select_related("deadline")
    found = current.get(pk=decision.pk)
    found.petition = petition
    return found


def _check_after_decision(decision: Decision, on: date, by: Actor) -> None:
    if on > by.today:
        raise NotAllowed(IN_THE_FUTURE, "on")
    if on < decision.decided_on:
        raise NotAllowed("Das kann nicht vor der Entscheidung gewesen sein.", "on")


def _keep_report_date(decision: Decision, by: Actor) -> None:
    decision.deadline = kept(
        decision.deadline,
        decision.petition.case,
        "Petition: Bericht zur Entscheidung",
        None if decision.reported_on else decision.report_due_on,
        by=by,
        is_done=bool(decision.reported_on),
        role=Role.KRM_OFFICER,
        rule="Frist aus der Entscheidung, eingetragen und nicht berechnet.",
    )


def _record(code: str, petition: Petition, by: Actor, **data: str | int | None) -> None:
    case = petition.case
    record(code, by=by, permission=Permission.TRIAGE, office_id=case.office_id, case=case, **data)
    refresh_next_due(case)
    save(case)
