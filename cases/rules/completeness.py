"""What must be there before a step: one table, shown to the officer and used by the check.

A later way of working adds rows here; nothing else needs to know.
"""

from collections.abc import Callable
from dataclasses import dataclass

from cases.rules.kinds import Kind, Outcome, Settlement
from cases.rules.lifecycle import Step


@dataclass(frozen=True)
class ClosingFacts:
    """What is known about a case when somebody wants to close it."""

    kind: Kind
    is_card: bool
    is_anonymous: bool
    outcome: str
    outcome_reason: str
    settlement: str
    final_letter_sent: bool
    contact_noted: bool
    repeated_reference: str
    has_concern: bool
    is_paused: bool
    unsent_letters: bool
    ends_not_assessable: bool = False

    @property
    def is_judged(self) -> bool:
        return self.kind not in (Kind.PRAISE, Kind.SUGGESTION)

    @property
    def needs_answer(self) -> bool:
        """Requests and complaints do (Art. 17 GG, B2-2); thanks may stand as they are, and the nameless get none."""
        return not (self.is_anonymous or self.is_card or self.kind == Kind.PRAISE)


@dataclass(frozen=True)
class Requirement:
    """One line of the table: what is missing in words, where it is entered (an anchor of the case page), the source."""

    key: str
    sentence: str
    anchor: str
    source: str
    holds: Callable[[ClosingFacts], bool]


def _is_answered(facts: ClosingFacts) -> bool:
    match facts.settlement:
        case Settlement.LETTER:
            return facts.final_letter_sent
        case Settlement.CONVERSATION:
            return facts.contact_noted
        case Settlement.REPEATED:
            return bool(facts.repeated_reference.strip())
        case Settlement.NONE_NEEDED:
            return not facts.needs_answer
        case Settlement.WAIVED:
            return facts.contact_noted
        case _:
            return False


EVIDENCE: dict[Settlement, tuple[str, str]] = {
    Settlement.LETTER: ("Das Abschlussschreiben ist noch nicht versandt.", "schreiben"),
    Settlement.CONVERSATION: ("Der Vermerk über das Gespräch fehlt.", "vermerke"),
    Settlement.WAIVED: ("Der Vermerk über den Verzicht auf eine Antwort fehlt.", "vermerke"),
    Settlement.REPEATED: ("Die Vorgangsnummer des früheren Bescheids fehlt.", "abschluss"),
    Settlement.NONE_NEEDED: ("Die Person ist bekannt; sie muss erfahren, was aus ihrem Anliegen wurde.", "schreiben"),
}

REQUIREMENTS: dict[Step, tuple[Requirement, ...]] = {
    Step.CLOSE: (
        Requirement("concern", "Es ist kein Anliegen mit Thema erfasst.", "angaben", "B1-1", lambda f: f.has_concern),
        Requirement(
            "not_paused", "Der Vorgang ruht; bitte zuerst fortsetzen.", "fristen", "PAN-25", lambda f: not f.is_paused
        ),
        Requirement(
            "letters",
            "Ein Schreiben ist ausgefertigt, aber nicht versandt.",
            "schreiben",
            "GER-21",
            lambda f: not f.unsent_letters,
        ),
        Requirement(
            "outcome", "Das Ergebnis fehlt.", "abschluss", "B1-6", lambda f: bool(f.outcome) or not f.is_judged
        ),
        Requirement(
            "outcome_fits",
            "Eine Beschwerde braucht eine Bewertung; „keine Bewertung“ gilt nur für Lob und Anregung.",
            "abschluss",
            "B1-6",
            lambda f: not f.is_judged or f.outcome != Outcome.NOT_APPLICABLE,
        ),
        Requirement(
            "outcome_by_rules",
            "Nach dem Regelwerk endet eine Dienstaufsichtsbeschwerde mit „nicht bewertbar“ (K7).",
            "abschluss",
            "K7, BLOG-5",
            lambda f: not (f.ends_not_assessable and f.outcome) or f.outcome == Outcome.NOT_ASSESSABLE,
        ),
        Requirement(
            "reason",
            "Die Begründung des Ergebnisses fehlt.",
            "abschluss",
            "B1-5",
            lambda f: bool(f.outcome_reason.strip()) or not f.is_judged,
        ),
        Requirement("settlement", "Die Art der Erledigung fehlt.", "abschluss", "B2-2", lambda f: bool(f.settlement)),
        *(
            Requirement(
                f"answer_{settlement}",
                sentence,
                anchor,
                "B2-2, GERA-21",
                lambda f, settlement=settlement: f.settlement != settlement or _is_answered(f),
            )
            for settlement, (sentence, anchor) in EVIDENCE.items()
        ),
    )
}


def missing(step: Step, facts: ClosingFacts) -> tuple[Requirement, ...]:
    """The requirements of `step` that do not hold yet, in the order of the table."""
    return tuple(r for r in REQUIREMENTS.get(step, ()) if not r.holds(facts))
