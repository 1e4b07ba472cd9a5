"""The Kein-KRM desk: what is still to be handed over, and entering what is no case."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from cases.apart import dienstherr
from cases.intake.forms import EMPLOYEE_ROWS
from cases.lookup import visible_case
from cases.models import RegistrationDraft, Transfer
from cases.permissions import check_may
from cases.rules.deadlines import Level
from cases.rules.objections import decision_day
from cases.rules.transfers import objection_signal
from cases.rules.triage import REASON_LABELS, Proposal, Reason, propose
from cases.transfers.actions.triage import hand_over_case, register_transfer, split_off
from cases.transfers.forms import CaseTransferForm, EmployeeForm, PersonForm, TransferForm
from cases.transfers.reading.data_protection import taking_part, transfers_for_dpo
from cases.transfers.reading.receipt import to_dispatch
from cases.visibility import desk_offices, dpo_offices
from offices.errors import NotAllowed
from offices.forms import try_action
from offices.models import Office
from offices.queries import rule_set_in_force
from offices.roles import Permission
from offices.rules.vocabulary import Route

PER_PAGE = 25
PENDING = Q(handed_over_at__isnull=True)


@require_GET
def transfers(request):
    """The desk: what is still here with the most pressing first, or everything with the newest first."""
    if not desk_offices(request.actor):
        return _to_the_dpo(request)
    desk = Transfer.objects.visible_to(request.actor)
    show_all = request.GET.get("stand") == "alle"
    reason = _reason(request.GET.get("grund"))
    per_reason = desk.order_by("reason").values("reason").annotate(all=Count("pk"), open=Count("pk", filter=PENDING))
    counts: list[dict[str, Any]] = list(per_reason)
    found = desk if show_all else desk.pending().order_by(F("objection_until").asc(nulls_last=True), "received_on")
    if reason:
        found = found.filter(reason=reason)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    which = "all" if show_all else "open"
    context = {
        "page_obj": page,
        "rows": [_row(transfer, request.today) for transfer in page],
        "show_all": show_all,
        "reason": reason,
        "open_count": sum(row["open"] for row in counts),
        "all_count": sum(row["all"] for row in counts),
        "reasons": [(row["reason"], _in_short(row["reason"]), row[which]) for row in counts if row[which]],
        "may_register": request.actor.may(Permission.TRIAGE),
        "to_dispatch": to_dispatch(request.actor),
    }
    return render(request, "transfers/transfers.html", context)


def _to_the_dpo(request):
    """What was handed to the Datenschutz, for people who sit at no desk; the unanswered first (K11)."""
    if not dpo_offices(request.actor):
        raise Http404
    found = transfers_for_dpo(request.actor)
    open_rows = [row for row in found if not row.is_answered]
    show_all = request.GET.get("stand") == "alle"
    page = Paginator(found if show_all else open_rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "show_all": show_all, "open_count": len(open_rows), "all_count": len(found)}
    return render(request, "transfers/transfers_dpo.html", context)


def _row(transfer: Transfer, today) -> dict:
    """The period shows its rest only while the matter is still here."""
    runs = transfer.objection_until and not transfer.handed_over_at
    signal = objection_signal(transfer.objection_until, today) if runs else None
    return {
        "transfer": transfer,
        "reason": _in_short(transfer.reason),
        "signal": signal,
        "is_short": signal is not None and signal.level in (Level.SOON, Level.TODAY),
    }


def _in_short(reason: str) -> str:
    return REASON_LABELS[Reason(reason)].partition(" (")[0]


@require_http_methods(["GET", "POST"])
def transfer_new(request):
    """First why, with what the office's rules say to each reason; then what. With ?case a registered case leaves."""
    if "case" in request.GET:
        return _case_leaves(request)
    offices = _desks(request)
    entered = _entered(request.user)
    office = _asked_office(offices, request.GET.get("office") or entered.get("office", ""))
    in_force = rule_set_in_force(office, request.today)
    rules = partial(propose, parameters=in_force.parameters, employer=dienstherr(office))
    reason = _reason(request.POST.get("reason") or request.GET.get("reason"))
    context = {"office": office, "offices": offices, "from_draft": bool(entered), "rule_set_id": in_force.pk}
    if reason is None:
        return _choose_reason(request, rules, context)
    proposal = rules(reason)
    initial = {"received_on": request.today, **entered}
    sent = _sent(request, proposal)
    initial_matter = initial | _proposed(proposal) | _decision(proposal, str(entered.get("text", "")), request.today)
    form = TransferForm(sent, request.FILES or None, initial=initial_matter, today=request.today)
    person_form = PersonForm(sent, initial=initial)
    about = [
        EmployeeForm(
            sent, prefix=f"employee-{number}", initial=_below(entered, number), office=office, today=request.today
        )
        for number in range(EMPLOYEE_ROWS)
    ]
    if _reason_stands(request) and all([one.is_valid() for one in (form, person_form, *about)]):
        data = form.transfer(person_form.person, filter(None, (one.employee for one in about)))
        if transfer := try_action(form, register_transfer, by=request.actor, office=office, data=data):
            return _registered(request, transfer)
    return _show_form(request, form, proposal, {**context, "person_form": person_form, "about_forms": about})


def _case_leaves(request):
    """Hand over a registered case, or the part of it that belongs elsewhere."""
    case = visible_case(request.actor, request.GET["case"])
    check_may(request.actor, Permission.TRIAGE, case)
    rules = partial(propose, parameters=case.rule_set.parameters, employer=dienstherr(case.office))
    reason = _reason(request.POST.get("reason") or request.GET.get("reason"))
    context = {"office": case.office, "case": case, "taking_part": taking_part(case.rule_set.parameters)}
    if reason is None:
        return _choose_reason(request, rules, context)
    proposal = rules(reason)
    form = CaseTransferForm(
        _sent(request, proposal),
        initial=_proposed(proposal) | _decision(proposal, case.text, case.received_on),
        today=request.today,
        case=case,
        proposal=proposal,
    )
    if _reason_stands(request) and form.is_valid():
        action = split_off if form.is_part else hand_over_case
        if transfer := try_action(form, action, by=request.actor, case=case, **form.arguments):
            return _registered(request, transfer)
    return _show_form(request, form, proposal, context)


def _registered(request, transfer):
    messages.success(request, f"{transfer.reference} ist erfasst. Jetzt noch abgeben.")
    return redirect(transfer if Transfer.objects.visible_to(request.actor).filter(pk=transfer.pk).exists() else "home")


def _choose_reason(request, rules: Callable[[Reason], Proposal], context):
    proposals = [(reason, REASON_LABELS[reason], rules(reason)) for reason in Reason]
    return render(request, "transfers/transfer_reason.html", context | {"proposals": proposals, "as_case": Route.CASE})


def _show_form(request, form, proposal, context):
    context |= {
        "form": form,
        "forms": [form, context["person_form"], *context["about_forms"]] if "person_form" in context else [form],
        "proposal": proposal,
        "reason_label": REASON_LABELS[proposal.reason],
        "is_case_here": proposal.route == Route.CASE and not (proposal.keeps_case and "case" in context),
        "is_objection": proposal.reason == Reason.OBJECTION,
        "reason_changed": request.method == "POST" and not _reason_stands(request),
    }
    return render(request, "transfers/transfer_new.html", context)


def _reason(value) -> Reason | None:
    return Reason(value) if value in list(Reason) else None


def _proposed(proposal: Proposal) -> dict[str, str]:
    return {"reason": proposal.reason, "recipient": proposal.recipient}


def _decision(proposal: Proposal, text: str, received_on: date) -> dict[str, date]:
    """The day of the Bescheid that the text names, as a proposal; nothing where it names none."""
    day = decision_day(text, received_on) if proposal.reason == Reason.OBJECTION else None
    return {"decision_on": day} if day else {}


def _reason_stands(request) -> bool:
    """Whether the recipient was proposed for the reason that is sent; else both are shown again to be checked."""
    return request.method == "POST" and request.POST.get("proposed_for") == request.POST.get("reason")


def _sent(request, proposal: Proposal):
    """What was sent; with the recipient of the new reason where somebody chose another one."""
    if request.method != "POST":
        return None
    if _reason_stands(request):
        return request.POST
    data = request.POST.copy()
    data["recipient"] = proposal.recipient
    return data


def _desks(request) -> list[Office]:
    """The offices for which this person decides about KRM and Kein KRM."""
    if not desk_offices(request.actor):
        raise Http404
    offices = list(Office.objects.filter(pk__in=request.actor.office_ids(Permission.TRIAGE)))
    if not offices:
        raise NotAllowed(f"Ihre Rolle umfasst nicht: {Permission.TRIAGE.label}.")
    return offices


def _asked_office(offices, wanted: str) -> Office:
    return next((office for office in offices if wanted in (office.slug, str(office.pk))), offices[0])


def _below(entered: dict[str, str], number: int) -> dict[str, str]:
    prefix = f"employee-{number}-"
    return {name.removeprefix(prefix): value for name, value in entered.items() if name.startswith(prefix)}


def _entered(user) -> dict[str, str]:
    """What is already typed on the page for registering, so that nobody types it twice."""
    draft = RegistrationDraft.objects.filter(user=user).first()
    return {name: values[0] for name, values in draft.data.items() if values} if draft else {}
