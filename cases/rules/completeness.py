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
    """One line of the table: what is missing in words, the source, and where it is entered.

    That is a part of the case's page (`anchor`) or, for what is said while closing, a `field` of that form.
    """

    key: str
    sentence: str
    source: str
    holds: Callable[[ClosingFacts], bool]
    anchor: str = ""
    field: str = ""


def _proof(settlement: Settlement, sentence: str, holds: Callable[[ClosingFacts], bool], **place: str) -> Requirement:
    """The evidence that one way of settling needs; other ways do not ask for it (B2-2, GERA-21)."""
    return Requirement(
        f"answer_{settlement}", sentence, "B2-2, GERA-21", lambda f: f.settlement != settlement or holds(f), **place
    )


REQUIREMENTS: dict[Step, tuple[Requirement, ...]] = {
    Step.CLOSE: (
        Requirement(
            "concern", "Es ist kein Anliegen mit Thema erfasst.", "B1-1", lambda f: f.has_concern, anchor="angaben"
        ),
        Requirement(
            "not_paused",
            "Der Vorgang ruht; bitte zuerst fortsetzen.",
            "PAN-25",
            lambda f: not f.is_paused,
            anchor="fristen",
        ),
        Requirement(
            "letters",
            "Ein Schreiben ist ausgefertigt, aber nicht versandt.",
            "GER-20, PAN-17",
            lambda f: not f.unsent_letters,
            anchor="schreiben",
        ),
        Requirement(
            "outcome", "Das Ergebnis fehlt.", "B1-6", lambda f: bool(f.outcome) or not f.is_judged, field="outcome"
        ),
        Requirement(
            "outcome_fits",
            "Eine Beschwerde braucht eine Bewertung; „keine Bewertung“ gilt nur für Lob und Anregung.",
            "B1-6",
            lambda f: not f.is_judged or f.outcome != Outcome.NOT_APPLICABLE,
            field="outcome",
        ),
        Requirement(
            "outcome_by_rules",
            "Nach dem Regelwerk endet eine Dienstaufsichtsbeschwerde mit „nicht bewertbar“ (K7).",
            "K7, BLOG-5",
            lambda f: not (f.ends_not_assessable and f.outcome) or f.outcome == Outcome.NOT_ASSESSABLE,
            field="outcome",
        ),
        Requirement(
            "reason",
            "Die Begründung des Ergebnisses fehlt.",
            "B1-5",
            lambda f: bool(f.outcome_reason.strip()) or not f.is_judged,
            field="outcome_reason",
        ),
        Requirement(
            "settlement", "Die Art der Erledigung fehlt.", "B2-2", lambda f: bool(f.settlement), field="settlement"
        ),
        _proof(
            Settlement.LETTER,
            "Das Abschlussschreiben ist noch nicht versandt.",
            lambda f: f.final_letter_sent,
            anchor="schreiben",
        ),
        _proof(
            Settlement.CONVERSATION,
            "Der Vermerk über das Gespräch fehlt.",
            lambda f: f.contact_noted,
            anchor="vermerke",
        ),
        _proof(
            Settlement.WAIVED,
            "Der Vermerk über den Verzicht auf eine Antwort fehlt.",
            lambda f: f.contact_noted,
            anchor="vermerke",
        ),
        _proof(
            Settlement.REPEATED,
            "Die Vorgangsnummer des früheren Bescheids fehlt.",
            lambda f: bool(f.repeated_reference.strip()),
            field="repeated_reference",
        ),
        _proof(
            Settlement.NONE_NEEDED,
            "Die Person ist bekannt; sie muss erfahren, was aus ihrem Anliegen wurde.",
            lambda f: not f.needs_answer,
            field="settlement",
        ),
    )
}


def missing(step: Step, facts: ClosingFacts) -> tuple[Requirement, ...]:
    """The requirements of `step` that do not hold yet, in the order of the table."""
    return tuple(r for r in REQUIREMENTS.get(step, ()) if not r.holds(facts))
