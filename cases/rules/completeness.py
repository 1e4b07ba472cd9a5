"""What must be there before a step: one table, shown to the officer and used by the check.

A later way of working adds rows here; nothing else needs to know.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Self

from cases.rules.kinds import Kind, Outcome, Settlement
from cases.rules.lifecycle import Step
from cases.rules.statements import StatementKind
from cases.rules.triage import Reason
from offices.rules.values import ConductComplaint


@dataclass(frozen=True, kw_only=True)
class AnswerFacts:
    """What is known about a case when somebody wants to answer it.

    `conduct` is the office's K7 where the case is a Dienstaufsichtsbeschwerde, `approved` what was approved in this
    round.
    """

    conduct: ConductComplaint | None = None
    judgement_entered: bool = False
    approved: frozenset[StatementKind] = frozenset()
    against_management: bool = False

    @property
    def needs_contributions(self) -> bool:
        """A Dienstaufsichtsbeschwerde that the house itself settles rests on what was written about it (K7)."""
        k7 = self.conduct
        return bool(k7 and k7.registered and k7.handled_by) and not (
            k7.closed_as_not_assessable or self.against_management
        )

    @property
    def missing_contributions(self) -> tuple[StatementKind, ...]:
        """Where the KRM judges the content, both contributions in order (GERA-27); else one of the superior (PAN-7)."""
        if not self.needs_contributions:
            return ()
        if self.conduct.assessed_by:
            return tuple(k for k in (StatementKind.EMPLOYEE, StatementKind.ASSESSMENT) if k not in self.approved)
        return () if self.approved - {StatementKind.EMPLOYEE} else (StatementKind.STATEMENT,)


@dataclass(frozen=True, kw_only=True)
class ClosingFacts(AnswerFacts):
    """What is known about a case when somebody wants to close it.

    `answered_before`: an earlier answer to the same is proved by a number or a date. `asks_…` says what the office's
    rule set wants, `open_…` name what still waits, `handed_over` holds what left; `unsigned` says who has not signed
    the result of a Dienstaufsichtsbeschwerde yet, `unseen_by` who of the Geschäftsführung has not taken note of what
    K19 brings to them first. `directive_owed`: their Verfügung is missing.
    """

    kind: Kind
    is_card: bool
    is_anonymous: bool
    outcome: str
    outcome_reason: str
    settlement: str
    final_letter_sent: bool
    contact_noted: bool
    has_concern: bool
    is_paused: bool
    unsent_letters: bool
    waiver_noted: bool = False
    answered_before: bool = False
    ends_not_assessable: bool = False
    waits_for_signature: bool = False
    open_statements: tuple[str, ...] = ()
    open_handling: tuple[str, ...] = ()
    alternatives: str = ""
    asks_verbis: bool = False
    verbis_noted: bool = False
    objections: tuple[str, ...] = ()
    objection_settled: bool = False
    asks_talk: bool = False
    talk: str = ""
    handed_over: frozenset[Reason] = frozenset()
    unsigned: tuple[str, ...] = ()
    asks_praise: bool = False
    praise_arrived: bool = False
    directive_owed: bool = False
    unseen_by: tuple[str, ...] = ()

    @property
    def is_judged(self) -> bool:
        return self.kind not in (Kind.PRAISE, Kind.SUGGESTION)

    @property
    def needs_answer(self) -> bool:
        """Requests and complaints do (Art. 17 GG, B2-2); thanks may stand as they are, and the nameless get none."""
        return not (self.is_anonymous or self.is_card or self.kind == Kind.PRAISE)

    @property
    def needs_talk(self) -> bool:
        """Where the personal talk comes first, a complaint of a known person says what became of it (GERA-11)."""
        return self.asks_talk and self.needs_answer and self.is_judged


CONTRIBUTIONS = {
    StatementKind.EMPLOYEE: "die Stellungnahme der betroffenen Person",
    StatementKind.ASSESSMENT: "die fachliche Abschlusswertung",
    StatementKind.STATEMENT: "die Stellungnahme der Führungskraft",
}


@dataclass(frozen=True)
class Requirement:
    """One line of the table: what is missing in words, the source, and where it is entered.

    That is a part of the case's page (`anchor`), a `field` of the form for closing, another page of the case
    (`url_name`), or the Abgabe for a `reason`. `names` fills the `{}` of the sentence with what is meant.
    """

    key: str
    sentence: str
    source: str
    holds: Callable[[ClosingFacts], bool]
    anchor: str = ""
    field: str = ""
    url_name: str = ""
    reason: Reason | None = None
    names: Callable[[ClosingFacts], Iterable[str]] | None = None
    done_by_work: bool = False

    def said_of(self, facts: ClosingFacts) -> Self:
        """The same with a sentence about this case."""
        return replace(self, sentence=self.sentence.format(", ".join(self.names(facts)))) if self.names else self


def _proof(settlement: Settlement, sentence: str, holds: Callable[[ClosingFacts], bool], **place: str) -> Requirement:
    """The evidence that one way of settling needs; other ways do not ask for it (B2-2, GERA-21)."""
    return Requirement(
        f"answer_{settlement}", sentence, "B2-2, GERA-21", lambda f: f.settlement != settlement or holds(f), **place
    )


# What a Dienstaufsichtsbeschwerde rests on: nobody answers it before, neither in a talk nor in writing (K7).
CONDUCT = (
    Requirement(
        "judgement",
        "Das KRM hat noch nicht beurteilt, ob es nach dem Inhalt eine Dienstaufsichtsbeschwerde ist.",
        "K7, GERA-27",
        lambda f: f.judgement_entered or not (f.conduct and f.conduct.assessed_by),
        url_name="judge",
    ),
    Requirement(
        "contributions",
        "Zur Dienstaufsichtsbeschwerde fehlen noch freigegebene Beiträge: {}.",
        "K7, GERA-27, PAN-7",
        lambda f: not f.missing_contributions,
        url_name="statement_request",
        names=lambda f: [CONTRIBUTIONS[kind] for kind in f.missing_contributions],
        done_by_work=True,
    ),
)

# What others of the house still have to do, and what the kind of the reaction asks for.
WORK = (
    Requirement(
        "seen",
        "Die Geschäftsführung hat die Kundenreaktion noch nicht zur Kenntnis genommen: {}.",
        "K19, GERA-17",
        lambda f: not f.unseen_by,
        anchor="beteiligte",
        names=lambda f: f.unseen_by,
    ),
    Requirement(
        "directive",
        "Die Verfügung der Geschäftsführung fehlt; ist schon geantwortet, führt „Weiter bearbeiten“ zu ihr zurück.",
        "K19, PAN-20, PAN-26",
        lambda f: not f.directive_owed,
        url_name="directive",
    ),
    Requirement(
        "statements",
        "Eine Stellungnahme ist noch offen: {}.",
        "GER-16, PAN-22",
        lambda f: not f.open_statements,
        anchor="stellungnahmen",
        names=lambda f: f.open_statements,
    ),
    Requirement(
        "handling",
        "Die Bearbeitung nach Verfügung ist noch offen: {}.",
        "GERA-10, PAN-21",
        lambda f: not f.open_handling,
        url_name="directive",
        names=lambda f: f.open_handling,
    ),
    Requirement(
        "talk",
        "Es fehlt die Angabe, ob ein persönliches Gespräch angeboten wurde und stattgefunden hat.",
        "GERA-11",
        lambda f: not f.needs_talk or bool(f.talk),
        url_name="talk",
    ),
    *CONDUCT,
    Requirement(
        "signed",
        "Die Dienstaufsichtsbeschwerde ist noch nicht abgezeichnet: {}.",
        "K7, K21, GERA-27, PAN-7",
        lambda f: not f.unsigned,
        url_name="present_result",
        names=lambda f: f.unsigned,
    ),
    Requirement(
        "handed_to_service",
        "Die Dienstaufsichtsbeschwerde ist noch nicht mit Beleg an den Internen Service abgegeben.",
        "K7, BLOG-5",
        lambda f: not (f.conduct and f.conduct.closed_as_not_assessable) or Reason.CONDUCT_COMPLAINT in f.handed_over,
        reason=Reason.CONDUCT_COMPLAINT,
    ),
    Requirement(
        "handed_to_employer",
        "Die Kundenreaktion gegen die Geschäftsführung ist noch nicht mit Beleg an den Dienstherrn abgegeben.",
        "K7, PAN-7",
        lambda f: not f.against_management or Reason.AGAINST_MANAGEMENT in f.handed_over,
        reason=Reason.AGAINST_MANAGEMENT,
    ),
    Requirement(
        "praise",
        "Das Lob ist noch nicht bei der Führungskraft angekommen.",
        "K14, GER-24, PAN-18",
        lambda f: not f.asks_praise or f.praise_arrived,
        url_name="praise",
    ),
)

REQUIREMENTS: dict[Step, tuple[Requirement, ...]] = {
    Step.ANSWER: CONDUCT,
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
            "signature",
            "Ein Schreiben wartet noch auf die Zeichnung.",
            "K21, PAN-23",
            lambda f: not f.waits_for_signature,
            anchor="schreiben",
        ),
        *WORK,
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
            "alternatives",
            "Wird dem Wunsch nicht entsprochen, gehört dazu, welche Alternativen geprüft wurden.",
            "GER-22, BLOG-2",
            lambda f: f.outcome != Outcome.NOT_UPHELD or bool(f.alternatives.strip()) or not f.is_judged,
            field="alternatives",
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
            lambda f: f.waiver_noted,
            anchor="vermerke",
        ),
        _proof(
            Settlement.REPEATED,
            "Der frühere Bescheid ist nicht belegt: mit der Nummer eines abgeschlossenen Vorgangs oder einer Abgabe "
            "dieser Dienststelle oder, wenn er nicht in KRM steht, mit seinem Datum.",
            lambda f: f.answered_before,
            field="repeated_reference",
        ),
        _proof(
            Settlement.NONE_NEEDED,
            "Die Person ist bekannt; sie muss erfahren, was aus ihrem Anliegen wurde.",
            lambda f: not f.needs_answer,
            field="settlement",
        ),
        Requirement(
            "objection",
            "Daneben läuft ein Widerspruch ({}); beides wird zusammen abgeschlossen.",
            "K10, PAN-9",
            lambda f: not f.objections or f.objection_settled,
            field="objection_settled",
            names=lambda f: f.objections,
        ),
        Requirement(
            "verbis",
            "Die abschließende Bearbeitung ist noch nicht in VerBIS vermerkt.",
            "K22, GERA-16",
            lambda f: not f.asks_verbis or f.verbis_noted,
            field="verbis",
        ),
    ),
}


def missing(step: Step, facts: AnswerFacts) -> tuple[Requirement, ...]:
    """The requirements of `step` that do not hold yet, in the order of the table, each in words about this case."""
    return tuple(r.said_of(facts) for r in REQUIREMENTS.get(step, ()) if not r.holds(facts))
