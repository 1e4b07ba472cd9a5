"""The words a case is described with: kinds, channels, outcomes, ways of settling."""

from enum import StrEnum

from offices.rules.vocabulary import Channel, LegalArea

__all__ = [
    "CHANNEL_LABELS",
    "KIND_LABELS",
    "LEGAL_AREA_LABELS",
    "OUTCOME_LABELS",
    "SETTLEMENT_LABELS",
    "TALK_LABELS",
    "Channel",
    "Kind",
    "LegalArea",
    "Outcome",
    "Settlement",
    "Talk",
    "choices",
]


class Kind(StrEnum):
    """Kinds of reactions (GER-2, GERA-8, PAN-2)."""

    COMPLAINT = "complaint"
    PRAISE = "praise"
    SUGGESTION = "suggestion"
    SUBMISSION = "submission"
    PETITION = "petition"
    CONDUCT_COMPLAINT = "conduct_complaint"


class Outcome(StrEnum):
    """Result of a complaint (B1-6); praise and suggestions are not judged."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"
    NOT_ASSESSABLE = "not_assessable"
    NOT_APPLICABLE = "not_applicable"


class Settlement(StrEnum):
    """How the person learnt the result; BVerfGE 2, 225 asks for at least a notice of the kind of settlement (B2-2)."""

    LETTER = "letter"
    CONVERSATION = "conversation"
    WAIVED = "waived"
    REPEATED = "repeated"
    NONE_NEEDED = "none_needed"


class Talk(StrEnum):
    """Whether the person was offered a personal talk, and what became of it (GERA-11)."""

    OFFERED = "offered"
    HELD = "held"
    DECLINED = "declined"
    NOT_SUITABLE = "not_suitable"


KIND_LABELS = {
    Kind.COMPLAINT: "Beschwerde",
    Kind.PRAISE: "Lob",
    Kind.SUGGESTION: "Anregung",
    Kind.SUBMISSION: "Eingabe",
    Kind.PETITION: "Petition",
    Kind.CONDUCT_COMPLAINT: "Dienstaufsichtsbeschwerde",
}
CHANNEL_LABELS = {channel: channel.label for channel in Channel}
LEGAL_AREA_LABELS = {area: area.label for area in LegalArea}
OUTCOME_LABELS = {
    Outcome.UPHELD: "berechtigt",
    Outcome.PARTLY_UPHELD: "teilweise berechtigt",
    Outcome.NOT_UPHELD: "unberechtigt",
    Outcome.NOT_ASSESSABLE: "nicht bewertbar",
    Outcome.NOT_APPLICABLE: "keine Bewertung (Lob, Anregung)",
}
SETTLEMENT_LABELS = {
    Settlement.LETTER: "Abschlussschreiben",
    Settlement.CONVERSATION: "Gespräch mit Vermerk",
    Settlement.WAIVED: "Verzicht auf Antwort",
    Settlement.REPEATED: "Wiederholung, bereits beschieden",
    Settlement.NONE_NEEDED: "keine Antwort nötig",
}

TALK_LABELS = {
    Talk.OFFERED: "angeboten, noch nicht geführt",
    Talk.HELD: "hat stattgefunden",
    Talk.DECLINED: "angeboten und abgelehnt",
    Talk.NOT_SUITABLE: "nicht möglich oder nicht sinnvoll",
}


def choices(labels: dict) -> list[tuple[str, str]]:
    """The labels as Django wants them."""
    return [(key.value, label) for key, label in labels.items()]
