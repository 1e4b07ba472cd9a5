"""What each requester can decide about a petition, as a list of the office."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from offices.errors import NotAllowed
from offices.middleware import Request
from offices.models import Office
from offices.roles import Permission
from petitions.actions.decision_options import list_decisions
from petitions.forms.decision_options import OptionFormSet, OptionRows, initial_of
from petitions.reading.route_pages import decided_with, listed_decisions, offices_for
from petitions.rules.vocabulary import Requester
from petitions.views.routes import chosen_office

WANTED = {requester.value: requester for requester in Requester}


@require_http_methods(["GET", "POST"])
def decision_options(request: Request) -> HttpResponse:
    """The list of one requester; its entries are renamed, put in order, added, and no longer offered."""
    offices = offices_for(request.actor, Permission.CHANGE_RULES)
    office = chosen_office(request, offices)
    requester = WANTED.get(request.GET.get("stelle", ""), Requester.BUNDESTAG)
    options = list(office.decision_options.filter(requester=requester))
    sent = request.POST if request.method == "POST" else None
    rows = OptionFormSet(sent, initial=initial_of(options), prefix="entscheidung")
    if request.method == "POST" and rows.is_valid() and _save(request, office, requester, rows):
        messages.success(request, f"Gespeichert: was entschieden werden kann, {requester.label}.")
        query = urlencode({"stelle": requester.value, "dienststelle": office.pk})
        return redirect(f"{reverse('petitions:decision_options')}?{query}")
    context = {
        "office": office,
        "offices": offices,
        "requester": requester,
        "listed": listed_decisions(office),
        "rows": rows,
        "decided": decided_with(options),
    }
    wrong = rows.is_bound and not rows.is_valid()
    return render(request, "petitions/decision_options.html", context, status=422 if wrong else 200)


def _save(request: Request, office: Office, requester: Requester, rows: OptionRows) -> bool:
    """A refusal stands at the row it is about."""
    try:
        list_decisions(by=request.actor, office=office, requester=requester, options=rows.options)
    except NotAllowed as refusal:
        filled = rows.filled
        place = int(refusal.field) if refusal.field else len(filled)
        form = filled[place] if place < len(filled) else rows.forms[0]
        form.add_error("label" if place < len(filled) else None, refusal.reason)
        return False
    return True
