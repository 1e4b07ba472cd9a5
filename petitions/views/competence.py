"""Who answers for a matter: an aid that names paragraphs and reasons, and decides nothing (B2-9)."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from offices.middleware import Request
from offices.roles import Permission
from petitions.forms.competence import CompetenceForm
from petitions.reading.route_pages import offices_for
from petitions.rules.competence import Finding
from petitions.rules.vocabulary import Competence, LegalArea


@require_safe
def competence(request: Request) -> HttpResponse:
    """Without a question the empty form; what a question leaves out is the own office and SGB II."""
    offices = offices_for(request.actor, Permission.READ_CASES)
    if not offices:
        raise Http404
    usual = {"legal_area": LegalArea.SGB2.value, "office": str(offices[0].pk)}
    asked = bool(request.GET.keys() & {"tasks", *usual})
    data = request.GET.copy()
    for name, value in usual.items():
        data.setdefault(name, value)
    form = CompetenceForm(data if asked else None, initial=usual, offices=offices)
    finding = form.finding if form.is_valid() else None
    context = {
        "form": form,
        "finding": finding,
        "offices": offices,
        "try_url": _try_url(form, finding) if finding and finding.competence else "",
    }
    return render(request, "petitions/competence.html", context, status=422 if form.is_bound and form.errors else 200)


def _try_url(form: CompetenceForm, finding: Finding) -> str:
    """The way such a matter goes, on the page of the routes."""
    query = {
        "dienststelle": form.cleaned_data["office"].pk,
        "competence": finding.competence,
        "legal_area": form.cleaned_data["legal_area"],
    }
    if finding.competence == Competence.MIXED:
        query["parts"] = [part.value for part in finding.parts]
    return f"{reverse('petitions:routes')}?{urlencode(query, doseq=True)}"
