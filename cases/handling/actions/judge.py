"""Whether a complaint is a Dienstaufsichtsbeschwerde is judged by what it says, whatever it calls itself (K7)."""

from cases.apart import kept_out
from cases.asking import ask
from cases.handling.actions.notes import keep_note
from cases.handling.reading.conduct import NOTED_BY, TO_BE_JUDGED
from cases.intake.actions.register import why_no_conduct_case
from cases.models import Case, Note
from cases.permissions import seats_for
from cases.recording import locked, record, save
from cases.rules.assignments import AssignmentKind
from cases.rules.kinds import KIND_LABELS, Kind
from cases.unit_of_work import action
from offices.errors import NotAllowed
from offices.models import User
from offices.queries import Actor, memberships_on
from offices.roles import Permission

NO_REASON_TO_JUDGE = "Bitte mit einem Satz begründen; maßgeblich ist der Inhalt."
TO_NOTE = "von der Dienstaufsichtsbeschwerde Kenntnis nehmen"


@action
def judge_conduct(*, by: Actor, case: Case, is_conduct: bool, reason: str) -> Case:
    """Note what the complaint is by its content, and why (GER-7, GERA-27, PAN-7).

    Where K7 names who judges, only that role; else whoever decides about KRM and Kein KRM. Whom K7 tells first is
    asked to take note. NotAllowed for kinds other than complaints, without a reason, for the same judgement again,
    and where the office keeps no Dienstaufsichtsbeschwerde as a case: the sentence says where it goes.
    """
    case = locked(case, by=by, permission=permission_to_judge(case))
    if reason_not := why_may_not_judge(by, case):
        raise NotAllowed(reason_not)
    if not reason.strip():
        raise NotAllowed(NO_REASON_TO_JUDGE, "reason")
    if is_conduct and not case.rule_set.parameters.conduct_complaint.registered:
        raise NotAllowed(why_no_conduct_case(case.rule_set, case.against_management), "is_conduct")
    kind = Kind.CONDUCT_COMPLAINT if is_conduct else Kind.COMPLAINT
    if case.judged_on and case.kind == kind:
        raise NotAllowed(f"Das ist schon als {KIND_LABELS[kind]} beurteilt.")
    case.kind, case.judged_on, case.judged_by_id = kind, by.today, by.user_id
    save(case)
    record(
        "case.judged",
        by=by,
        permission=permission_to_judge(case),
        office_id=case.office_id,
        case=case,
        note=keep_note(case, reason, by=by, kind=Note.Kind.REASON),
        judgement=KIND_LABELS[kind],
    )
    if is_conduct:
        _tell_whom_k7_names_first(case, by)
    return case


def why_may_not_judge(actor: Actor, case: Case) -> str | None:
    """The sentence why this person does not judge this case; None where they do."""
    if case.kind not in TO_BE_JUDGED:
        return f"Beurteilt wird eine Beschwerde; erfasst ist: {KIND_LABELS[Kind(case.kind)]}."
    role = case.rule_set.parameters.conduct_complaint.assessed_by
    seats = seats_for(actor, permission_to_judge(case), case)
    if role and not any(seat.role == role for seat in seats):
        return f"Nach dem Regelwerk beurteilt das: {role.label} (K7)."
    return None if seats else f"Ihre Rolle umfasst nicht: {Permission.TRIAGE.label}."


def permission_to_judge(case: Case) -> Permission:
    """Deciding about KRM and Kein KRM, unless K7 names a role for it, which need not hold that permission."""
    named = case.rule_set.parameters.conduct_complaint.assessed_by
    return Permission.READ_CASES if named else Permission.TRIAGE


def _tell_whom_k7_names_first(case: Case, by: Actor) -> None:
    """Those people of that role who may see it and were not told as it came in (GER-7, GERA-27).

    Nobody new where the case is sealed.
    """
    first = case.rule_set.parameters.conduct_complaint.first_to
    if first is None or case.is_sealed:
        return
    seats = memberships_on(by.today).filter(office=case.office_id, role=first)
    for user in User.objects.filter(pk__in=seats.values("user")).exclude(pk__in=kept_out(case, by.today)):
        told = case.assignments.filter(kind__in=NOTED_BY, user=user, round=case.round)
        if user.pk != by.user_id and not told.exists():
            ask(case, AssignmentKind.TAKE_NOTE, user, by=by, task=TO_NOTE)
