"""Sheets of a case as PDF, for everybody who sees the case."""

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from cases.directives.reading.sheets import documentation_pdf
from cases.lookup import visible_case
from offices.errors import NotAllowed
from offices.letterhead import LetterError


@require_safe
@csp_update({"object-src": [SELF]})  # Chromium shows a PDF as an object inside a page of its own
def documentation_sheet(request, reference):
    case = visible_case(request.actor, reference)
    try:
        content = documentation_pdf(case, request.actor)
    except LetterError as error:
        raise NotAllowed(str(error)) from error
    name = content_disposition_header(as_attachment=False, filename=f"Dokumentationsblatt {case.reference}.pdf")
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name})
