"""The start page: what is my turn today."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.workplace.reading.groups import Group, day_of
from cases.workplace.reading.start_page import start_page
from krm.navigation import places_for
from offices.middleware import Request
from offices.queries import why_no_rules
from offices.roles import ROLES
from petitions.reading.worklist import worklist

KINDS = {  # of the numbers at the top
    Group.OVERDUE: "overdue",
    Group.TODAY: "today",
    Group.ASKED: "sign",
    Group.NEW: "new",
    Group.WAITING: "waiting",
}


@require_safe
def home(request: Request) -> HttpResponse:
    """„Mein Tag“: the groups of the day with their most urgent rows; roles without cases see what is theirs."""
    actor = request.actor
    petitions, groups = worklist(actor), start_page(day_of(actor))
    sections = [
        {"of": group, "kind": KINDS.get(group.group, ""), "url": f"{reverse('cases:list')}?mein_tag={group.group}"}
        for group in groups
    ]
    context = {
        "petitions": petitions,
        "sections": sections,
        "is_idle": not petitions and not any(group.count for group in groups if group.is_work),
        "places": [item for item in places_for(actor, request.path) if not item.active],
        "why_no_rules": [why_no_rules(office, request.today) for office in actor.without_rules],
        "duties": [ROLES[seat.role] for seat in actor.seats if seat.holder_id == actor.user_id],
    }
    return render(request, "home.html", context)
