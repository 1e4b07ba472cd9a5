"""The tally of what was settled on the spot: a channel, a unit, a button, and nothing about anybody."""

from django.contrib import messages
from django.db.models import Q, Sum
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from cases.models import OnTheSpotCount
from cases.rule_lines import line
from cases.rules.kinds import CHANNEL_LABELS, Channel
from cases.rules.triage import may_be_tallied
from cases.transfers.actions.triage import count_on_the_spot
from cases.transfers.forms import OnTheSpotForm
from offices.forms import try_action
from offices.models import Office
from offices.queries import rule_set_in_force
from offices.roles import Permission


@require_http_methods(["GET", "POST"])
def on_the_spot(request):
    offices = list(Office.objects.filter(pk__in=request.actor.office_ids(Permission.COUNT_ON_THE_SPOT)))
    if not offices:
        raise Http404
    wanted = request.GET.get("office", "")
    office = next((office for office in offices if office.slug == wanted), offices[0])
    rules = rule_set_in_force(office, request.today)
    parameters = rules.parameters
    initial = {"on": request.today, "channel": Channel.IN_PERSON} | request.GET.dict()
    form = OnTheSpotForm(request.POST or None, initial=initial, office=office, rule=parameters.oral_registration)
    if form.is_valid() and try_action(form, count_on_the_spot, by=request.actor, office=office, **form.arguments):
        unit, channel = form.cleaned_data["unit"], form.cleaned_data["channel"]
        messages.success(request, f"Gezählt: {channel.label}, {unit or 'ohne Einheit'}.")
        again = {"office": office.slug, "channel": channel.value, "unit": unit.pk if unit else ""}
        return redirect(f"{request.path}?{urlencode(again)}")
    rows = _tally(office, request.today)
    context = {
        "form": form,
        "office": office,
        "offices": offices,
        "rows": rows,
        "total": {when: sum(row[when] for row in rows) for when in ("today", "month")},
        "rule_set_id": rules.pk,
        "rule_line": line(parameters, "oral_registration", parameters.oral_registration.sentence),
        "why_not": may_be_tallied(Channel.IN_PERSON, parameters),
    }
    return render(request, "transfers/on_the_spot.html", context)


def _tally(office: Office, today) -> list[dict]:
    """Unit, channel, and how many today and since the first of the month."""
    counted = (
        OnTheSpotCount.objects.filter(office=office, on__gte=today.replace(day=1), on__lte=today)
        .order_by("unit__number", "channel")
        .values("unit__number", "unit__name", "channel")
        .annotate(month=Sum("count"), today=Sum("count", filter=Q(on=today), default=0))
    )
    return [
        {
            "unit": f"{row['unit__number']} {row['unit__name']}" if row["unit__number"] else "ohne Einheit",
            "channel": CHANNEL_LABELS[row["channel"]],
            "today": row["today"],
            "month": row["month"],
        }
        for row in counted
    ]
