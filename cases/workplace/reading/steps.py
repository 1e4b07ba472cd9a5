"""What can be done next on a case, what not yet and why: lifecycle and permissions read for one page."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from urllib.parse import urlencode

from django.urls import reverse

from cases.apart import why_at_the_desk
from cases.closing.reading import owes_directive, why_not_answer
from cases.contributing import Part
from cases.handling.reading.conduct import approval_asked, missing_signature
from cases.handling.reading.ladder import has_ladder
from cases.models import Assignment, Case, Deadline, Directive, Letter
from cases.permissions import why_may_not, why_not_move
from cases.rule_lines import RuleLine, line
from cases.rules import lifecycle
from cases.rules.assignments import SETTLING, AssignmentKind
from cases.rules.directives import owed_by_management
from cases.rules.escalation import why_not_now
from cases.rules.kinds import Channel, Kind
from cases.rules.lifecycle import OPEN_STATUSES, STATUSES, Status, Step
from cases.rules.triage import Reason
from cases.seams import added_steps
from offices.calendars import Period
from offices.queries import Actor
from offices.roles import Permission
from offices.rules.parameters import Parameters

DUTIES: dict[str, tuple[str, Callable[[Parameters], Period | None]]] = {  # the parameter and how long it gives
    "K1": ("acknowledgement", lambda parameters: parameters.acknowledgement.period),
    "K2": ("closure", lambda parameters: parameters.closure.period),
    "K3": ("interim", lambda parameters: parameters.interim.period),
}


class Group(StrEnum):
    """Under which heading a step stands that is not the next one."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    CASE = "case"


GROUP_WORDS = {Group.INSIDE: "Im Haus", Group.OUTSIDE: "Zur Person", Group.CASE: "Zum Vorgang"}


@dataclass(frozen=True)
class NextStep:
    """A button: where it leads, whether it is the one next step, and the sentence why it cannot be used now."""

    label: str
    url: str
    method: str
    prominent: bool
    why_not: str | None
    group: Group = Group.CASE

    @property
    def is_post(self) -> bool:
        return self.method == "post"


@dataclass(frozen=True)
class _Draft:
    """A step before it is known which one is next."""

    key: str
    label: str
    url: str
    method: str
    why_not: str | None
    group: Group = Group.CASE


def steps(actor: Actor, case: Case) -> list[NextStep]:
    """The steps of the case for this person in the order of work; while the case is open exactly one is prominent.

    `case` is as `visible_case` gives it. A step that the state excludes or the role does not hold stays in the list
    with its reason.
    """
    drafts = [draft for make in _MAKERS if (draft := make(actor, case))]
    added = list(added_steps(actor, case))
    drafts += [_Draft(s.key, s.label, s.url, s.method, s.why_not) for s in added]
    first = next((s.key for s in added if s.is_next and s.why_not is None), None)
    chosen = _next_key(actor, case, drafts, first)
    return [NextStep(d.label, d.url, d.method, d.key == chosen, d.why_not, d.group) for d in drafts]


def steps_in_part(actor: Actor, case: Case, part: Part) -> list[NextStep]:
    """What a contributor may do now beside what is asked by name: who settles the case moves it on (K18).

    `case` as for `steps`; without something asked the first of them is the one next step.
    """
    if not part.settles:
        return []
    makers = (*_SETTLING, *_ANSWERING) if part.writes else _SETTLING
    drafts = [draft for make in makers if (draft := make(actor, case)) and draft.why_not is None]
    talks = _stands_on_a_rung(actor, case) and any(d.key == "talk" for d in drafts)
    chosen = "talk" if talks else next((d.key for d in drafts), "")
    chosen = "" if any(task.kind not in SETTLING for task in part.tasks) else chosen
    return [NextStep(d.label, d.url, d.method, d.key == chosen, None, d.group) for d in drafts]


def rule_line(case: Case) -> RuleLine | None:
    """The rule of the office behind the next step, with its source; None where no rule asks for anything."""
    parameters = case.rule_set.parameters
    if case.status == Status.WITH_MANAGEMENT or (case.status == Status.ANSWERED and owes_directive(case)):
        return line(parameters, "first_stop")
    if case.status == Status.ANSWERED:
        return line(parameters, "documentation")
    if case.status == Status.IN_SIGNATURE:
        return line(parameters, "signature")
    nearest = next_duty(case)
    if nearest is None:
        return None
    name, period_of = DUTIES[nearest.rule_key]
    period = period_of(parameters)
    return line(parameters, name, period.words if period else "")


def next_duty(case: Case) -> Deadline | None:
    """The open deadline of K1 to K3 that comes next; where two end on one day, what ends the case comes first."""
    owed = (d for d in case.deadlines.all() if d.is_open and d.rule_key in DUTIES)
    return min(owed, key=lambda d: (d.due_on, d.rule_key), default=None)


def asked_of(actor: Actor, case: Case) -> list[Assignment]:
    """What is asked of this person, or of somebody the person stands in for, on this case; the most urgent first."""
    mine = [a for a in case.assignments.all() if a.is_open and a.user_id in actor.holder_ids]
    return sorted(mine, key=lambda a: (a.ends_by_tick, a.due_on is None, a.due_on or a.since_on, a.pk))


def _next_key(actor: Actor, case: Case, drafts: list[_Draft], first: str | None) -> str:
    """The table status -> next step, behind what is asked of the person by name and the `first` of what is added."""
    possible = {draft.key for draft in drafts if draft.why_not is None}
    keys = [draft.key for draft in drafts]
    if "asked" in possible:
        return "asked"
    if case.paused_since and "rest" in possible:
        return "rest"
    if first and case.status != Status.NEW:
        return first
    if "talk" in possible and _stands_on_a_rung(actor, case):
        return "talk"
    match Status(case.status):
        case Status.NEW:
            return "accept"
        case Status.WITH_KRM:
            return _first(possible, keys, _order_at_the_desk(case), "reply" if "reply" in keys else "close")
        case Status.WITH_UNIT:
            desk = not why_may_not(actor, Permission.TRIAGE, case)
            if desk and "acknowledge" in possible:
                return "acknowledge"
            return "statement" if "statement" in possible else "return"
        case Status.WITH_MANAGEMENT:
            return "acknowledge" if "acknowledge" in possible else "directive"
        case Status.IN_SIGNATURE:
            return "reply"
        case Status.ANSWERED:
            if "go_on" in possible and (why_not_answer(case) or owes_directive(case)):
                return "go_on"
            return _first(possible, keys, ("present_result", "praise"), "close")
    return ""


def _stands_on_a_rung(actor: Actor, case: Case) -> bool:
    """Whether this person is to settle what was brought orally (GER-10 to GER-12, GERA-25): best in a talk."""
    on_rung = any(a.kind == AssignmentKind.TAKE_RUNG for a in asked_of(actor, case))
    return on_rung and not Channel(case.channel).is_written


def _first(possible: set[str], keys: list[str], order: tuple[str, ...], otherwise: str) -> str:
    return next((key for key in order if key in possible), otherwise if otherwise in keys else "close")


def _order_at_the_desk(case: Case) -> tuple[str, ...]:
    """What the KRM does first: judge, refer, then the Verfügung before the confirmation where the Geschäftsführung
    signs it (PAN-20), else the other way round."""
    first = ("judge", "refer")
    if not needs_directive(case):
        contributions = ("request",) if why_not_answer(case) else ()
        return (*first, "acknowledge", "praise", *contributions)
    if _management_directs(case):
        return (*first, "directive", "acknowledge")
    return (*first, "acknowledge", "directive")


def _management_directs(case: Case) -> bool:
    return owed_by_management(case.rule_set.parameters, Kind(case.kind), Channel(case.channel))


def needs_directive(case: Case) -> bool:
    """Whether a Verfügung is the next thing to write: what came in writing or names its signer there, and has none.

    Never against the Geschäftsführung: the KRM signs without one (PAN-7).
    """
    if case.kind == Kind.PRAISE or case.is_card or case.against_management:
        return False
    if case.is_anonymous and not _management_directs(case):
        return False
    begun = any(d.round == case.round for d in case.directives.all() if d.issued_at)
    asked = any(s.round == case.round for s in case.statements.all())
    answered = _letter(case, Letter.Kind.FINAL) is not None
    return not (begun or asked or answered) and Channel(case.channel).is_written


def _simple(
    key: str,
    step: Step,
    permission: Permission,
    url_name: str,
    actor: Actor,
    case: Case,
    *,
    method: str = "get",
    label: str = "",
    group: Group = Group.CASE,
) -> _Draft:
    why = lifecycle.why_not(step, Status(case.status)) or why_may_not(actor, permission, case)
    label = label or lifecycle.TRANSITIONS[step].label
    return _Draft(key, label, reverse(url_name, args=[case.reference]), method, why, group)


def _open_step(
    key: str, label: str, permission: Permission, url_name: str, actor: Actor, case: Case, group: Group,
    step: Step | None = None,
) -> _Draft:  # fmt: skip
    """A step that any open case allows; with `step` only where its way through the states is possible."""
    why = _why_closed(case) or (lifecycle.why_not(step, Status(case.status)) if step else None)
    why = why or why_may_not(actor, permission, case)
    return _Draft(key, label, reverse(url_name, args=[case.reference]), "get", why, group)


_Maker = Callable[[Actor, Case], _Draft | None]
_accept: _Maker = partial(_simple, "accept", Step.ACCEPT, Permission.TRIAGE, "cases:accept", method="post")
_close: _Maker = partial(_simple, "close", Step.CLOSE, Permission.CLOSE, "cases:close")


def _hand(actor: Actor, case: Case) -> _Draft:
    draft = _simple("hand", Step.HAND_TO_UNIT, Permission.ASSIGN, "cases:hand_to_unit", actor, case, group=Group.INSIDE)
    why = draft.why_not or why_not_move(actor, Permission.ASSIGN, case) or why_at_the_desk(case)
    return replace(draft, why_not=why)


def _asked(actor: Actor, case: Case) -> _Draft | None:
    """What is asked of the person by name; handling a case ends with giving it back and has its own button."""
    own = (AssignmentKind.HANDLE, AssignmentKind.TAKE_RUNG)
    asked = next((a for a in asked_of(actor, case) if a.kind not in own), None)
    if asked is None:
        return None
    label = f"{asked.to_do[:1].upper()}{asked.to_do[1:]}"
    if asked.ends_by_tick:
        return _Draft("asked", label, reverse("cases:assignment_done", args=[asked.pk]), "post", None, Group.INSIDE)
    return _Draft("asked", label, asked.get_absolute_url(), "get", None, Group.INSIDE)


def _judge(actor: Actor, case: Case) -> _Draft | None:
    """Asked first of what is entered as Dienstaufsichtsbeschwerde where a role judges it (K7, GERA-27)."""
    if case.kind not in (Kind.COMPLAINT, Kind.CONDUCT_COMPLAINT) or why_may_not(actor, Permission.TRIAGE, case):
        return None
    waits = case.kind == Kind.CONDUCT_COMPLAINT and case.judged_on is None
    key = "judge" if waits and case.rule_set.parameters.conduct_complaint.assessed_by else "judge_anyway"
    label = "Beurteilen: Verhalten oder Sache"
    return _open_step(key, label, Permission.TRIAGE, "cases:judge", actor, case, Group.CASE)


def _refer(actor: Actor, case: Case) -> _Draft | None:
    """What is against the Geschäftsführung goes to its Dienstherr (PAN-7); what ends elsewhere, there (BLOG-5)."""
    conduct = case.rule_set.parameters.conduct_complaint
    if case.against_management:
        reason, label = Reason.AGAINST_MANAGEMENT, "Dem Dienstherrn vorlegen"
    elif case.kind == Kind.CONDUCT_COMPLAINT and conduct.closed_as_not_assessable and conduct.handed_to:
        reason, label = Reason.CONDUCT_COMPLAINT, f"Abgeben an: {conduct.handed_to}"
    else:
        return None
    if any(transfer.reason == reason for transfer in case.transfers.all()):
        return None
    why = _why_closed(case) or why_may_not(actor, Permission.TRIAGE, case)
    query = urlencode({"case": case.reference, "reason": reason.value})
    return _Draft("refer", label, f"{reverse('cases:transfer_new')}?{query}", "get", why, Group.CASE)


def _directive(actor: Actor, case: Case) -> _Draft | None:
    if case.kind == Kind.PRAISE or case.is_card or why_may_not(actor, Permission.DIRECT, case):
        return None
    own = [d for d in case.directives.all() if d.round == case.round]
    draft = next((d for d in own if d.issued_at is None), None)
    return _open_step(
        "directive", _directive_words(draft, bool(own)), Permission.DIRECT, "cases:directive", actor, case,
        Group.INSIDE, Step.DIRECT_TO_UNIT,
    )  # fmt: skip


def _directive_words(draft: Directive | None, any_before: bool) -> str:
    if draft is None:
        return "Weitere Verfügung schreiben" if any_before else "Verfügung schreiben"
    return "Verfügung prüfen und abverfügen" if draft.presented_at else "Verfügung fertigstellen"


def _request(actor: Actor, case: Case) -> _Draft | None:
    apart = case.kind == Kind.PRAISE or case.is_card or case.against_management
    if apart or why_may_not(actor, Permission.DIRECT, case):
        return None
    return _open_step(
        "request", "Stellungnahme anfordern", Permission.DIRECT, "cases:statement_request", actor, case,
        Group.INSIDE, Step.DIRECT_TO_UNIT,
    )  # fmt: skip


def _statement(actor: Actor, case: Case) -> _Draft | None:
    """The open statement of the case, for those who wait for it."""
    waiting = next((s for s in case.statements.all() if s.is_open and s.round == case.round), None)
    if waiting is None:
        return None
    return _Draft(
        "statement", "Stellungnahme ansehen", reverse("cases:statement", args=[waiting.pk]), "get", None, Group.INSIDE
    )


def _escalate(actor: Actor, case: Case) -> _Draft | None:
    if not has_ladder(case):
        return None
    draft = _open_step(
        "escalate", "Nächste Stufe der Leiter", Permission.WORK, "cases:escalate", actor, case, Group.INSIDE
    )
    return replace(draft, why_not=draft.why_not or why_not_now(Status(case.status)))


def _personal_talk(actor: Actor, case: Case) -> _Draft | None:
    if case.is_card or case.is_anonymous:
        return None
    return _open_step(
        "personal_talk", "Persönliches Gespräch", Permission.WORK, "cases:talk", actor, case, Group.OUTSIDE
    )


def _praise(actor: Actor, case: Case) -> _Draft | None:
    """Lob goes on to those it is for, once (K14)."""
    rule = case.rule_set.parameters.praise
    if case.kind != Kind.PRAISE or not rule.informs:
        return None
    if any(a.kind == AssignmentKind.PASS_ON_PRAISE and a.cancelled_on is None for a in case.assignments.all()):
        return None
    return _open_step("praise", "Lob weitergeben", Permission.TRIAGE, "cases:praise", actor, case, Group.INSIDE)


def _talk(actor: Actor, case: Case) -> _Draft | None:
    """Nobody stands behind a Meinungskarte to talk to (PAN-18)."""
    if case.is_card:
        return None
    label = "Gespräch vermerken und beantworten"
    draft = _simple("talk", Step.ANSWER, Permission.WORK, "cases:answer", actor, case, label=label, group=Group.OUTSIDE)
    why = draft.why_not or why_not_move(actor, Permission.WORK, case) or why_not_answer(case)
    return replace(draft, why_not=why)


def _back(actor: Actor, case: Case) -> _Draft:
    """The unit gives back; the desk enters what came back to it on another way."""
    label = "" if why_may_not(actor, Permission.TRIAGE, case) else "Rücklauf eintragen"
    return _simple(
        "return", Step.RETURN_TO_KRM, Permission.WORK, "cases:return_to_krm", actor, case, label=label,
        group=Group.INSIDE,
    )  # fmt: skip


def _present_result(actor: Actor, case: Case) -> _Draft | None:
    """What no letter says goes to who would have signed it (PAN-7, GERA-27)."""
    if case.status not in (Status.WITH_KRM, Status.ANSWERED) or approval_asked(case):
        return None
    letter = _letter(case, Letter.Kind.FINAL)
    if (letter and not letter.sent_on) or not missing_signature(case):
        return None
    label = f"Ergebnis vorlegen: {case.rule_set.parameters.conduct_complaint.signed_by.label}"
    draft = _open_step("present_result", label, Permission.TRIAGE, "cases:present_result", actor, case, Group.INSIDE)
    return replace(draft, why_not=draft.why_not or why_not_answer(case))


def _go_on(actor: Actor, case: Case) -> _Draft | None:
    """Offered only where it can be taken: an answered case in which something is still to do."""
    if case.status != Status.ANSWERED:
        return None
    return _simple("go_on", Step.GO_ON, Permission.CLOSE, "cases:go_on", actor, case)


def _reopen(actor: Actor, case: Case) -> _Draft | None:
    """Offered only where it can be taken: nobody looks for it on an open case."""
    if case.status != Status.CLOSED:
        return None
    return _simple("reopen", Step.REOPEN, Permission.CLOSE, "cases:reopen", actor, case)


def _transfer(actor: Actor, case: Case) -> _Draft:
    draft = _simple("transfer", Step.HAND_OVER, Permission.TRIAGE, "cases:detail", actor, case)
    url = f"{reverse('cases:transfer_new')}?{urlencode({'case': case.reference})}"
    return _Draft(draft.key, "Abgeben oder Teil abtrennen", url, draft.method, draft.why_not)


def _assign(actor: Actor, case: Case) -> _Draft:
    draft = _open_step("assign", "Bearbeitung zuweisen", Permission.ASSIGN, "cases:assign", actor, case, Group.INSIDE)
    return replace(draft, why_not=draft.why_not or why_not_move(actor, Permission.ASSIGN, case))


def _rest(actor: Actor, case: Case) -> _Draft | None:
    """Nothing is left to rest once the answer is out; what rests can always go on."""
    if case.status == Status.ANSWERED and not case.paused_since:
        return None
    name, label = (
        ("cases:case_resume", "Bearbeitung fortsetzen") if case.paused_since else ("cases:case_pause", "Ruhen lassen")
    )
    return _open_step("rest", label, Permission.EXTEND, name, actor, case, Group.CASE)


def _acknowledge(actor: Actor, case: Case) -> _Draft | None:
    """The one next step while it is owed or begun; otherwise the desk may still write one (GERA-18, PAN-26)."""
    letter = _letter(case, Letter.Kind.ACKNOWLEDGEMENT)
    owed = any(d.is_open and d.kind == Deadline.Kind.ACKNOWLEDGEMENT for d in case.deadlines.all())
    key = "acknowledge" if owed or letter else "acknowledge_anyway"
    awaits_answer = case.status in OPEN_STATUSES - {Status.ANSWERED}
    too_late = letter.sent_on if letter else not awaits_answer
    if not owed and (case.is_anonymous or case.is_card or too_late):
        return None
    return _letter_step(key, Letter.Kind.ACKNOWLEDGEMENT, "Eingangsbestätigung", letter, actor, case)


def _interim(actor: Actor, case: Case) -> _Draft | None:
    """When the answer takes longer (K3); another one once the last has left the house."""
    if case.is_anonymous or case.is_card or case.status in (Status.NEW, Status.ANSWERED, Status.CLOSED):
        return None
    letter = next((x for x in case.letters.all() if x.kind == Letter.Kind.INTERIM and not x.sent_on), None)
    return _letter_step("interim", Letter.Kind.INTERIM, "Zwischennachricht", letter, actor, case)


def _reply(actor: Actor, case: Case) -> _Draft | None:
    """Offered where somebody can be written to and the final letter has not left the house."""
    letter = _letter(case, Letter.Kind.FINAL)
    if letter and letter.sent_on and case.status not in (Status.ANSWERED, Status.CLOSED):
        letter = None  # a further answer, once an answered case is worked on again
    if case.is_anonymous or case.is_card or (letter and letter.sent_on):
        return None
    if letter and case.status == Status.IN_SIGNATURE:
        return _Draft(
            "reply", "Schreiben ansehen", reverse("cases:letter", args=[letter.pk]), "get", None, Group.OUTSIDE
        )
    return _letter_step("reply", Letter.Kind.FINAL, "Abschlussschreiben", letter, actor, case)


def _letter_step(key: str, kind: Letter.Kind, words: str, letter: Letter | None, actor: Actor, case: Case) -> _Draft:
    if letter and letter.issued_at:
        why = _why_closed(case) or why_may_not(actor, Permission.DISPATCH, case)
        url = reverse("cases:letter", args=[letter.pk])
        return _Draft(key, f"{words} versenden", url, "get", why, Group.OUTSIDE)
    if letter and letter.submitted_at:
        url = reverse("cases:letter", args=[letter.pk])
        return _Draft(f"{key}_waits", f"{words} ansehen (zur Zeichnung)", url, "get", None, Group.OUTSIDE)
    why = _why_closed(case) or why_may_not(actor, Permission.WRITE_LETTERS, case)
    if letter:
        url = reverse("cases:letter", args=[letter.pk])
        return _Draft(key, f"{words} fertigstellen", url, "get", why, Group.OUTSIDE)
    url = reverse("cases:letter_draft", args=[case.reference, kind.value])
    return _Draft(key, f"{words} schreiben", url, "post", why, Group.OUTSIDE)


_SETTLING: tuple[_Maker, ...] = (_back, _talk, _personal_talk, _escalate, _assign, _hand)
_ANSWERING: tuple[_Maker, ...] = (_interim, _reply)
_MAKERS: tuple[_Maker, ...] = (
    _asked, _accept, _judge, _refer, _directive, _request, _statement, _hand, _assign, _escalate, _back, _acknowledge,
    _interim, _reply, _talk, _personal_talk, _praise, _present_result, _go_on, _close, _reopen, _transfer, _rest,
)  # fmt: skip


def _letter(case: Case, kind: Letter.Kind) -> Letter | None:
    """The letter of this kind in this round: the one that has not left the house, else the last one."""
    found = [x for x in case.letters.all() if x.kind == kind and x.round == case.round]
    return max(found, key=lambda x: (x.sent_on is None, x.pk), default=None)


def _why_closed(case: Case) -> str | None:
    status = Status(case.status)
    if status in OPEN_STATUSES:
        return None
    return f"Der Vorgang hat den Stand „{STATUSES[status].label}“."
