"""A report from its draft to the day it is handed in; the figures are made in the background."""

import hashlib
import json
import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from cases.deadlines.actions.watch import call_off, done, watch
from cases.permissions import check_may_in
from cases.recording import record
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.models import Office
from offices.queries import Actor, calendar_for, rule_set_in_force
from offices.roles import Permission, Role
from reporting.models import Report, ReportText
from reporting.reading.content import content_of, tables_in, told_since
from reporting.rules.periods import Period
from reporting.rules.plan import Owed, owed_on
from reporting.rules.sections import SECTIONS, cited, has_loose_brace, unknown
from reporting.rules.vocabulary import Audience, ReportKind, ReportState, Work

log = logging.getLogger(__name__)
ABANDONED = timedelta(minutes=10)  # a worker that took a report so long ago is dead
GONE = "Der Bericht ist nicht (mehr) zugänglich."
FROZEN = (
    "Der Bericht ist freigegeben; er ändert sich nicht mehr. Was heute anders gezählt wird, steht auf seiner Seite."
)
CHANGED = "Der Bericht wurde inzwischen geändert; bitte sehen Sie ihn noch einmal an."
NO_FIGURES = "Die Zahlen des Berichts werden noch gezählt."
RULE = "Berichtspflicht nach dem Regelwerk (K20); der Tag ist vorgegeben und kann geändert werden."


def _held(report: Report, *, by: Actor, permission: Permission) -> Report:
    """The report as it is now, row-locked; NotAllowed for strangers and for whom this is not part of the role."""
    current = Report.objects.visible_to(by).select_for_update(of=("self",), no_key=True).filter(pk=report.pk).first()
    if current is None:
        raise NotAllowed(GONE)
    check_may_in(by, permission, current.office_id)
    return current


def _save(report: Report) -> Report:
    report.version += 1
    report.save()
    return report


def _record(code: str, report: Report, by: Actor, permission: Permission | None = None, **data: str) -> None:
    record(
        code, by=by, permission=permission, office_id=report.office_id, kind=report.get_kind_display(),
        period=report.period.name, report=report.pk, **data,
    )  # fmt: skip


@action
def request_report(
    *, by: Actor, office: Office, recipient: str, audience: Audience, period: Period, due_on: date | None = None,
    via: str = "", kind: ReportKind = ReportKind.ON_REQUEST,
) -> Report:  # fmt: skip
    """A report on request about any period that has begun; its figures are made in the background.

    NotAllowed without a recipient, for a period that has not begun, and where the same report is there already.
    """
    check_may_in(by, Permission.WRITE_REPORTS, office.pk)
    if not recipient.strip():
        raise NotAllowed("Bitte angeben, wer den Bericht erhält.", "recipient")
    if period.from_on > by.today:
        raise NotAllowed("Der Zeitraum hat noch nicht begonnen.", "from_on")
    if due_on and due_on < by.today:
        raise NotAllowed("Der Termin liegt in der Vergangenheit.", "due_on")
    same = Report.objects.filter(
        office=office, recipient=recipient.strip(), kind=kind, from_on=period.from_on, until_on=period.until_on
    )
    if kind != ReportKind.ON_REQUEST and same.exists():
        raise NotAllowed("Diesen Bericht gibt es schon.")
    return _draft(
        by, office, kind=kind, recipient=recipient.strip(), via=via.strip(), audience=audience, from_on=period.from_on,
        until_on=period.until_on, due_on=due_on,
    )  # fmt: skip


@action
def draft_owed(*, by: Actor, office: Office) -> int:
    """Draft what the rules have the office report about the periods that have ended, on the first Arbeitstag after.

    How many were made: none that is there already, none where no rules are in force.
    """
    try:
        reports = rule_set_in_force(office, by.today).parameters.reports
    except NotAllowed:
        return 0
    calendar = calendar_for(office)
    wanted = [owed for owed in owed_on(reports, calendar, by.today) if owed.begins_on <= by.today]
    return sum(_draft_once(by, office, owed) for owed in wanted)


def _draft_once(by: Actor, office: Office, owed: Owed) -> bool:
    period = owed.period
    there = Report.objects.filter(
        office=office, kind=owed.kind, recipient=owed.recipient, from_on=period.from_on, until_on=period.until_on
    )
    if there.exists():
        return False
    _draft(
        by, office, kind=owed.kind, recipient=owed.recipient, via=owed.via, audience=owed.audience, asked=owed.asked,
        from_on=period.from_on, until_on=period.until_on, due_on=max(owed.due_on, by.today),
    )  # fmt: skip
    return True


def _draft(by: Actor, office: Office, **fields: object) -> Report:
    now = timezone.now()
    report = Report.objects.create(
        office=office, created_at=now, created_by_id=by.user_id, work=Work.WAITING, work_since_at=now, **fields
    )
    _watch(report, by)
    _record("report.drafted", report, by, Permission.WRITE_REPORTS if by.user_id else None)
    return report


def _watch(report: Report, by: Actor) -> None:
    """Have the day watched on which it is to be handed in, by the KRM, or approved, by the Geschäftsführung; or none.

    What was presented or came back is due today at the latest where no day was named: whoever has it is told.
    """
    if report.deadline and report.deadline.is_open:
        call_off(by=by, deadline=report.deadline)
    report.deadline = None
    is_presented = report.state == ReportState.PRESENTED
    due_on = report.due_on
    if is_presented or report.returned_note:
        due_on = max(report.due_on or by.today, by.today)
    if due_on:
        report.deadline = watch(
            by=by, office=report.office, due_on=due_on,
            label="Bericht freigeben" if is_presented else "Bericht abgeben",
            role=Role.MANAGEMENT if is_presented else Role.KRM_OFFICER,
            subject=f"{report.get_kind_display()} {report.period.name} an {report.recipient}"[:120],
            path=report.get_absolute_url(), rule=RULE,
        )  # fmt: skip
    report.save(update_fields=["deadline"])


@action
def move_report(*, by: Actor, report: Report, due_on: date | None) -> Report:
    """Another day on which it is to be handed in, or none; NotAllowed in the past and once it was handed in."""
    current = _held(report, by=by, permission=Permission.WRITE_REPORTS)
    if current.sent_on:
        raise NotAllowed("Der Bericht ist schon abgegeben.", "due_on")
    if due_on and due_on < by.today:
        raise NotAllowed("Der Termin liegt in der Vergangenheit.", "due_on")
    current.due_on = due_on
    _watch(current, by)
    return _save(current)


@action
def edit_texts(*, by: Actor, report: Report, expected_version: int, texts: dict[str, str]) -> Report:
    """What the KRM writes beside the figures; NotAllowed for a figure in braces that the report does not have, for
    what is approved or lies with the Geschäftsführung, and where somebody else changed it meanwhile."""
    current = _held(report, by=by, permission=Permission.WRITE_REPORTS)
    _check_draft(current)
    if current.version != expected_version:
        raise NotAllowed(CHANGED)
    names = cited(tables_in(current))
    known = {section.key for section in SECTIONS[ReportKind(current.kind)]}
    now = timezone.now()
    for key, text in texts.items():
        if key not in known:
            raise NotAllowed("Diesen Abschnitt hat der Bericht nicht.")
        if wrong := unknown(text, names):
            raise NotAllowed(f"Diese Kennzahl hat der Bericht nicht: {{{wrong[0]}}}.", key)
        if has_loose_brace(text):
            raise NotAllowed("Eine geschweifte Klammer steht allein; eine Kennzahl steht in beiden: {received}.", key)
        ReportText.objects.update_or_create(
            report=current, section=key, defaults={"text": text.strip(), "edited_at": now, "edited_by": by.user}
        )
    _record("report.edited", current, by, Permission.WRITE_REPORTS)
    return _save(current)


def _check_draft(report: Report) -> None:
    if report.is_frozen:
        raise NotAllowed(FROZEN)
    if report.state == ReportState.PRESENTED:
        raise NotAllowed("Der Bericht liegt der Geschäftsführung vor; sie kann ihn zurückgeben.")


@action
def count_anew(*, by: Actor, report: Report) -> Report:
    """Have the figures made as they are known now; NotAllowed once it is with the Geschäftsführung or approved."""
    current = _held(report, by=by, permission=Permission.WRITE_REPORTS)
    _check_draft(current)
    current.work, current.work_since_at, current.progress = Work.WAITING, timezone.now(), 0
    _record("report.counted", current, by, Permission.WRITE_REPORTS)
    return _save(current)


@action
def stop_counting(*, by: Actor, report: Report) -> Report:
    """Break off what is being counted; what was there before stays."""
    current = _held(report, by=by, permission=Permission.WRITE_REPORTS)
    current.work, current.work_since_at, current.progress = "", None, 0
    _record("report.stopped", current, by, Permission.WRITE_REPORTS)
    return _save(current)


@action
def present_report(*, by: Actor, report: Report, expected_version: int) -> Report:
    """Lay it before the Geschäftsführung; NotAllowed while figures are being counted or none are there."""
    current = _held(report, by=by, permission=Permission.WRITE_REPORTS)
    _check_draft(current)
    if current.version != expected_version:
        raise NotAllowed(CHANGED)
    if current.work or not current.content:
        raise NotAllowed(NO_FIGURES)
    _check_nothing_told_since(current)
    current.state, current.presented_at, current.presented_by = ReportState.PRESENTED, timezone.now(), by.user
    current.returned_note = ""
    _watch(current, by)
    _record("report.presented", current, by, Permission.WRITE_REPORTS)
    return _save(current)


@action
def return_report(*, by: Actor, report: Report, note: str) -> Report:
    """Give it back to the KRM with a note; NotAllowed without one, and where it was not presented."""
    current = _held(report, by=by, permission=Permission.APPROVE_REPORTS)
    _check_presented(current)
    if not note.strip():
        raise NotAllowed("Bitte angeben, was zu ändern ist.", "note")
    current.state, current.returned_note = ReportState.DRAFT, note.strip()
    current.presented_at = current.presented_by = None
    _watch(current, by)
    _record("report.returned", current, by, Permission.APPROVE_REPORTS)
    return _save(current)


TOLD_SINCE = (
    "Seit die Zahlen dieses Berichts gezählt wurden, ist ein anderer freigegeben worden, der das Haus verlässt. Damit "
    "sich aus beiden zusammen nichts errechnen lässt, muss das KRM die Zahlen neu zählen lassen."
)


@action
def approve_report(*, by: Actor, report: Report, expected_version: int) -> Report:
    """Freeze it: figures, cut-off, texts, who and when, under one checksum (PAN-39). NotAllowed where it was not
    presented or has changed since it was seen."""
    current = _held(report, by=by, permission=Permission.APPROVE_REPORTS)
    _check_presented(current)
    if current.version != expected_version:
        raise NotAllowed(CHANGED)
    _check_nothing_told_since(current)
    current.state, current.approved_at, current.approved_by = ReportState.APPROVED, timezone.now(), by.user
    _watch(current, by)
    current.digest = digest_of(current)
    _record("report.approved", current, by, Permission.APPROVE_REPORTS, digest=current.digest)
    return _save(current)


def _check_nothing_told_since(report: Report) -> None:
    """What leaves the house heeds all that left it before; figures made before the last of it do not."""
    if report.stand_at and told_since(report):
        raise NotAllowed(TOLD_SINCE)


def _check_presented(report: Report) -> None:
    if report.state != ReportState.PRESENTED:
        raise NotAllowed("Der Bericht liegt der Geschäftsführung nicht vor.")


def digest_of(report: Report) -> str:
    """SHA-256 of all that is printed: another figure or letter gives another."""
    texts = {text.section: text.text for text in report.texts.all()}
    printed = {
        "report": [report.office_id, report.kind, report.recipient, report.from_on.isoformat(),
                   report.until_on.isoformat(), report.stand_at.isoformat() if report.stand_at else ""],
        "content": report.content,
        "texts": texts,
    }  # fmt: skip
    return hashlib.sha256(json.dumps(printed, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@action
def note_sent(*, by: Actor, report: Report, on: date, way: str) -> Report:
    """That it was handed in, when and which way; its day ends. NotAllowed before the approval and in the future."""
    current = _held(report, by=by, permission=Permission.WRITE_REPORTS)
    if not current.is_frozen:
        raise NotAllowed("Abgegeben wird erst, was die Geschäftsführung freigegeben hat.")
    if on > by.today:
        raise NotAllowed("Der Tag liegt in der Zukunft.", "on")
    if on < min(timezone.localdate(current.approved_at), by.today):
        raise NotAllowed("Der Tag liegt vor der Freigabe.", "on")
    if not way.strip():
        raise NotAllowed("Bitte den Weg angeben, zum Beispiel E-Mail.", "way")
    current.sent_on, current.sent_way = on, way.strip()
    if current.deadline and current.deadline.is_open:
        done(by=by, deadline=current.deadline)
    _record("report.sent", current, by, Permission.WRITE_REPORTS, on=on.isoformat())
    return _save(current)


@action
def discard_report(*, by: Actor, report: Report) -> None:
    """Throw away a draft on request; NotAllowed for what the rules ask for, and for what is approved."""
    current = _held(report, by=by, permission=Permission.WRITE_REPORTS)
    _check_draft(current)
    if current.kind != ReportKind.ON_REQUEST:
        raise NotAllowed("Diesen Bericht verlangt das Regelwerk; er kann nicht verworfen werden.")
    if current.deadline and current.deadline.is_open:
        call_off(by=by, deadline=current.deadline)
    _record("report.discarded", current, by, Permission.WRITE_REPORTS)
    current.delete()


# In the background


def count_waiting(now: datetime) -> int:
    """Make the figures of every report that waits for them; how many were made. Harmless when run twice."""
    abandoned = Q(work=Work.RUNNING, work_since_at__lt=now - ABANDONED)
    waiting = Report.objects.filter(Q(work=Work.WAITING) | abandoned).order_by("pk").values_list("pk", flat=True)
    return sum(_counted(pk) for pk in list(waiting))


def _counted(pk: int) -> bool:
    """One report whose figures cannot be made keeps no other waiting; it is tried again when it counts as abandoned."""
    try:
        return count_report(pk)
    except Exception:
        log.exception("Die Zahlen des Berichts %s lassen sich nicht zählen.", pk)
        return False


def count_report(pk: int) -> bool:
    """Make the figures of one report in one consistent moment; False where somebody else did, or it was broken off."""
    since = _claimed(pk)
    if since is None:
        return False
    report = Report.objects.select_related("office").get(pk=pk)
    stand_at = timezone.now()
    content = _consistent(report, stand_at, lambda percent: _progress(pk, since, percent))
    return _kept(pk, since, content, stand_at)


@action
def _claimed(pk: int) -> datetime | None:
    report = Report.objects.select_for_update(no_key=True).filter(pk=pk).exclude(work="").first()
    now = timezone.now()
    if report is None or (report.work == Work.RUNNING and report.work_since_at > now - ABANDONED):
        return None
    report.work, report.work_since_at, report.progress = Work.RUNNING, now, 5
    report.save(update_fields=["work", "work_since_at", "progress"])
    return now


def _progress(pk: int, since: datetime, percent: int) -> None:
    Report.objects.filter(pk=pk, work=Work.RUNNING, work_since_at=since).update(progress=percent)


def _consistent(report: Report, stand_at: datetime, step: Callable[[int], None]) -> dict:
    """All questions see the same state of the data, whoever writes meanwhile."""
    if connection.in_atomic_block:
        return content_of(report, stand_at)
    with transaction.atomic():  # transaction: reading only, all of it from one moment
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        content = content_of(report, stand_at)
    step(95)
    return content


@action
def _kept(pk: int, since: datetime, content: dict, stand_at: datetime) -> bool:
    report = Report.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if report is None or report.work != Work.RUNNING or report.work_since_at != since:
        return False
    report.content, report.stand_at = content, stand_at
    report.work, report.work_since_at, report.progress = "", None, 100
    _save(report)
    return True
