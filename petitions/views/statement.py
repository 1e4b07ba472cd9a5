"""The page of a Stellungnahme: the request beside the text, which becomes the paper that is passed on."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from cases.lookup import is_in_sight
from offices.errors import DRAFT_CHANGED, ChangedMeanwhile, NotAllowed
from offices.forms import whole_number
from petitions.actions.statement import edit_statement_text, take_as_paper
from petitions.forms.statement import StatementTextForm
from petitions.models import Station
from petitions.reading.lookup import visible_station
from petitions.reading.statement import (
    approved_parts,
    proposal,
    sees_whole,
    text_of,
    unsaved_differences,
    version_rows,
    why_not_write,
)
from petitions.rules.statement import Sections, hints, tidy

FROM_PARTS = "teile"


@require_http_methods(["GET", "POST"])
def statement(request, pk):
    """GET shows it as it stands, POST saves what is written."""
    station = _station(request, pk)
    if request.method != "POST":
        return _show(request, station)
    form = StatementTextForm(request.POST)
    if form.is_valid() and _try(form, edit_statement_text, request, station, sections=form.sections):
        messages.success(request, "Der Text ist gespeichert.")
        return redirect("petitions:statement", pk)
    return _show(request, station, form=form)


@require_POST
def statement_paper(request, pk):
    """Saves what stands in the form and typesets it."""
    station, form = _station(request, pk), StatementTextForm(request.POST)
    if form.is_valid() and (text := _try(form, edit_statement_text, request, station, sections=form.sections)):
        form.seen_version = text.version
        if paper := _try(form, take_as_paper, request, station, version=text.version):
            messages.success(request, f"{paper} liegt jetzt als PDF bei dem, was diese Station weitergibt.")
            return redirect("petitions:statement", pk)
    return _show(request, station, form=form)


def _station(request, pk) -> Station:
    """For who sees the petition as a whole, and for whoever writes at this station now."""
    station = visible_station(request.actor, pk)
    case = station.request.petition.case
    if why_not_write(request.actor, station, case) and not sees_whole(request.actor, case):
        raise Http404
    return station


def _try(form, action, request, station, *, version=None, **arguments):
    """What the action gives; None with the reason in the form, where differences stay on it for the page."""
    seen = whole_number(request.POST.get("version")) if version is None else version
    try:
        return action(by=request.actor, station=station, expected_version=seen, **arguments)
    except ChangedMeanwhile as conflict:
        form.add_error(None, DRAFT_CHANGED)
        form.differences, form.seen_version = conflict.differences, conflict.version
    except NotAllowed as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
    return None


def _show(request, station, *, form=None):
    actor, of = request.actor, station.request
    case, text = of.petition.case, text_of(of, station.part)
    whole, parts = sees_whole(actor, case), approved_parts(station)
    documents = list(station.documents.all())
    rows = version_rows(text, None if whole else [document.pk for document in documents]) if text else []
    stored = text.sections if text else Sections()
    shown, is_proposed = _shown(request.GET.get("fassung", ""), stored, rows, parts)
    context = {
        "station": station,
        "petition": of.petition,
        "kicker": str(of.petition) if whole else of.petition.number,
        "asked": of,
        "due_on": station.deadline.due_on if station.is_open and station.deadline else of.due_on,
        "case": case if is_in_sight(actor, case) else None,
        "sees_whole": whole,
        "documents": documents,
        "parts": parts,
        "text": text,
        "sections": stored.written,
        "versions": rows,
        "unsaved": unsaved_differences(text, rows) if text else [],
        "is_proposed": is_proposed,
        "hints": hints(tidy(form.sections) if form and form.is_valid() else shown),
        "version": getattr(form, "seen_version", None) or (text.version if text else 0),
        "form": form or StatementTextForm(initial=_initial(shown)),
        "why_not_write": why_not_write(actor, station, case),
    }
    return render(request, "petitions/statement.html", context, status=422 if form else 200)


def _shown(wanted: str, stored: Sections, rows, parts) -> tuple[Sections, bool]:
    """What the form begins with, and whether it is not saved yet: the parts as a whole, an earlier version, or what
    stands."""
    if parts and (wanted == FROM_PARTS or not stored.written):
        return proposal(parts), True
    for row in rows:
        if wanted == str(row.paper.number):
            return row.paper.sections, row.paper.sections != stored
    return stored, False


def _initial(sections: Sections) -> dict[str, str]:
    return {section.value: text for section, text in sections.written}
