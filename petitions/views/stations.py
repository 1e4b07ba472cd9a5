"""A station: what lies there, and what whoever acts there does with it, in the house or outside it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from cases.documents import as_download
from offices.forms import try_action
from offices.middleware import Request as HttpRequest
from petitions.actions.chain import confirm_receipt, give_back, pass_on, read_notice, skip
from petitions.actions.outcome import dispatch
from petitions.actions.remarks import remark
from petitions.forms.stations import (
    DispatchForm,
    GiveBackForm,
    PassOnForm,
    ReceiptForm,
    RemarkForm,
    SkipForm,
)
from petitions.models import Station, StationNotice
from petitions.reading.lookup import visible_station
from petitions.reading.station import Desk, desk
from petitions.rules.vocabulary import DispatchWay


@require_safe
def station(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, desk(request.actor, visible_station(request.actor, pk)))


@require_POST
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    found = desk(request.actor, visible_station(request.actor, pk))
    form = ReceiptForm(request.POST, desk=found)
    return _act(request, found, form, "receipt", confirm_receipt, "Der Empfang ist bestätigt.")


@require_POST
def pass_on_page(request: HttpRequest, pk: int) -> HttpResponse:
    found = desk(request.actor, visible_station(request.actor, pk))
    form = PassOnForm(request.POST, desk=found)
    return _act(request, found, form, "passing", pass_on, "Weitergegeben.")


@require_POST
def give_back_page(request: HttpRequest, pk: int) -> HttpResponse:
    found = desk(request.actor, visible_station(request.actor, pk))
    form = GiveBackForm(request.POST, desk=found)
    return _act(request, found, form, "giving_back", give_back, "Mit Ihrem Hinweis zurückgegeben.")


@require_POST
def skip_page(request: HttpRequest, pk: int) -> HttpResponse:
    found = desk(request.actor, visible_station(request.actor, pk))
    form = SkipForm(request.POST)
    return _act(request, found, form, "skipping", skip, "Die Station ist übersprungen; beide Seiten sind unterrichtet.")


@require_POST
def dispatch_page(request: HttpRequest, pk: int) -> HttpResponse:
    found = desk(request.actor, visible_station(request.actor, pk))
    form = DispatchForm(request.POST, desk=found)
    if form.is_valid():
        form.cleaned_data["way"] = DispatchWay(form.cleaned_data["way"])
    return _act(
        request,
        found,
        form,
        "sending",
        dispatch,
        "Der Versand ist eingetragen; was versandt ist, ändert sich nicht mehr.",
    )


@require_POST
def remark_page(request: HttpRequest, pk: int) -> HttpResponse:
    found = desk(request.actor, visible_station(request.actor, pk))
    form = RemarkForm(request.POST)
    return _act(request, found, form, "remarking", remark, "Die Anmerkung ist eingetragen.")


@require_POST
def notice_read(request: HttpRequest, pk: int) -> HttpResponse:
    notice = get_object_or_404(StationNotice.objects.select_related("station"), pk=pk)
    found = visible_station(request.actor, notice.station_id)
    read_notice(by=request.actor, notice=notice)
    return redirect(found)


@require_GET
def document(request: HttpRequest, pk: int, document: int) -> FileResponse:
    """A file that was passed to this station, as attachment; nothing else of the case."""
    found = visible_station(request.actor, pk)
    file = next((row for row in found.documents.all() if row.pk == document), None)
    if file is None and found.request.document_id == document:
        file = found.request.document
    if file is None:
        raise Http404
    return as_download(file)


def _act(
    request: HttpRequest, found: Desk, form: forms.Form, name: str, action: Callable[..., Any], said: str
) -> HttpResponse:
    """One form, one action at the station; onward to where the person can still look."""
    if form.is_valid() and try_action(form, action, by=request.actor, station=found.station, **form.cleaned_data):
        messages.success(request, said)
        seen = Station.objects.visible_to(request.actor).filter(pk=found.station.pk)
        return redirect(found.station) if seen.exists() else redirect("home")
    return _show(request, found, **{name: form})


def _show(request: HttpRequest, found: Desk, **refused: forms.Form) -> HttpResponse:
    """The page; forms that were refused come back with what was typed."""
    forms_shown: dict[str, forms.Form] = {
        "receipt": ReceiptForm(desk=found),
        "passing": PassOnForm(desk=found),
        "giving_back": GiveBackForm(desk=found),
        "skipping": SkipForm(),
        "remarking": RemarkForm(),
    }
    if found.is_dispatch:
        forms_shown["sending"] = DispatchForm(desk=found)
    context = {
        "desk": found,
        "station": found.station,
        "petition": found.petition,
        "asked_for": found.request,
        "case": found.case,
        **forms_shown,
        **refused,
        "refused": list(refused.values()),
    }
    return render(request, "petitions/station.html", context, status=422 if refused else 200)
