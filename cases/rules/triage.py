"""KRM or Kein KRM: reads hints from the text, says which rule speaks and where the matter belongs.

It decides with the officer, never instead of her: every function returns a proposal with its reason, nothing more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from cases.rules.kinds import Channel, Kind
from cases.rules.objections import form_words
from cases.rules.signs import Label, read
from offices.calendars import Calendar, Due, Period, Unit, due
from offices.roles import Role
from offices.rules.parameters import Parameters
from offices.rules.values import ConductComplaint, Routing
from offices.rules.vocabulary import OralRule, Route


class Reason(StrEnum):
    """Why something is, or might be, no case: the coded reasons of the Kein-KRM desk."""

    OBJECTION = "objection"
    LAWSUIT = "lawsuit"
    REVIEW = "review"
    INQUIRY = "inquiry"
    DATA_PROTECTION = "data_protection"
    CORRUPTION = "corruption"
    BENEFIT_FRAUD = "benefit_fraud"
    REGULATORY_OFFENCE = "regulatory_offence"
    CONDUCT_COMPLAINT = "conduct_complaint"
    AGAINST_MANAGEMENT = "against_management"
    SUPERVISION_COMPLAINT = "supervision_complaint"
    NOT_OURS = "not_ours"


REASON_LABELS = {
    Reason.OBJECTION: "Widerspruch",
    Reason.LAWSUIT: "wie eine Klage (gegen Widerspruchsbescheid)",
    Reason.REVIEW: "Überprüfungsantrag (§ 44 SGB X)",
    Reason.INQUIRY: "fachliche Anfrage",
    Reason.DATA_PROTECTION: "Datenschutz",
    Reason.CORRUPTION: "Korruptionsverdacht",
    Reason.BENEFIT_FRAUD: "Leistungsmissbrauch",
    Reason.REGULATORY_OFFENCE: "Ordnungswidrigkeit",
    Reason.CONDUCT_COMPLAINT: "Dienstaufsichtsbeschwerde",
    Reason.AGAINST_MANAGEMENT: "gegen die Geschäftsführung",
    Reason.SUPERVISION_COMPLAINT: "Fachaufsichtsbeschwerde",
    Reason.NOT_OURS: "andere Stelle zuständig",
}


# Which parameter of the rule set speaks about a reason; Reason.NOT_OURS is a matter of law alone.
PARAMETER_OF = {
    Reason.OBJECTION: "objection",
    Reason.LAWSUIT: "objection",
    Reason.REVIEW: "objection",
    Reason.INQUIRY: "inquiry",
    Reason.DATA_PROTECTION: "data_protection",
    Reason.CORRUPTION: "misconduct",
    Reason.BENEFIT_FRAUD: "misconduct",
    Reason.REGULATORY_OFFENCE: "misconduct",
    Reason.CONDUCT_COMPLAINT: "conduct_complaint",
    Reason.AGAINST_MANAGEMENT: "conduct_complaint",
    Reason.SUPERVISION_COMPLAINT: "supervision_complaint",
}


@dataclass(frozen=True)
class Proposal:
    """Where the office's rules send a matter. `rule` names the parameter and the rules behind it.

    `inside`: the roles of the house in which it is taken over, none for a body outside.
    `parameter` and `source` say where the office's rule set has it from; empty for a matter of law alone. With
    `keeps_case` the whole wording leaves while the case stays here for what the house keeps of it (BLOG-5, PAN-7).
    """

    reason: Reason
    route: Route
    recipient: str
    rule: str
    sentence: str
    splits: bool = False
    parameter: str = ""
    source: str = ""
    keeps_case: bool = False
    inside: tuple[Role, ...] = ()

    @property
    def key(self) -> str:
        """What the people of the office know the rule by: „K10“, or the paragraph."""
        return self.rule.partition(";")[0]


@dataclass(frozen=True)
class Hint:
    """Words in the text that make somebody think of a reason, with what the rules say about it.

    `note`: what is to be done at once because of the way it came.
    """

    words: tuple[str, ...]
    proposal: Proposal
    note: str = ""


REASON_OF = {  # what the words point to -> the reason it is handed over for, where that is one
    Label.OBJECTION: Reason.OBJECTION,
    Label.LAWSUIT: Reason.LAWSUIT,
    Label.REVIEW: Reason.REVIEW,
    Label.INQUIRY: Reason.INQUIRY,
    Label.DATA_PROTECTION: Reason.DATA_PROTECTION,
    Label.CORRUPTION: Reason.CORRUPTION,
    Label.BENEFIT_FRAUD: Reason.BENEFIT_FRAUD,
    Label.REGULATORY_OFFENCE: Reason.REGULATORY_OFFENCE,
    Label.CONDUCT: Reason.CONDUCT_COMPLAINT,
    Label.AGAINST_MANAGEMENT: Reason.AGAINST_MANAGEMENT,
    Label.SUPERVISION: Reason.SUPERVISION_COMPLAINT,
}


def hints(
    text: str,
    parameters: Parameters,
    kind: Kind | None = None,
    *,
    employer: str = "",
    names_management: bool = False,
    channel: Channel | None = None,
) -> tuple[Hint, ...]:
    """What the words of the text point to, each with the office's rule; empty for an ordinary complaint.

    A reaction entered as Dienstaufsichtsbeschwerde gets the hint of K7 whatever its words are; with
    `names_management`, somebody of the Geschäftsführung is entered as complained about, that of their Dienstherr
    (`employer`, as for `propose`) in its place. `channel`: how it came, which decides the form of a Widerspruch.
    """
    words_for = {REASON_OF[found.label]: found.words for found in read(text) if found.label in REASON_OF}
    found = []
    for reason in REASON_OF.values():
        words = words_for.get(reason, ())
        if names_management and reason == Reason.CONDUCT_COMPLAINT:
            continue
        named = (kind == Kind.CONDUCT_COMPLAINT and reason == Reason.CONDUCT_COMPLAINT) or (
            names_management and reason == Reason.AGAINST_MANAGEMENT
        )
        if words or named:
            note = form_words(channel) if channel and reason == Reason.OBJECTION else ""
            found.append(Hint(words, propose(reason, parameters, employer), note))
    return tuple(found)


# What is told to nobody before the KRM has decided: who is informed could be who it is about, or could warn them.
CONFIDENTIAL = frozenset(
    {
        Reason.DATA_PROTECTION,
        Reason.CORRUPTION,
        Reason.BENEFIT_FRAUD,
        Reason.REGULATORY_OFFENCE,
        Reason.CONDUCT_COMPLAINT,
        Reason.AGAINST_MANAGEMENT,
    }
)


def forbids_telling(found: Iterable[Hint]) -> bool:
    """Whether one of the hints points to a confidential matter that leaves the house (K7, K11, K12)."""
    return any(h.proposal.reason in CONFIDENTIAL and h.proposal.route == Route.TRANSFER for h in found)


def propose(reason: Reason, parameters: Parameters, employer: str = "") -> Proposal:
    """Where this office's rules send a matter of this kind (K7 to K12, K8, K9).

    `employer` is the Dienstherr of the office's Geschäftsführung in words, for complaints against it where K7 names
    nobody.
    """
    parameter = PARAMETER_OF.get(reason, "")
    source = parameters.provenance[parameter].source if parameter else ""
    if reason in (Reason.CONDUCT_COMPLAINT, Reason.AGAINST_MANAGEMENT):
        return _of_conduct(reason, parameters.conduct_complaint, employer, source)
    if reason == Reason.NOT_OURS:
        return Proposal(reason, Route.TRANSFER, "", "§ 16 Abs. 2 SGB I", "Dafür ist eine andere Stelle zuständig.")
    rule, sentence = _RULES[reason]
    routing = _routing(reason, parameters)
    recipient = routing.recipient
    if reason == Reason.LAWSUIT:
        recipient = parameters.objection.lawsuit_recipient or recipient
    if reason == Reason.REVIEW:
        recipient = parameters.objection.review_recipient or parameters.inquiry.recipient or recipient
    splits = reason == Reason.DATA_PROTECTION and routing.route == Route.TRANSFER
    splits = splits and parameters.data_protection.split_remaining
    return Proposal(reason, routing.route, recipient, rule, sentence, splits, parameter, source, inside=routing.inside)


def _of_conduct(reason: Reason, rule: ConductComplaint, employer: str, source: str) -> Proposal:
    if reason == Reason.AGAINST_MANAGEMENT:
        recipient = rule.against_management or f"{employer} als Dienstherr der Geschäftsführung".removeprefix(" als ")
        key, keeps, sentence, inside = "K7; PAN-7", rule.registered, AGAINST_MANAGEMENT, ()
    else:
        recipient, sentence, inside = rule.handed_to, CONDUCT, rule.inside
        key, keeps = "K7; GER-7, PAN-7, GERA-27", rule.registered and rule.closed_as_not_assessable
    return Proposal(
        reason, rule.route, recipient, key, sentence,
        parameter=PARAMETER_OF[reason], source=source, keeps_case=keeps, inside=inside,
    )  # fmt: skip


CONDUCT = (
    "Maßgeblich ist der Inhalt, nicht das Wort: Nur persönliches Verhalten von Beschäftigten ist eine "
    "Dienstaufsichtsbeschwerde; wer jemandem eine fachliche Entscheidung vorwirft, führt eine Beschwerde."
)
AGAINST_MANAGEMENT = (
    "Eine Dienstaufsichtsbeschwerde gegen die Geschäftsführung gehört zu deren Dienstherrn. Wer im "
    "Haus leitet oder im Vorzimmer sitzt, sieht und findet sie nicht."
)
_MISCONDUCT = ("K12; BLOG-4, GERA-15", "Der Hinweis gehört zur zuständigen Stelle und ist keine Kundenreaktion.")
_RULES: dict[Reason, tuple[str, str]] = {
    Reason.OBJECTION: (
        "K10; GER-4, PAN-10",
        "Eine Beschwerde gegen einen Bescheid (Verwaltungsakt, § 31 SGB X) gilt als Widerspruch; seine Frist läuft "
        "weiter.",
    ),
    Reason.LAWSUIT: (
        "K10; GER-5, PAN-10",
        "Eine Beschwerde gegen einen Widerspruchsbescheid wird wie eine Klage behandelt.",
    ),
    Reason.REVIEW: (
        "§ 44 SGB X; K10",
        "Wer einen alten, nicht mehr anfechtbaren Bescheid ändern lassen will, stellt einen Überprüfungsantrag. "
        "Darüber entscheidet, wer den Bescheid erlassen hat.",
    ),
    Reason.INQUIRY: (
        "K9; GERA-15, PAN-8",
        "Eine Bitte um Auskunft ohne Bewertung ist eine Anfrage an den Fachbereich.",
    ),
    Reason.DATA_PROTECTION: (
        "K11; GERA-15, PAN-11",
        "Datenschutz geht an die zuständige Stelle; was darüber hinausgeht, bleibt ein eigener Vorgang.",
    ),
    Reason.SUPERVISION_COMPLAINT: (
        "K8; GERA-15",
        "Eine Fachaufsichtsbeschwerde richtet sich gegen die fachliche Entscheidung.",
    ),
    Reason.CORRUPTION: _MISCONDUCT,
    Reason.BENEFIT_FRAUD: _MISCONDUCT,
    Reason.REGULATORY_OFFENCE: _MISCONDUCT,
}


def _routing(reason: Reason, p: Parameters) -> Routing:
    match reason:
        case Reason.OBJECTION | Reason.LAWSUIT | Reason.REVIEW:
            return p.objection
        case Reason.INQUIRY:
            return p.inquiry
        case Reason.DATA_PROTECTION:
            return p.data_protection
        case Reason.SUPERVISION_COMPLAINT:
            return p.supervision_complaint
        case _:
            return getattr(p.misconduct, reason.value)


# Who may have settled it, in the order of the house; functions beside it count from the Teamleitung on.
SETTLERS = (Role.EMPLOYEE, Role.TEAM_LEAD, Role.DIVISION_LEAD, Role.MANAGEMENT)


def reaches_leader(settled_by: Role, parameters: Parameters) -> bool:
    """Whether it came as high up in the house as K5 has everything registered from (GERA-8)."""
    always_from = parameters.oral_registration.always_from
    return always_from is not None and _height(settled_by) >= _height(always_from)


def _height(role: Role) -> int:
    return SETTLERS.index(role) if role in SETTLERS else SETTLERS.index(Role.TEAM_LEAD)


def may_be_tallied(
    channel: Channel, parameters: Parameters, settled_by: Role = Role.EMPLOYEE, nothing_new: str = ""
) -> str | None:
    """The German sentence why something settled on the spot must be registered all the same; None if a tally will do.

    Only oral reactions can be settled on the spot, and only where K5 does not ask for all (GER-10, GER-31, GERA-8).
    What reached a Führungskraft is tallied only with `nothing_new`, the reason why it brought nothing new.
    """
    if not channel.is_oral:
        return "Schriftliche Kundenreaktionen werden immer erfasst, auch wenn sie sofort erledigt sind."
    if parameters.oral_registration.rule == OralRule.ALWAYS:
        return "Nach dem Regelwerk der Dienststelle werden auch mündliche Kundenreaktionen immer erfasst (K5)."
    if not reaches_leader(settled_by, parameters):
        return None
    leader = parameters.oral_registration.always_from.label
    registered = f"Was eine Führungskraft ab {leader} erreicht, wird immer erfasst (K5)"
    if not parameters.oral_registration.except_without_substance:
        return f"{registered}."
    if not nothing_new.strip():
        return f"{registered}; gezählt wird es nur ohne neuen Sachvortrag und mit Begründung."
    return None


OBJECTION_PERIOD = Period(1, Unit.MONTHS)
FOUR_DAYS_SINCE = date(2025, 1, 1)


@dataclass(frozen=True)
class ObjectionPeriod:
    """The running period of a Widerspruch; `due` explains itself."""

    deemed_known_on: date
    due: Due

    @property
    def ends_on(self) -> date:
        return self.due.due_on


def objection_period(decision_on: date, calendar: Calendar) -> ObjectionPeriod:
    """One month from the deemed Bekanntgabe of a Bescheid posted on `decision_on` (§ 84 Abs. 1 SGG, § 37 Abs. 2 SGB X).

    The Bescheid counts as known on the fourth day after posting, the third before 2025; that day does not move
    on week-ends, the end of the month does (B3-13).
    """
    days = 4 if decision_on >= FOUR_DAYS_SINCE else 3
    known = decision_on + timedelta(days=days)
    return ObjectionPeriod(known, due(calendar, known, OBJECTION_PERIOD, counted_from="der Bekanntgabe"))
