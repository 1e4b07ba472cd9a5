"""The requests under the number of a petition: entered, started, extended, answered, refused, ended."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.lookup import case_calendar
from cases.permissions import check_may
from offices.forms import try_action
from offices.middleware import Request as HttpRequest
from offices.roles import Permission
from petitions.actions.chain import reopen, replan, start_chain, withdraw
from petitions.actions.requests import add_request, answer_request, extend_request, refuse_files
from petitions.forms.petition import RequestForm
from petitions.forms.requests import AnswerForm, ExtensionForm, ReasonForm, RefusalForm, ReopenForm
from petitions.models import Petition, Request
from petitions.reading.lookup import requests_of, visible_petition, visible_request
from petitions.reading.page import RequestRow, request_rows
from petitions.reading.picture import picture


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, reference: str) -> HttpResponse:
    petition = visible_petition(request.actor, reference)
    check_may(request.actor, Permission.TRIAGE, petition.case)
    is_first = not petition.requests.exists()
    initial = {"received_on": petition.case.received_on if is_first else request.today}
    form = RequestForm(request.POST or None, request.FILES or None, initial=initial, is_first=is_first)
    if form.is_valid() and (
        added := try_action(form, add_request, by=request.actor, petition=petition, **form.entered)
    ):
        messages.success(request, f"{added.get_kind_display()} ist eingetragen.")
        return redirect(added)
    return show_form(request, petition, form, "Anforderung eintragen", "Eintragen")


@require_safe
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The chain of one request in full: picture, table, rounds, former plans, what was sent."""
    found = visible_request(request.actor, pk)
    return render(request, "petitions/request.html", {**_row(request, found), "petition": found.petition})


def _row(request: HttpRequest, found: Request) -> dict[str, Any]:
    rows: list[RequestRow] = request_rows(request.actor, found.petition, requests_of(found.petition))
    pk = found.extends_id or found.pk
    return {"row": next(row for row in rows if row.request.pk == pk), "case": found.petition.case}


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible_request(request.actor, pk)
    start_chain(by=request.actor, request=found)
    messages.success(request, "Der Berichtsweg hat begonnen; wer an der Reihe ist, ist unterrichtet.")
    return redirect(found)


@require_http_methods(["GET", "POST"])
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible_request(request.actor, pk)
    initial = {"received_on": request.today}
    form = ExtensionForm(request.POST or None, request.FILES or None, initial=initial)
    lead = (
        f"Bisher bis {found.due_on:%d.%m.%Y}. Ein laufender Berichtsweg wird mit der neuen Frist neu geplant."
        if found.due_on
        else ""
    )
    return _act(
        request, found, form, extend_request, "Fristverlängerung eintragen", "Eintragen", lead, Permission.EXTEND
    )


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    form = AnswerForm(request.POST or None, initial={"on": request.today})
    lead = "Sachstand, Akten und mündliche Auskunft gehen ohne Berichtsweg."
    return _act(
        request, visible_request(request.actor, pk), form, answer_request, "Antwort eintragen", "Eintragen", lead
    )


@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    form = RefusalForm(request.POST or None, initial={"on": request.today})
    lead = (
        "Akten dürfen nur aus gesetzlichem Grund verweigert werden; darüber entscheidet die oberste "
        "Aufsichtsbehörde (B2-5)."
    )
    return _act(request, visible_request(request.actor, pk), form, refuse_files, "Akten ablehnen", "Eintragen", lead)


@require_http_methods(["GET", "POST"])
def withdraw_page(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    lead = "Wer die Sache gerade hat, hat sie danach nicht mehr; sie lässt sich wieder öffnen."
    return _act(request, visible_request(request.actor, pk), form, withdraw, "Ohne Antwort beenden", "Beenden", lead)


@require_http_methods(["GET", "POST"])
def replan_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows first what the plan would be by what is known today."""
    found = visible_request(request.actor, pk)
    form = ReasonForm(request.POST or None)
    lead = (
        "Nach den Angaben zur Petition und den Berichtswegen von heute. Was erledigt ist, bleibt erledigt; "
        "der bisherige Plan bleibt stehen."
    )
    return _act(request, found, form, replan, "Weg und Termine neu planen", "Neu planen", lead)


@require_http_methods(["GET", "POST"])
def reopen_page(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible_request(request.actor, pk)
    drawn = picture(found, request.today, case_calendar(found.petition.case))
    if drawn is None:
        return redirect(found)
    form = ReopenForm(request.POST or None, picture=drawn)
    lead = "Von dieser Station an beginnt ein neuer Durchgang; was war, bleibt stehen."
    return _act(request, found, form, reopen, "Station noch einmal öffnen", "Öffnen", lead)


def _act(
    request: HttpRequest,
    found: Request,
    form: forms.Form,
    action: Callable[..., Any],
    title: str,
    button: str,
    lead: str = "",
    permission: Permission = Permission.TRIAGE,
) -> HttpResponse:
    """One form, one action on a request, back to its page."""
    check_may(request.actor, permission, found.petition.case)
    if form.is_valid() and try_action(form, action, by=request.actor, request=found, **form.cleaned_data):
        messages.success(request, "Eingetragen.")
        return redirect(found)
    return show_form(request, found.petition, form, title, button, lead=lead, back=found)


def show_form(
    request: HttpRequest,
    petition: Petition,
    form: forms.Form,
    title: str,
    button: str,
    *,
    lead: str = "",
    back: Petition | Request | None = None,
) -> HttpResponse:
    """The page of one form about a petition; refused ones come back with what was typed."""
    context = {
        "petition": petition,
        "case": petition.case,
        "form": form,
        "title": title,
        "button": button,
        "lead": lead,
        "back": back or petition,
    }
    return render(request, "petitions/form.html", context, status=422 if form.is_bound else 200)
