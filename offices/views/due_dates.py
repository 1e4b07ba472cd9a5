"""The Fristenrechner: the engine of the deadlines as a page that shows each day it counted or skipped, and why."""

from dataclasses import dataclass
from datetime import date

from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from offices.calendars import Period, Unit
from offices.due_months import cells_of, months_of
from offices.forms.due_dates import BACKWARD, FORWARD, MOVE, DueDateForm
from offices.models import Office, RuleSet
from offices.queries import calendar_for
from offices.roles import Permission


@dataclass(frozen=True)
class Shortcut:
    """A period of the office's rules, one click away."""

    key: str
    label: str
    words: str
    query: str


@require_GET
def due_dates(request):
    """Without parameters the empty form; with any of them the answer, the others taken from the defaults."""
    offices = Office.objects.filter(pk__in=request.actor.office_ids(Permission.READ_RULES))
    defaults = _defaults(request)
    form = DueDateForm(defaults | request.GET.dict() if request.GET else None, initial=defaults, offices=offices)
    result = rule_set = None
    office, start_on = Office.objects.filter(pk=defaults["office"]).first(), request.today
    if form.is_valid():
        office, start_on = form.cleaned_data["office"], form.cleaned_data["start_on"]
    if office:
        rule_set = office.rule_sets.in_force(start_on).order_by("-valid_from", "-version").first()
    if form.is_bound and form.is_valid():
        result = form.compute(calendar_for(office, closed_days_are_working_days=_closed_days_count(rule_set)))
    context = {
        "form": form,
        "office": office,
        "rule_set": rule_set,
        "closed_days_count": _closed_days_count(rule_set),
        "result": result,
        "days": cells_of(result) if result else (),
        "months": months_of(result) if result else (),
        "shortcuts": _shortcuts(rule_set, start_on) if rule_set else [],
    }
    return render(request, "offices/due_dates.html", context, status=422 if form.is_bound and form.errors else 200)


def _defaults(request) -> dict:
    seats = request.actor.seats_with(Permission.READ_RULES)
    return {
        "office": seats[0].office_id if seats else None,
        "start_on": request.today.isoformat(),
        "amount": 3,
        "unit": Unit.WORKING_DAYS.value,
        "direction": FORWARD,
        "roll": MOVE,
    }


def _closed_days_count(rule_set: RuleSet | None) -> bool:
    return rule_set.parameters.closed_days_are_working_days if rule_set else True


def _shortcuts(rule_set: RuleSet, start_on: date) -> list[Shortcut]:
    rules = rule_set.parameters
    known = [
        ("K1", "Eingangsbestätigung", rules.acknowledgement.period, FORWARD),
        ("K2", "Abschluss", rules.closure.period, FORWARD),
        ("K3", "Zwischennachricht", rules.interim.period if rules.interim.required else None, FORWARD),
        ("K15", "Petition, Frist im Haus", rules.petition_deadline.period, FORWARD),
        ("K15", "Petition, vor der Frist des Ausschusses", rules.petition_deadline.before_outside_deadline, BACKWARD),
    ]
    return [
        Shortcut(key, label, period.words, _query(rule_set.office_id, start_on, period, direction))
        for key, label, period, direction in known
        if period
    ]


def _query(office_id: int, start_on: date, period: Period, direction: str) -> str:
    return urlencode(
        {
            "office": office_id,
            "start_on": start_on.isoformat(),
            "amount": period.amount,
            "unit": period.unit.value,
            "direction": direction,
        }
    )
