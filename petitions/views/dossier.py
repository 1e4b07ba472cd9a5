"""The file of a petition as one PDF, and the form on blank paper by which somebody gives up a written answer."""

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from cases.lookup import visible_case
from offices.errors import NotAllowed
from offices.letterhead import LetterError, render_blank
from petitions.models import Petition
from petitions.reading.dossier import Dossier, dossier_pdf, petition_dossier, station_dossier
from petitions.reading.lookup import visible_station
from petitions.reading.statement import petitioner_of

LINES = range(14)  # of a waiver, to write on


@require_safe
def dossier(request, reference):
    """All of it, for who sees the petition as a whole."""
    return _sent(petition_dossier(_petition(request, reference)))


@require_safe
def dossier_at_station(request, pk):
    """What belongs to the station's request; a body outside gets what was passed to it."""
    return _sent(station_dossier(request.actor, visible_station(request.actor, pk)))


@require_safe
@csp_update({"object-src": [SELF]})  # Chromium shows a PDF as an object inside a page of its own
def waiver_form(request, reference):
    """To be printed, filled in by hand and signed (PAN-32)."""
    petition = _petition(request, reference)
    context = {
        "petition": petition,
        "case": petition.case,
        "petitioner": petitioner_of(petition.case),
        "lines": LINES,
    }
    try:
        content = render_blank("petitions/waiver_form.html", context, "petitions/waiver_form.css")
    except LetterError as error:
        raise NotAllowed(str(error)) from error
    name = content_disposition_header(as_attachment=False, filename=f"Verzicht {petition.case.reference}.pdf")
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name})


def _petition(request, reference) -> Petition:
    case = visible_case(request.actor, reference)
    found = get_object_or_404(Petition.objects.select_related("power_of_attorney", "waiver"), case=case)
    found.case = case
    return found


def _sent(found: Dossier) -> HttpResponse:
    """As attachment: other people's files are in it, which no browser shows inside this site."""
    try:
        content = dossier_pdf(found)
    except LetterError as error:
        raise NotAllowed(str(error)) from error
    name = content_disposition_header(as_attachment=True, filename=f"Akte {found.name}.pdf")
    response = HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name})
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
