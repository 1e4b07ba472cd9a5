"""What can be done next on a case, what not yet and why: lifecycle and permissions read for one page."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from django.urls import reverse

from cases.models import Case, Deadline, Letter
from cases.permissions import why_may_not
from cases.rules import lifecycle
from cases.rules.lifecycle import OPEN_STATUSES, STATUSES, Status, Step
from offices.queries import Actor
from offices.roles import Permission
from offices.rules.describing import WORDS
from offices.rules.parameters import Parameters

PARAMETER_OF = {WORDS[name][0]: name for name in ("acknowledgement", "closure", "interim")}  # K1 to K3


@dataclass(frozen=True)
class NextStep:
    """A button: where it leads, whether it is the one next step, and the sentence why it cannot be used now."""

    label: str
    url: str
    method: str
    prominent: bool
    why_not: str | None

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


def steps(actor: Actor, case: Case) -> list[NextStep]:
    """The steps of the case for this person in the order of work; while the case is open exactly one is prominent.

    `case` is as `visible_case` gives it. A step that the state excludes or the role does not hold stays in the list
    with its reason.
    """
    drafts = [
        draft
        for make in (_accept, _acknowledge, _reply, _talk, _hand, _assign, _back, _close, _reopen, _transfer, _rest)
        if (draft := make(actor, case))
    ]
    chosen = _next_key(actor, case, drafts)
    return [NextStep(d.label, d.url, d.method, d.key == chosen, d.why_not) for d in drafts]


@dataclass(frozen=True)
class RuleLine:
    """A rule of the office in one line; `anchor` is its place on the page of the rule set."""

    text: str
    anchor: str


def rule_line(case: Case) -> RuleLine | None:
    """The rule of the office behind the next step, with its source; None where no rule asks for anything."""
    parameters = case.rule_set.parameters
    if case.status == Status.ANSWERED:
        return _line(parameters, "documentation")
    nearest = next_duty(case)
    return _line(parameters, PARAMETER_OF[nearest.rule_key]) if nearest else None


def next_duty(case: Case) -> Deadline | None:
    """The open deadline of K1 to K3 that comes next; where two end on one day, what ends the case comes first."""
    owed = (d for d in case.deadlines.all() if d.is_open and d.rule_key in PARAMETER_OF)
    return min(owed, key=lambda d: (d.due_on, d.rule_key), default=None)


def _line(parameters: Parameters, name: str) -> RuleLine:
    origin = parameters.provenance[name]
    chosen = next((reading.source for reading in origin.readings if reading.key == origin.chosen), origin.source)
    period = parameters.interim_period if name == "interim" else getattr(getattr(parameters, name), "period", None)
    key, title, _ = WORDS[name]
    words = f", {period.words}" if period else ""
    return RuleLine(f"Regelwerk: {key} {title}{words} ({chosen})", key)


def _next_key(actor: Actor, case: Case, drafts: list[_Draft]) -> str:
    """The table status -> next step; with it the acknowledgement and the reply, which letters and talks stand for."""
    possible = {draft.key for draft in drafts if draft.why_not is None}
    if case.paused_since and "rest" in possible:
        return "rest"
    match Status(case.status):
        case Status.NEW:
            return "accept"
        case Status.WITH_KRM if "acknowledge" in possible:
            return "acknowledge"
        case Status.WITH_KRM:
            return "reply" if any(draft.key == "reply" for draft in drafts) else "close"
        case Status.WITH_UNIT if "acknowledge" in possible and not why_may_not(actor, Permission.TRIAGE, case):
            return "acknowledge"
        case Status.WITH_UNIT:
            return "return"
        case Status.ANSWERED:
            return "close"
    return ""


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
) -> _Draft:
    why = lifecycle.why_not(step, Status(case.status)) or why_may_not(actor, permission, case)
    label = label or lifecycle.TRANSITIONS[step].label
    return _Draft(key, label, reverse(url_name, args=[case.reference]), method, why)


_Maker = Callable[[Actor, Case], _Draft | None]
_accept: _Maker = partial(_simple, "accept", Step.ACCEPT, Permission.TRIAGE, "cases:accept", method="post")
_hand: _Maker = partial(_simple, "hand", Step.HAND_TO_UNIT, Permission.ASSIGN, "cases:hand_to_unit")
_close: _Maker = partial(_simple, "close", Step.CLOSE, Permission.CLOSE, "cases:close")


def _talk(actor: Actor, case: Case) -> _Draft | None:
    """Nobody stands behind a Meinungskarte to talk to (PAN-18)."""
    if case.is_card:
        return None
    label = "Gespräch vermerken und beantworten"
    return _simple("talk", Step.ANSWER, Permission.WORK, "cases:answer", actor, case, label=label)


def _back(actor: Actor, case: Case) -> _Draft:
    """The unit gives back; the desk enters what came back to it on another way."""
    label = "" if why_may_not(actor, Permission.TRIAGE, case) else "Rücklauf eintragen"
    return _simple("return", Step.RETURN_TO_KRM, Permission.WORK, "cases:return_to_krm", actor, case, label=label)


def _reopen(actor: Actor, case: Case) -> _Draft | None:
    """Offered only where it can be taken: nobody looks for it on an open case."""
    if case.status != Status.CLOSED:
        return None
    return _simple("reopen", Step.REOPEN, Permission.CLOSE, "cases:reopen", actor, case)


def _transfer(actor: Actor, case: Case) -> _Draft:
    draft = _simple("transfer", Step.HAND_OVER, Permission.TRIAGE, "cases:detail", actor, case)
    url = f"{reverse('cases:transfer_new')}?{urlencode({'case': case.reference})}"
    return _Draft(draft.key, draft.label, url, draft.method, draft.why_not)


def _assign(actor: Actor, case: Case) -> _Draft:
    url = reverse("cases:assign", args=[case.reference])
    why = _why_closed(case) or why_may_not(actor, Permission.ASSIGN, case)
    return _Draft("assign", "Bearbeitung zuweisen", url, "get", why)


def _rest(actor: Actor, case: Case) -> _Draft | None:
    """Nothing is left to rest once the answer is out; what rests can always go on."""
    if case.status == Status.ANSWERED and not case.paused_since:
        return None
    name, label = (
        ("cases:case_resume", "Bearbeitung fortsetzen") if case.paused_since else ("cases:case_pause", "Ruhen lassen")
    )
    why = _why_closed(case) or why_may_not(actor, Permission.EXTEND, case)
    return _Draft("rest", label, reverse(name, args=[case.reference]), "get", why)


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


def _reply(actor: Actor, case: Case) -> _Draft | None:
    """Offered where somebody can be written to and the final letter has not left the house."""
    letter = _letter(case, Letter.Kind.FINAL)
    if case.is_anonymous or case.is_card or (letter and letter.sent_on):
        return None
    return _letter_step("reply", Letter.Kind.FINAL, "Abschlussschreiben", letter, actor, case)


def _letter_step(key: str, kind: Letter.Kind, words: str, letter: Letter | None, actor: Actor, case: Case) -> _Draft:
    if letter and letter.issued_at:
        why = _why_closed(case) or why_may_not(actor, Permission.DISPATCH, case)
        return _Draft(key, f"{words} versenden", reverse("cases:letter", args=[letter.pk]), "get", why)
    why = _why_closed(case) or why_may_not(actor, Permission.WRITE_LETTERS, case)
    if letter:
        return _Draft(key, f"{words} fertigstellen", reverse("cases:letter", args=[letter.pk]), "get", why)
    url = reverse("cases:letter_draft", args=[case.reference, kind.value])
    return _Draft(key, f"{words} schreiben", url, "post", why)


def _letter(case: Case, kind: Letter.Kind) -> Letter | None:
    return next((x for x in case.letters.all() if x.kind == kind and x.round == case.round), None)


def _why_closed(case: Case) -> str | None:
    status = Status(case.status)
    if status in OPEN_STATUSES:
        return None
    return f"Der Vorgang hat den Stand „{STATUSES[status].label}“."
