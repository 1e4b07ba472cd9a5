"""The page of one case, its wording through all corrections, and correcting what was registered."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from cases.access import why_may_not_grant
from cases.contributing import Contributors, Part, part_of
from cases.handling.reading.conduct import conduct_way
from cases.handling.reading.ladder import is_on_ladder, ladder
from cases.lookup import earlier_of_the_person, visible_case
from cases.models import Case, Person, Transfer
from cases.permissions import check_may, why_may_not, why_not_tick_off
from cases.rule_lines import rule_line as rule_behind
from cases.rules.events import CATEGORY_LABELS, Category
from cases.rules.lifecycle import STATUSES, Status, check_is_open
from cases.seams import panels
from cases.statements.reading.page import statement_row
from cases.wording import corrections_shown, sees_earlier_wordings, versions
from cases.workplace.actions import edit_case
from cases.workplace.forms.case import DocumentForm, EditForms, FollowUpForm, NoteForm
from cases.workplace.reading import story
from cases.workplace.reading.own_part import own_part
from cases.workplace.reading.rows import turn_of
from cases.workplace.reading.steps import GROUP_WORDS, Group, NextStep, next_duty, rule_line, steps
from offices.errors import ChangedMeanwhile, NotAllowed
from offices.forms import whole_number
from offices.roles import Permission

FILTERS = {"alle": None, "kontakt": Category.CONTACT, "intern": Category.INTERNAL, "system": Category.SYSTEM}
FILTER_LABELS = {"alle": "Alles"} | {key: CATEGORY_LABELS[c] for key, c in FILTERS.items() if c}
BADGES = {Status.NEW: "info", Status.ANSWERED: "success"}


@require_safe
@vary_on_headers("HX-Request")
def detail(request, reference):
    if request.htmx and not request.htmx.history_restore_request:
        case = visible_case(request.actor, reference)
        entries = _timeline(request, case, _transfers(request, case))
        return render(request, "workplace/_timeline.html", {"case": case, **entries})
    case = visible_case(request.actor, reference, contributors=Contributors.ASKED)
    return show(request, case)


def show(request, case: Case, *, status: int = 200, **forms):
    """The page, for who contributes their part; `forms` are bound ones that were refused: note_form,
    follow_up_form, document_form."""
    actor = request.actor
    if part := part_of(actor, case):
        return _show_part(request, part, status=status, **forms)
    story.load(case)
    open_rows, done_rows = story.deadline_rows(case, request.today)
    found, duty, transfers = steps(actor, case), next_duty(case), _transfers(request, case)
    context = {
        "case": case,
        "entry": STATUSES[Status(case.status)],
        "badge_kind": BADGES.get(Status(case.status), "neutral"),
        "turn": turn_of(case),
        "next_step": next((step for step in found if step.prominent), None),
        "possible": _grouped(step for step in found if not step.prominent and step.why_not is None),
        "impossible": [step for step in found if not step.prominent and step.why_not],
        "rule_line": rule_line(case),
        "open_rows": open_rows,
        "done_rows": done_rows,
        "next_row": next((row for row in open_rows if row.deadline == duty), None),
        "note_why_not": why_may_not(actor, Permission.NOTE, case),
        "why_not_edit": why_may_not(actor, Permission.EDIT, case),
        "own_looks": _own_looks(request, case),
        "corrections": corrections_shown(actor, case),
        "may_extend": why_may_not(actor, Permission.EXTEND, case) is None,
        "may_grant": why_may_not_grant(actor, case) is None,
        "note_form": NoteForm(case=case, actor=actor),
        "follow_up_form": FollowUpForm(case=case, actor=actor),
        "document_form": DocumentForm(),
        **_contributions(request, case),
        "transfers": transfers,
        **_people(request, case),
        **_timeline(request, case, transfers),
        **forms,
        "panels": panels(actor, case),
        "refused": list(forms.values()),
    }
    return render(request, "workplace/detail.html", context, status=status)


def _show_part(request, part: Part, *, status: int, **forms):
    """The reaction, what is asked and one's own part, with the sentence why one sees it (K18)."""
    actor, case = request.actor, part.case
    found = own_part(actor, part)
    note_form = forms.get("note_form") or NoteForm()
    context = {
        "case": case,
        "part": part,
        **vars(found),
        "next_step": next((step for step in found.steps if step.prominent), None),
        "possible": _grouped(step for step in found.steps if not step.prominent),
        "note_why_not": why_may_not(actor, Permission.NOTE, case),
        "note_form": note_form,
        "follow_up_form": FollowUpForm(case=case, actor=actor) if part.settles else None,
        "document_form": DocumentForm(),
        **(_people(request, case) if part.settles else {}),
        **forms,
        "refused": list(forms.values()),
    }
    return render(request, "workplace/part.html", context, status=status)


def _grouped(found: Iterable[NextStep]) -> list[dict]:
    """The steps under their headings; a heading without one falls away."""
    groups = {group: [] for group in Group}
    for step in found:
        groups[step.group].append(step)
    return [{"key": key, "label": GROUP_WORDS[key], "steps": entries} for key, entries in groups.items() if entries]


def _own_looks(request, case: Case) -> set[int]:
    """Wiedervorlagen that are this person's to tick off: those of the desk are not the unit's."""
    return {d.pk for d in case.deadlines.all() if why_not_tick_off(request.actor, case, d) is None}


def _contributions(request, case: Case) -> dict:
    """What the house adds: Verfügung, statements, rungs of the ladder, the way of a Dienstaufsichtsbeschwerde."""
    directives = [d for d in case.directives.all() if d.round == case.round]
    return {
        "directive": directives[-1] if directives else None,
        "statements": [statement_row(statement) for statement in case.statements.all()],
        "ladder": ladder(case, request.today) if is_on_ladder(case) else None,
        "way": conduct_way(case),
    }


def _transfers(request, case: Case) -> list[Transfer]:
    """What was handed over out of the case, as far as it can be seen; nothing is asked where there is none."""
    if not case.transfers.all():
        return []
    return list(Transfer.objects.visible_to(request.actor).filter(case=case).order_by("pk"))


def _people(request, case: Case) -> dict:
    """Who wrote, to whom letters go (B4-7), and for the desk what the person wrote before."""
    persons = {person.capacity: person for person in case.persons.all()}
    complainant = persons.get(Person.Capacity.COMPLAINANT)
    representative = persons.get(Person.Capacity.REPRESENTATIVE)
    earlier = earlier_of_the_person(request.actor, case)
    return {"complainant": complainant, "representative": representative, "earlier": earlier}


def _timeline(request, case: Case, seen: list[Transfer]) -> dict:
    chosen = request.GET.get("verlauf", "alle")
    chosen = chosen if chosen in FILTERS else "alle"
    return {
        "chosen": chosen,
        "filters": [(key, FILTER_LABELS[key]) for key in FILTERS],
        "entries": story.timeline(case, FILTERS[chosen], {*case.transfers.all()} - {*seen}),
    }


@require_safe
def wording(request, reference):
    """All versions of what was written, with their differences."""
    case = visible_case(request.actor, reference)
    if not sees_earlier_wordings(request.actor, case):
        raise Http404
    context = {"matter": case, "versions": versions(case), "back_label": "Zum Vorgang"}
    return render(request, "workplace/wording.html", context)


@require_http_methods(["GET", "POST"])
def edit(request, reference):
    case = visible_case(request.actor, reference)
    check_may(request.actor, Permission.EDIT, case)
    check_is_open(Status(case.status))
    forms, version, differences = EditForms(case, request.actor, request.POST or None), case.version, {}
    if request.method == "POST":
        version = whole_number(request.POST.get("version"))
        if forms.are_valid():
            try:
                edit_case(
                    by=request.actor,
                    case=case,
                    expected_version=version,
                    changes=forms.changes,
                    correction_reason=forms.correction_reason,
                )
            except ChangedMeanwhile as refusal:
                version, differences = refusal.version, refusal.differences
                forms = forms.rebased(visible_case(request.actor, reference))
            except NotAllowed as refusal:
                forms.case.add_error(refusal.field if refusal.field in forms.case.fields else None, refusal.reason)
            else:
                messages.success(request, "Die Angaben sind gespeichert.")
                return redirect(f"{reverse('cases:detail', args=[reference])}#angaben")
    context = {"case": case, "forms": forms, "version": version, "differences": differences}
    context["rule_line"] = rule_behind(case, "registration", case.rule_set.parameters.registration.sentence)
    return render(request, "workplace/edit.html", context, status=422 if request.method == "POST" else 200)
