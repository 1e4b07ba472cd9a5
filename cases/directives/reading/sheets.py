"""Sheets for the file: the Verfügungsblatt, and the Dokumentationsblatt that tells what was done (GERA-9, PAN-20)."""

from typing import Any

from cases.letters.reading.paper import letterhead_of
from cases.models import Case, Directive, Event, Statement, Transfer
from cases.rules.kinds import SETTLEMENT_LABELS, TALK_LABELS, Settlement, Talk
from cases.rules.retention import file_reference
from offices.letterhead import render_sheet
from offices.queries import Actor

DONE = ("case.returned_to_krm", "note.contact", "note.waiver", "case.talk")  # what tells of the work on a case in words


def documentation_pdf(case: Case, actor: Actor) -> bytes:
    """PDF bytes of the Dokumentationsblatt as things stand, marked as internal; LetterError as for every sheet."""
    return render_sheet("letters/documentation_sheet.html", documentation(case, actor))


def documentation(case: Case, actor: Actor) -> dict[str, Any]:
    """What the sheet shows of the current round: who wrote, what was done by whom, what left, and the result.

    Of the Abgaben only what the actor sees (B4-8, PAN-7).
    """
    plan = case.rule_set.parameters.file_plan
    return {
        "letterhead": letterhead_of(case.office),
        "title": f"Dokumentationsblatt {case.reference}",
        "case": case,
        "file_reference": file_reference(plan, case.kind, case.reference, is_card=case.is_card),
        "person": case.persons.first(),
        "concerns": case.concerns.select_related("topic", "unit"),
        "escalations": case.escalations.filter(round=case.round).select_related("person", "unit", "note"),
        "talk": TALK_LABELS[Talk(case.talk)] if case.talk else "",
        "done": _done(case),
        "statements": _statements(case),
        "letters": case.letters.filter(round=case.round, issued_at__isnull=False).select_related("issued_by"),
        "transfers": Transfer.objects.visible_to(actor).filter(case=case, handed_over_at__isnull=False),
        "settlement": SETTLEMENT_LABELS[Settlement(case.settlement)] if case.settlement else "",
    }


def directive_pdf(directive: Directive) -> bytes:
    """PDF bytes of the Verfügungsblatt; a draft is marked as one. LetterError as for every sheet."""
    case = directive.case
    plan = case.rule_set.parameters.file_plan
    related = ("unit", "person", "statement", "done_by")
    context = {
        "letterhead": letterhead_of(case.office),
        "title": f"{directive} zu {case.reference}",
        "case": case,
        "directive": directive,
        "points": directive.points.select_related(*related),
        "person": case.persons.first(),
        "file_reference": file_reference(plan, case.kind, case.reference, is_card=case.is_card),
        "draft": directive.issued_at is None,
    }
    return render_sheet("letters/directive_sheet.html", context)


def _done(case: Case) -> list[Event]:
    """What was done in this round, told in notes, oldest first."""
    events = case.events.filter(code__in=DONE, note__round=case.round)
    return list(events.select_related("note", "by", "for_user").order_by("seq"))


def _statements(case: Case) -> list[Statement]:
    """Those asked for in this round and not withdrawn."""
    asked = case.statements.filter(round=case.round, withdrawn_on=None)
    return list(asked.select_related("unit", "approved_by"))
