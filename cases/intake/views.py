"""Registering a reaction: one page, its draft, and what the office's rules and earlier cases say beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.apart import dienstherr, leads_the_house
from cases.intake.actions import register as actions
from cases.intake.actions.drafts import discard_draft, save_draft
from cases.intake.forms import RegisterForms, entry_key
from cases.lookup import earlier_cases, own_registration
from cases.models import Case, RegistrationDraft
from cases.permissions import roles_to_register
from cases.rule_lines import line
from cases.rules.intake import is_front_office
from cases.rules.kinds import Channel, Kind
from cases.rules.registration import search_name
from cases.rules.triage import REASON_LABELS, Hint, hints
from offices.errors import NotAllowed
from offices.forms import try_action, whole_number
from offices.models import Office
from offices.queries import rule_set_in_force
from offices.roles import Permission
from offices.rules.parameters import Parameters
from offices.rules.vocabulary import Route

STAYS_FOR_THE_NEXT = ("office", "channel", "received_on", "reached_krm_on")
NOT_OF_THE_DRAFT = ("csrfmiddlewaretoken", "then", "reason", "files")


@require_http_methods(["GET", "POST"])
@csp_update({"img-src": ["blob:"], "frame-src": ["blob:"]})  # the file beside the form
def register(request):
    draft = _draft(request) if request.method == "GET" else None
    typed = _first_values(draft.data) if draft else _kept(request.GET)
    sent = request.method == "POST"
    offices = _offices(request)
    office = _chosen(offices, (request.POST if sent else typed).get("office"))
    rules = rule_set_in_force(office, request.today)
    parameters = rules.parameters
    data = {"data": request.POST, "files": request.FILES} if sent else {"typed": typed}
    data["front_office"] = is_front_office(roles_to_register(request.actor, office.pk), parameters)
    forms = RegisterForms(office, today=request.today, max_concerns=parameters.max_concerns, **data)
    if sent and forms.are_valid():
        case = try_action(
            forms.matter, _register_once, by=request.actor, office=office, registration=forms.registration
        )
        if case:
            return _registered(request, case)
    context = {
        "forms": forms,
        "office": office,
        "offices": offices,
        "draft": draft,
        "files_are_lost": sent and bool(request.FILES),
        "rule_set_id": rules.pk,
        "rule_line": line(parameters, "registration", parameters.registration.sentence),
        **_beside(request, office, parameters, request.POST if sent else typed),
    }
    return render(request, "intake/register.html", context)


@require_POST
def draft(request):
    """Keep what is typed: quietly while typing, by button, or on the way to the Kein-KRM desk."""
    data = {name: values for name, values in request.POST.lists() if name not in NOT_OF_THE_DRAFT}
    saved = save_draft(by=request.actor, data=data)
    if request.htmx:
        return HttpResponse(f"zwischengespeichert um {timezone.localtime(saved.saved_at):%H:%M} Uhr")
    if reason := request.POST.get("reason"):
        query = urlencode({"reason": reason, "office": request.POST.get("office", "")})
        return redirect(f"{reverse('cases:transfer_new')}?{query}")
    if request.POST.get("then") == "check":
        return redirect(f"{reverse('cases:register')}#hinweise")
    messages.success(request, "Zwischengespeichert. Anlagen gehören nicht dazu; bitte beim Erfassen neu auswählen.")
    return redirect("cases:register")


@require_POST
def discard(request):
    discard_draft(by=request.actor)
    messages.success(request, "Die angefangene Erfassung ist verworfen.")
    return redirect("cases:register")


@require_POST
def register_hints(request):
    """What the words typed so far point to."""
    office = _chosen(_offices(request), request.POST.get("office"))
    parameters = rule_set_in_force(office, request.today).parameters
    found = _hints(request, office, parameters, request.POST.dict())
    return render(request, "intake/_register_hints.html", {"hints": found})


@require_POST
def register_earlier(request):
    """Cases of the same name or number."""
    return render(request, "intake/_register_earlier.html", _earlier(request, request.POST.dict()))


@require_GET
def registered(request, reference):
    """Where the case went, for those who may register but not read it."""
    return render(request, "intake/registered.html", {"case": own_registration(request.actor, reference)})


def _register_once(**registration) -> Case:
    """The case, also when the same page was sent twice."""
    try:
        return actions.register(**registration, with_draft=True)
    except actions.AlreadyRegistered as before:
        discard_draft(by=registration["by"])
        return before.case


def _registered(request, case: Case):
    visible = Case.objects.visible_to(request.actor).filter(pk=case.pk).exists()
    if request.POST.get("then") == "next":
        where = "" if visible else " und liegt jetzt beim KRM"
        messages.success(request, f"{case.reference} ist erfasst{where}.")
        return redirect(f"{reverse('cases:register')}?{urlencode(_kept(request.POST))}")
    if not visible:
        return redirect("cases:registered", case.reference)
    messages.success(request, f"{case.reference} ist erfasst.")
    return redirect(case)


def _offices(request) -> list[Office]:
    """Where this person may register; NotAllowed where nowhere."""
    known = request.actor.offices
    offices = sorted((known[pk] for pk in request.actor.office_ids(Permission.REGISTER)), key=lambda o: o.name)
    if not offices:
        raise NotAllowed(f"Ihre Rolle umfasst nicht: {Permission.REGISTER.label}.")
    return offices


def _chosen(offices: list[Office], slug: str | None) -> Office:
    return next((office for office in offices if office.slug == slug), offices[0])


def _draft(request) -> RegistrationDraft | None:
    """The person's draft; one that was registered meanwhile (its last autosave came late) is thrown away."""
    found = RegistrationDraft.objects.filter(user=request.user).first()
    key = entry_key(_first_values(found.data).get("entry")) if found else ""
    if key and Case.objects.filter(import_key=key).exists():
        discard_draft(by=request.actor)
        return None
    return found


def _kept(sent: Mapping[str, str]) -> dict[str, str]:
    """What one entry hands on to the next in the address: never anything about a person."""
    return {name: sent[name] for name in STAYS_FOR_THE_NEXT if name in sent}


def _first_values(data: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: values[0] for name, values in data.items() if values}


def _beside(request, office: Office, parameters: Parameters, typed: Mapping[str, str]) -> dict:
    return {"hints": _hints(request, office, parameters, typed), **_earlier(request, typed)}


@dataclass(frozen=True)
class ShownHint:
    hint: Hint
    label: str
    is_transfer: bool
    may_transfer: bool


def _hints(request, office: Office, parameters: Parameters, typed: Mapping[str, str]) -> list[ShownHint]:
    kind = Kind(typed["kind"]) if typed.get("kind") in list(Kind) else None
    channel = Channel(typed["channel"]) if typed.get("channel") in list(Channel) else None
    text = f"{typed.get('subject', '')}\n{typed.get('text', '')}"
    may_transfer = request.actor.may(Permission.TRIAGE, office.pk)
    named = [int(v) for k, v in typed.items() if k.startswith("employee-") and k.endswith("-user") and whole_number(v)]
    against = leads_the_house(office, named, request.today, request.today)
    found = hints(text, parameters, kind, employer=dienstherr(office), names_management=against, channel=channel)
    return [
        ShownHint(
            hint=hint,
            label=REASON_LABELS[hint.proposal.reason],
            is_transfer=hint.proposal.route == Route.TRANSFER,
            may_transfer=may_transfer,
        )
        for hint in found
    ]


def _earlier(request, typed: Mapping[str, str]) -> dict:
    names = {name: typed.get(name, "") for name in ("last_name", "first_name", "organisation")}
    name, number = search_name(**names), typed.get("customer_number", "").strip()
    return {"earlier": earlier_cases(request.actor, name, number), "asked": bool(name or number)}
