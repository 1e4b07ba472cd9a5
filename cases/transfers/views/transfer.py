"""One matter of the Kein-KRM desk: its page, the hand-over, the Beleg that proves it, the letter about it."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.letters.actions.writing import draft_letter
from cases.letters.reading.paper import addressee
from cases.lookup import is_in_sight, office_calendar
from cases.models import Event, Letter, Person, Transfer
from cases.permissions import check_may_in
from cases.recusal.actions.complained_about_transfer import name_on_transfer, unname_on_transfer
from cases.rule_lines import line
from cases.rules.assignments import AssignmentKind
from cases.rules.kinds import Channel
from cases.rules.objections import ObjectionForm, form_of, form_words
from cases.rules.transfers import is_pressing, objection_signal
from cases.rules.triage import ObjectionPeriod, Reason, objection_period
from cases.transfers.actions.data_protection import ask_lead, finish_request
from cases.transfers.actions.edit import MATTER_FIELDS, edit_transfer
from cases.transfers.actions.inside import change_receiver
from cases.transfers.actions.triage import hand_over
from cases.transfers.forms import (
    AskLeadForm,
    EmployeeForm,
    HandOverForm,
    PersonForm,
    ReceiverForm,
    TransferEditForm,
)
from cases.transfers.reading.data_protection import (
    answer_of,
    has_list,
    taking_part,
    why_may_not_answer,
    why_may_not_ask,
)
from cases.transfers.reading.receipt import case_to_name, handed_over_event, receipt_pdf, rule_of, sees_case
from cases.transfers.reading.receivers import taken_over_by, why_not_change_receiver, why_not_hand_over
from cases.visibility import desk_offices, dpo_offices
from cases.wording import corrections_shown, sees_earlier_wordings, versions
from cases.workplace.reading.story import LEAVING
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.forms import try_action, whole_number
from offices.roles import Permission

NO_ADDRESS = "Ohne vollständige Anschrift kann keine Abgabenachricht geschrieben werden."
NO_ACCESS = (
    " und hat keinen Zugriff auf diese Abgabe. Was diese Person dafür gezeichnet oder geschrieben hat, ist wieder "
    "Entwurf, soweit es das Haus noch nicht verlassen hat."
)


@require_GET
def transfer(request, reference):
    return _show(request, _visible(request, reference))


def _show(request, found: Transfer, form: ReceiverForm | None = None):
    """The page, with the sent `form` where it was refused."""
    person = addressee(found)
    answering = dpo_offices(request.actor) if found.reason == Reason.DATA_PROTECTION else frozenset()
    no_address = None if person and person.has_address else NO_ADDRESS
    context = {
        "transfer": found,
        "rule": rule_of(found),
        "is_objection": found.reason == Reason.OBJECTION,
        "is_lawsuit": found.reason == Reason.LAWSUIT,
        "person": person,
        "about": found.complained_about.select_related("user"),
        "documents": found.documents.all(),
        "corrections": corrections_shown(request.actor, found),
        "letter": found.letters.filter(kind=Letter.Kind.TRANSFER).first(),
        "event": handed_over_event(found),
        "entries": [_entry(e) for e in found.events.select_related("by", "for_user").order_by("-seq")],
        **_taking_over(request, found, form),
        "may_edit": request.actor.may(Permission.TRIAGE, found.office_id),
        "at_desk": found.office_id in desk_offices(request.actor),
        "back_url": reverse("cases:transfers" if has_list(request.actor) else "home"),
        "case": case_to_name(found, request.actor),
        "sees_case": sees_case(found, request.actor),
        "beleg_is_next": found.office_id in desk_offices(request.actor) - answering,
        **_data_protection(request, found, no_address),
        "may_not_hand_over": _why_may_not(request, found, Permission.TRIAGE),
        "may_not_write": _why_may_not(request, found, Permission.WRITE_LETTERS) or no_address,
        "form_words": form_words(Channel(found.channel), found.objection_until)
        if found.reason == Reason.OBJECTION
        else "",
        "keeps_form": form_of(Channel(found.channel)) == ObjectionForm.KEPT,
        **_objection(found, request.today),
    }
    return render(request, "transfers/transfer.html", context, status=422 if form else 200)


def _taking_over(request, found: Transfer, form: ReceiverForm | None) -> dict:
    """Who in the house is to take it over or did, and the form to say so: at the hand-over, and as long as it waits."""
    asked = taken_over_by(found)
    is_mine = bool(asked and asked.is_open and asked.user_id in request.actor.holder_ids)
    waits = why_not_change_receiver(found) is None
    if form is None and (waits or not found.handed_over_at):
        form = (ReceiverForm if waits else HandOverForm)(transfer=found, today=request.today)
    return {
        "asked": asked,
        "taking_over_is_mine": is_mine,
        "loses_sight": is_mine and found.office_id not in desk_offices(request.actor) | dpo_offices(request.actor),
        "waits_for_receiver": waits,
        "form": form,
    }


@require_http_methods(["GET", "POST"])
def transfer_edit(request, reference):
    """What was forgotten at the desk; once the matter has left, only the person."""
    found = _visible(request, reference)
    check_may_in(request.actor, Permission.TRIAGE, found.office_id)
    sent = request.POST if request.method == "POST" else None
    matter, person = _edit_forms(found, sent, request.today)
    version, differences = found.version, {}
    if sent is not None and all([form.is_valid() for form in (matter, person) if form]):
        changes = (matter.changes if matter else {}) | person.cleaned_data
        reason = matter.cleaned_data["correction_reason"] if matter else ""
        seen = whole_number(sent.get("version"))
        try:
            edit_transfer(
                by=request.actor, transfer=found, expected_version=seen, changes=changes, correction_reason=reason
            )
        except ChangedMeanwhile as refusal:
            version, differences = refusal.version, refusal.differences
            matter = matter and matter.rebased(_visible(request, reference).text)
        except NotAllowed as refusal:
            form = matter or person
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
        else:
            messages.success(request, "Die Angaben sind gespeichert.")
            return redirect(found)
    forms = [form for form in (matter, person) if form]
    context = {"transfer": found, "forms": forms, "version": version, "differences": differences}
    name = rule_of(found).parameter
    context["rule_line"] = line(found.rule_set.parameters, name) if name else None
    return render(request, "transfers/transfer_edit.html", context, status=200 if sent is None else 422)


def _edit_forms(found: Transfer, sent, today: date) -> tuple[TransferEditForm | None, PersonForm]:
    """The form of the matter, until it has left, and that of the person."""
    person = PersonForm(sent, instance=found.persons.filter(capacity=Person.Capacity.COMPLAINANT).first())
    if found.handed_over_at:
        return None, person
    initial = {name: getattr(found, name) for name in MATTER_FIELDS}
    return TransferEditForm(sent, initial=initial, received_on=found.received_on, today=today), person


@require_GET
def transfer_wording(request, reference):
    """All versions of what was written, with their differences."""
    found = _visible(request, reference)
    if not sees_earlier_wordings(request.actor, found):
        raise Http404
    context = {"matter": found, "versions": versions(found), "back_label": "Zur Abgabe"}
    return render(request, "workplace/wording.html", context)


@require_POST
def transfer_hand_over(request, reference):
    found = _visible(request, reference)
    check_may_in(request.actor, Permission.TRIAGE, found.office_id)
    if reason := why_not_hand_over(found):
        raise NotAllowed(reason)
    form = HandOverForm(request.POST, transfer=found, today=request.today)
    if form.is_valid() and try_action(form, hand_over, by=request.actor, transfer=found, **form.cleaned_data):
        receiver = form.cleaned_data.get("receiver")
        words = f"Im Haus übergeben an: {receiver}." if receiver else f"Abgegeben an: {found.recipient}."
        messages.success(request, words)
        return redirect(found)
    return _show(request, found, form)


@require_POST
def transfer_receiver(request, reference):
    """Somebody else in the house takes it over, or until another day."""
    found = _visible(request, reference)
    check_may_in(request.actor, Permission.TRIAGE, found.office_id)
    form = ReceiverForm(request.POST, transfer=found, today=request.today)
    if form.is_valid() and try_action(form, change_receiver, by=request.actor, transfer=found, **form.cleaned_data):
        messages.success(request, "Gespeichert; wer die Abgabe übernimmt, erfährt es.")
        return redirect(found)
    return _show(request, found, form)


@require_GET
def transfer_receipt(request, reference):
    found = _visible(request, reference)
    response = HttpResponse(receipt_pdf(found, request.actor), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="Abgabe-Beleg-{found.reference}.pdf"'
    return response


@require_POST
def transfer_letter(request, reference):
    """Draft the Abgabenachricht, or go on with the one there is."""
    letter = draft_letter(by=request.actor, transfer=_visible(request, reference), kind=Letter.Kind.TRANSFER)
    return redirect("cases:letter", letter.pk)


def _visible(request, reference) -> Transfer:
    found = (
        Transfer.objects.visible_to(request.actor)
        .select_related("office", "rule_set", "case", "handed_over_by", "registered_by")
        .filter(reference=reference)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _why_may_not(request, found: Transfer, permission: Permission) -> str | None:
    if request.actor.may(permission, found.office_id):
        return None
    return f"Ihre Rolle umfasst nicht: {permission.label}."


def _data_protection(request, found: Transfer, no_address: str | None) -> dict:
    """The answer to the Datenschutz and who was asked about it (K11); empty for other matters."""
    if found.reason != Reason.DATA_PROTECTION:
        return {}
    to_contribute = found.assignments.exclude(kind=AssignmentKind.TAKE_OVER)
    contributing = list(to_contribute.filter(cancelled_on__isnull=True).select_related("user", "done_by"))
    return {
        "is_data_protection": True,
        "answer": answer_of(found),
        "answers_it": found.office_id in dpo_offices(request.actor),
        "may_not_answer": why_may_not_answer(request.actor, found) or no_address,
        "contributing": contributing,
        "ask_form": AskLeadForm(transfer=found, actor=request.actor),
        "may_not_ask": why_may_not_ask(request.actor, found),
        "mine": [one for one in contributing if one.is_open and one.user_id in request.actor.holder_ids],
        "taking_part": taking_part(found.rule_set.parameters),
    }


@require_POST
def transfer_answer(request, reference):
    """Draft the answer to the Datenschutz, or go on with the one there is (K11)."""
    letter = draft_letter(by=request.actor, transfer=_visible(request, reference), kind=Letter.Kind.DATA_PROTECTION)
    return redirect("cases:letter", letter.pk)


@require_POST
def transfer_ask(request, reference):
    """Ask a Führungskraft for her part (K11)."""
    found = _visible(request, reference)
    form = AskLeadForm(request.POST, transfer=found, actor=request.actor)
    if form.is_valid():
        ask_lead(by=request.actor, transfer=found, **form.cleaned_data)
        messages.success(request, f"{form.cleaned_data['user']} ist gebeten, Stellung zu nehmen.")
    else:
        messages.error(request, "Bitte angeben, wer worum gebeten wird.")
    return redirect(found)


@require_POST
def transfer_asked_done(request, reference, pk):
    """What was asked of oneself is done: the Abgabe taken over, or the part in the Datenschutz given."""
    found = _visible(request, reference)
    asked = finish_request(by=request.actor, assignment=get_object_or_404(found.assignments, pk=pk))
    is_taken_over = asked.kind == AssignmentKind.TAKE_OVER
    messages.success(request, f"Vermerkt: {'übernommen' if is_taken_over else 'Ihr Beitrag ist gegeben'}.")
    return redirect(found) if is_in_sight(request.actor, found) else redirect("home")


@require_http_methods(["GET", "POST"])
def transfer_employees(request, reference):
    """Whom it is about (B4-8)."""
    found = _visible(request, reference)
    check_may_in(request.actor, Permission.TRIAGE, found.office_id)
    entries = found.complained_about.select_related("user")
    named = [entry.user_id for entry in entries if entry.user_id]
    form = EmployeeForm(request.POST or None, office=found.office, today=request.today, besides=named)
    if form.is_valid() and (
        entry := try_action(form, name_on_transfer, by=request.actor, transfer=found, **form.cleaned_data)
    ):
        messages.success(request, f"{entry} ist eingetragen{NO_ACCESS if entry.user_id else '.'}")
        still_mine = Transfer.objects.visible_to(request.actor).filter(pk=found.pk).exists()
        return redirect("cases:transfer_employees", reference) if still_mine else redirect("home")
    context = {"transfer": found, "form": form, "entries": entries}
    return render(request, "recusal/transfer_employees.html", context, status=422 if form.is_bound else 200)


@require_POST
def transfer_employee_remove(request, reference, pk):
    found = _visible(request, reference)
    entry = get_object_or_404(found.complained_about.select_related("user"), pk=pk)
    unname_on_transfer(by=request.actor, transfer=found, entry=entry)
    messages.success(request, f"Der Eintrag „{entry}“ ist zurückgenommen.")
    return redirect("cases:transfer_employees", reference)


def _objection(found: Transfer, today: date) -> dict:
    """The running period of a Widerspruch: how it stands, whether the Eingang keeps it, how it was counted."""
    until_on = found.objection_until
    if until_on is None:
        return {}
    return {
        "signal": objection_signal(until_on, today),
        "is_over": until_on < today,
        "pressing": is_pressing(until_on, today),
        "kept": found.received_on <= until_on,
        "period": _period(found),
    }


def _period(found: Transfer) -> ObjectionPeriod | None:
    """How the stored end came about; None where the calendar of today would say otherwise."""
    period = objection_period(found.decision_on, office_calendar(found.office))
    return period if period.ends_on == found.objection_until else None


def _entry(event: Event) -> dict:
    return {
        "at": event.at,
        "by": event.by,
        "in_place_of": event.for_user,
        "title": event.sentence,
        "kind": event.category.value,
        "is_outgoing": event.code in LEAVING,
    }
