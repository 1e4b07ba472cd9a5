"""The closed lists of words of figures and reports, each with its German label."""

from cases.rules.kinds import KIND_LABELS, Kind
from offices.rules.vocabulary import Channel, Labelled


class ReportedKind(Labelled):
    """A kind of reaction as it is evaluated: a Meinungskarte stands on its own, whatever is on it (PAN-40)."""

    COMPLAINT = "complaint", KIND_LABELS[Kind.COMPLAINT]
    PRAISE = "praise", KIND_LABELS[Kind.PRAISE]
    SUGGESTION = "suggestion", KIND_LABELS[Kind.SUGGESTION]
    SUBMISSION = "submission", KIND_LABELS[Kind.SUBMISSION]
    PETITION = "petition", KIND_LABELS[Kind.PETITION]
    CONDUCT_COMPLAINT = "conduct_complaint", KIND_LABELS[Kind.CONDUCT_COMPLAINT]
    OPINION_CARD = "opinion_card", "Meinungskarte"

    @classmethod
    def of(cls, kind: str, channel: str) -> "ReportedKind":
        return cls.OPINION_CARD if channel == Channel.OPINION_CARD else cls(kind)


class End(Labelled):
    """How a round of a case ended."""

    CLOSED = "closed", "abgeschlossen"
    TRANSFERRED = "transferred", "abgegeben (Kein KRM)"


class Cause(Labelled):
    """Why a fact came to be known."""

    REGISTERED = "registered", "erfasst"
    PROGRESS = "progress", "fortgeschritten"
    CORRECTION = "correction", "berichtigt"


class Audience(Labelled):
    """Who reads a table: who may open the cases anyway sees exact numbers, others do not."""

    INTERNAL = "internal", "KRM und Geschäftsführung"
    ASSEMBLY = "assembly", "Trägerversammlung"
    DIRECTORATE = "directorate", "Regionaldirektion oder andere Stelle außerhalb des Hauses"

    @property
    def is_outside(self) -> bool:
        return self != Audience.INTERNAL


class ReportKind(Labelled):
    QUARTER = "quarter", "Quartalsbericht"
    HALF_YEAR = "half_year", "Halbjahresbericht"
    YEAR = "year", "Jahresbericht"
    ON_REQUEST = "on_request", "Bericht auf Anforderung"


class ReportState(Labelled):
    """Draft until the KRM lays it before the Geschäftsführung, which approves it or gives it back."""

    DRAFT = "draft", "Entwurf"
    PRESENTED = "presented", "liegt der Geschäftsführung vor"
    APPROVED = "approved", "freigegeben"


class Work(Labelled):
    """Whether the figures of a report are being made; empty where they are there."""

    WAITING = "waiting", "wartet"
    RUNNING = "running", "läuft"


class Basis(Labelled):
    """Which day of a case decides whether a period counts it."""

    RECEIVED = "received", "nach Eingang"
    CLOSED = "closed", "nach Abschluss"
    STOCK = "stock", "Bestand am Stichtag"
    DUE = "due", "nach dem Tag der ersten Abschlussfrist"


class Unit(Labelled):
    """What a figure counts."""

    CASES = "cases", "Vorgänge"
    CONCERNS = "concerns", "Anliegen"
    TRANSFERS = "transfers", "Abgaben"
    TALLIES = "tallies", "vor Ort erledigte Reaktionen"
    PERCENT = "percent", "%"
    WORKING_DAYS = "working_days", "Arbeitstage"
    RATIO = "ratio", "je"


class Dimension(Labelled):
    """What a figure may be broken down by. None of them is a person (B4-10, GER-34)."""

    KIND = "kind", "Art"
    CHANNEL = "channel", "Eingangsweg"
    LEGAL_AREA = "legal_area", "Rechtskreis"
    UNIT = "unit", "Einheit"
    MONTH = "month", "Monat"
    TOPIC = "topic", "Thema"
    NATURE = "nature", "Sachanliegen oder Verhalten"
    OUTCOME = "outcome", "Ergebnis"
    SETTLEMENT = "settlement", "Art der Erledigung"
    RUNG = "rung", "erreichte Stufe"
    REASON = "reason", "Grund der Abgabe"
    OFFICE = "office", "Dienststelle"
