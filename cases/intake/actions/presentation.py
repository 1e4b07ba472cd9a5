"""A petition is presented to the Geschäftsführung on the very day it reaches the KRM, where the rules say so (K15)."""

from datetime import date

from cases.deadlines.actions.ending import cancel
from cases.lookup import case_calendar
from cases.models import Case, Deadline
from cases.recording import record, refresh_next_due
from cases.rules.deadlines import must_present_today
from cases.rules.kinds import Kind
from offices.calendars import Calendar, next_working_day
from offices.queries import Actor


def follow_kind(case: Case, *, on: date, by: Actor) -> None:
    """The day of presentation comes and goes with the kind (PAN-28); `on` is the day it was known to be a petition.

    The next Arbeitstag where that is none. It also comes while no Geschäftsführung is there, for then the KRM issues
    the Verfügung and has to do that in time, but not where the Geschäftsführung is kept out (PAN-7). The calling action
    has locked the case.
    """
    if not is_presented(case):
        cancel(case, by=by, kinds=[Deadline.Kind.PRESENTATION])
    elif not _is_set(case):
        set_presentation(case, case_calendar(case), on=on, by=by)
    refresh_next_due(case)
    case.save(update_fields=["next_due_on"])


def is_presented(case: Case) -> bool:
    """Whether the rules want this case before the Geschäftsführung on the very day, and may have it there."""
    return must_present_today(case.rule_set.parameters, Kind(case.kind)) and not case.against_management


def _is_set(case: Case) -> bool:
    """Whether this round has such a day, open or met, or the Geschäftsführung has seen it without one."""
    rows = case.deadlines.filter(round=case.round, kind=Deadline.Kind.PRESENTATION, cancelled_on__isnull=True)
    seen = case.directives.filter(round=case.round, presented_at__isnull=False)
    return rows.exists() or seen.exists()


def set_presentation(case: Case, calendar: Calendar, *, on: date, by: Actor) -> Deadline:
    """The day of presentation as a row of the case's current round; `calendar` as the case's rules count it."""
    deadline = Deadline.objects.create(
        office_id=case.office_id,
        case=case,
        round=case.round,
        kind=Deadline.Kind.PRESENTATION,
        start_on=on,
        raw_on=on,
        due_on=on if calendar.is_working_day(on) else next_working_day(calendar, on),
        rule="Taggleich der Geschäftsführung vorzulegen.",
        rule_key="K15",
        task="Mit Verfügungsblatt der Geschäftsführung vorlegen",
    )
    kind, due_on = deadline.get_kind_display(), deadline.due_on.isoformat()
    record("deadline.set", by=by, office_id=case.office_id, case=case, kind=kind, due_on=due_on)
    return deadline
