"""Notes and Wiedervorlagen; what is refused comes back on the page of the case with the words still in it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from cases.contributing import Contributors, is_shown, part_of
from cases.handling.actions.notes import add_note, finish_follow_up, set_follow_up
from cases.lookup import visible_case
from cases.models import Case, Deadline
from cases.workplace.forms.case import FollowUpForm, NoteForm
from cases.workplace.views.case_page import show
from offices.errors import NotAllowed
from offices.forms import try_action


@require_POST
def note(request, reference):
    case = visible_case(request.actor, reference, contributors=Contributors.ASKED)
    in_part = part_of(request.actor, case) is not None
    form = NoteForm(request.POST) if in_part else NoteForm(request.POST, case=case, actor=request.actor)
    if form.is_valid() and try_action(form, add_note, by=request.actor, case=case, **form.cleaned_data):
        messages.success(request, "Der Vermerk ist gespeichert." if in_part else "Der Vermerk steht im Verlauf.")
        return redirect(f"{reverse('cases:detail', args=[reference])}#verlauf")
    return show(request, case, status=422, note_form=form)


@require_POST
def follow_up(request, reference):
    case = visible_case(request.actor, reference, contributors=Contributors.SETTLING)
    form = FollowUpForm(request.POST, case=case, actor=request.actor)
    if form.is_valid():
        try:
            look = set_follow_up(by=request.actor, case=case, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error("due_on" if form.cleaned_data["due_on"] else None, refusal.reason)
        else:
            messages.success(request, f"Wiedervorlage am {look.due_on:%d.%m.%Y}.")
            return redirect(f"{reverse('cases:detail', args=[reference])}#fristen")
    return show(request, case, status=422, follow_up_form=form)


@require_POST
def follow_up_done(request, pk):
    seen = Deadline.objects.filter(pk=pk, case__in=Case.objects.visible_to(request.actor))
    deadline = get_object_or_404(seen.select_related("case"))
    if not is_shown(request.actor, deadline.case, deadline):
        raise Http404
    finish_follow_up(by=request.actor, deadline=deadline)
    messages.success(request, "Die Wiedervorlage ist erledigt.")
    return redirect(f"{deadline.case.get_absolute_url()}#fristen")
