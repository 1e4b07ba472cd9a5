"""What is entered beside the figures: survey, households, measures, and the look who needs relief."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from cases.deadlines.actions.watch import call_off, done, watch
from cases.models import Case
from cases.permissions import check_may_in
from cases.recording import record
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.models import Office, Unit
from offices.queries import Actor
from offices.roles import Permission, Role
from reporting.models import Households, Measure, ReliefEvaluation, Report, SurveyResult

A_YEAR = timedelta(days=366)
FIRST_YEAR = 2005  # of the SGB II
LOWEST_GRADE, HIGHEST_GRADE = Decimal(1), Decimal(6)


@dataclass(frozen=True)
class SurveyRow:
    """One half-year: a school grade from 1 to 6 with one decimal, and of how many answers."""

    year: int
    half: int
    grade: Decimal
    answers: int

    def problem(self, today: date) -> tuple[str, str] | None:
        """Field and German sentence of what cannot be."""
        if not FIRST_YEAR <= self.year <= today.year:
            return "year", f"Bitte ein Jahr von {FIRST_YEAR} bis {today.year} angeben."
        if self.half not in (1, 2):
            return "half", "Ein Halbjahr ist 1 oder 2."
        if date(self.year, 1 if self.half == 1 else 7, 1) > today:
            return "half", "Dieses Halbjahr hat noch nicht begonnen."
        if not LOWEST_GRADE <= self.grade <= HIGHEST_GRADE or self.grade != round(self.grade, 1):
            return "grade", "Die Gesamtnote liegt zwischen 1,0 und 6,0, mit einer Stelle nach dem Komma."
        return ("answers", "Bitte angeben, wie viele Personen befragt wurden.") if self.answers < 1 else None


@action
def enter_surveys(*, by: Actor, office: Office, rows: Sequence[SurveyRow]) -> int:
    """Enter or correct the results of half-years, each once, all of them or none (PAN-41); how many there were.

    NotAllowed with the number of the row, where there are several, for what cannot be.
    """
    check_may_in(by, Permission.ENTER_SURVEYS, office.pk)
    now = timezone.now()
    for number, row in enumerate(rows, start=1):
        if problem := row.problem(by.today):
            field, sentence = problem
            raise NotAllowed(f"Zeile {number}: {sentence}" if len(rows) > 1 else sentence, field)
        if any((other.year, other.half) == (row.year, row.half) for other in rows[: number - 1]):
            raise NotAllowed(f"Zeile {number}: Das Halbjahr {row.half}/{row.year} steht zweimal da.", "rows")
        SurveyResult.objects.update_or_create(
            office=office, year=row.year, half=row.half,
            defaults={"grade": row.grade, "answers": row.answers, "entered_at": now, "entered_by": by.user},
        )  # fmt: skip
        record("survey.entered", by=by, permission=Permission.ENTER_SURVEYS, office_id=office.pk,
               half=f"{row.year}-H{row.half}")  # fmt: skip
    return len(rows)


@action
def enter_households(*, by: Actor, office: Office, year: int, number: int) -> Households:
    """Enter or correct how many Bedarfsgemeinschaften there were in a year, on average."""
    check_may_in(by, Permission.ENTER_SURVEYS, office.pk)
    if not FIRST_YEAR <= year <= by.today.year:
        raise NotAllowed(f"Bitte ein Jahr von {FIRST_YEAR} bis {by.today.year} angeben.", "year")
    if number < 1:
        raise NotAllowed("Bitte eine Zahl über null angeben.", "number")
    found, _ = Households.objects.update_or_create(
        office=office, year=year,
        defaults={"number": number, "entered_at": timezone.now(), "entered_by": by.user},
    )  # fmt: skip
    record("households.entered", by=by, permission=Permission.ENTER_SURVEYS, office_id=office.pk, year=str(year))
    return found


@action
def plan_measure(
    *, by: Actor, office: Office, cause: str, what: str, unit: Unit | None, due_on: date, check_on: date,
    case: Case | None = None, report: Report | None = None,
) -> Measure:  # fmt: skip
    """What is changed, by which unit, until when, and when somebody looks whether it helped (GER-3); both days watched.

    NotAllowed without cause or measure, for days in the past or in the wrong order, and for a foreign unit or case.
    """
    check_may_in(by, Permission.WRITE_REPORTS, office.pk)
    if not cause.strip():
        raise NotAllowed("Bitte angeben, was der Anlass war.", "cause")
    if not what.strip():
        raise NotAllowed("Bitte angeben, was geändert wird.", "what")
    if due_on < by.today:
        raise NotAllowed("Umgesetzt werden kann eine Maßnahme nicht in der Vergangenheit.", "due_on")
    if check_on < due_on:
        raise NotAllowed("Geprüft wird die Wirkung nach der Umsetzung.", "check_on")
    if unit and unit.office_id != office.pk:
        raise NotAllowed("Die Einheit gehört nicht zur Dienststelle.", "unit")
    if case and not Case.objects.visible_to(by).filter(pk=case.pk, office=office).exists():
        raise NotAllowed("Diesen Vorgang gibt es nicht, oder Sie sehen ihn nicht.", "case")
    if report and report.office_id != office.pk:
        raise NotAllowed("Der Bericht gehört zu einer anderen Dienststelle.")
    measure = Measure.objects.create(
        office=office, case=case, report=report, cause=cause.strip(), what=what.strip(), unit=unit, due_on=due_on,
        check_on=check_on, planned_at=timezone.now(), planned_by=by.user,
    )  # fmt: skip
    _watch(measure, "Maßnahme umsetzen", due_on, by)
    record("measure.planned", by=by, permission=Permission.WRITE_REPORTS, office_id=office.pk, case=case,
           due_on=due_on.isoformat(), measure=measure.pk)  # fmt: skip
    return measure


def _watch(measure: Measure, label: str, due_on: date, by: Actor) -> None:
    measure.deadline = watch(
        by=by, office=measure.office, label=label, due_on=due_on, role=Role.KRM_OFFICER,
        subject=f"Maßnahme Nr. {measure.pk}", path=reverse("reporting:measure", args=[measure.pk]),
    )  # fmt: skip
    measure.save(update_fields=["deadline"])


def _held(measure: Measure, by: Actor) -> Measure:
    found = Measure.objects.select_for_update(of=("self",), no_key=True).select_related("office", "deadline", "case")
    current = found.get(pk=measure.pk)
    check_may_in(by, Permission.WRITE_REPORTS, current.office_id)
    return current


@action
def carry_out(*, by: Actor, measure: Measure, on: date) -> Measure:
    """It was carried out; from now on the day is watched on which the effect is looked at."""
    current = _held(measure, by)
    if current.done_on:
        raise NotAllowed("Die Maßnahme ist schon umgesetzt.")
    if on > by.today:
        raise NotAllowed("Der Tag liegt in der Zukunft.", "on")
    if on < timezone.localdate(current.planned_at) - A_YEAR:
        raise NotAllowed("Der Tag liegt mehr als ein Jahr vor der Planung der Maßnahme.", "on")
    current.done_on = on
    if current.deadline and current.deadline.is_open:
        done(by=by, deadline=current.deadline)
    _watch(current, "Wirkung der Maßnahme prüfen", max(current.check_on, by.today), by)
    current.save()
    record("measure.done", by=by, permission=Permission.WRITE_REPORTS, office_id=current.office_id, case=current.case,
           on=on.isoformat(), measure=current.pk)  # fmt: skip
    return current


@action
def check_effect(*, by: Actor, measure: Measure, effect: str) -> Measure:
    """Somebody looked whether it helped, today; NotAllowed before it was carried out, and without words."""
    current = _held(measure, by)
    if not current.done_on:
        raise NotAllowed("Die Wirkung lässt sich prüfen, sobald die Maßnahme umgesetzt ist.")
    if current.checked_on:
        raise NotAllowed("Die Wirkung ist schon geprüft.")
    if not effect.strip():
        raise NotAllowed("Bitte angeben, was sich geändert hat.", "effect")
    current.effect, current.checked_on = effect.strip(), by.today
    if current.deadline and current.deadline.is_open:
        done(by=by, deadline=current.deadline)
    current.save()
    record("measure.checked", by=by, permission=Permission.WRITE_REPORTS, office_id=current.office_id,
           case=current.case, on=by.today.isoformat(), measure=current.pk)  # fmt: skip
    return current


@action
def drop_measure(*, by: Actor, measure: Measure) -> None:
    """Take back a measure that was never carried out."""
    current = _held(measure, by)
    if current.done_on:
        raise NotAllowed("Was umgesetzt ist, bleibt stehen.")
    if current.deadline and current.deadline.is_open:
        call_off(by=by, deadline=current.deadline)
    record("measure.dropped", by=by, permission=Permission.WRITE_REPORTS, office_id=current.office_id,
           case=current.case, measure=current.pk)  # fmt: skip
    current.delete()


@action
def look_for_relief(*, by: Actor, office: Office, reason: str) -> ReliefEvaluation:
    """Open, for today and for oneself, the view of who needs relief (GER-35); the KRM is told of it, with the reason.

    For the Geschäftsführung itself, not „i. V.“. NotAllowed without a reason.
    """
    own = [s for s in by.seats_with(Permission.EVALUATE_RELIEF, office.pk) if s.holder_id == by.user_id]
    if not own:
        raise NotAllowed("Diese Auswertung ist allein Sache der Geschäftsführung (GER-35).")
    if not reason.strip():
        raise NotAllowed("Bitte angeben, warum Sie nachsehen.", "reason")
    made = ReliefEvaluation.objects.create(
        office=office, reason=reason.strip(), at=timezone.now(), on=by.today, by=by.user
    )
    made.deadline = watch(
        by=by, office=office, label="Auswertung zur Entlastung: zur Kenntnis", due_on=by.today, role=Role.KRM_OFFICER,
        subject=f"Auswertung zur Entlastung Nr. {made.pk}", path=reverse("reporting:relief"),
    )  # fmt: skip
    made.save(update_fields=["deadline"])
    record("evaluation.relief", by=by, permission=Permission.EVALUATE_RELIEF, office_id=office.pk, evaluation=made.pk)
    return made


@action
def take_note(*, by: Actor, evaluation: ReliefEvaluation) -> None:
    """The KRM has read who looked and why; nobody is reminded of it any more. Twice does no harm."""
    check_may_in(by, Permission.WRITE_REPORTS, evaluation.office_id)
    if evaluation.is_unread:
        done(by=by, deadline=evaluation.deadline)
