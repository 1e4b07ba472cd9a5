"""The way of a Dienstaufsichtsbeschwerde, in the four versions that K7 knows (GER-7, BLOG-5, GERA-27, PAN-7)."""

from dataclasses import dataclass
from enum import StrEnum

from offices.rules.values import ConductComplaint


class Stop(StrEnum):
    """What a station of the way is; the values stand in no database."""

    NOTED = "noted"
    JUDGED = "judged"
    HANDED_TO = "handed_to"
    HANDLED = "handled"
    EMPLOYEE = "employee"
    ASSESSMENT = "assessment"
    SIGNED = "signed"
    CLOSED = "closed"


@dataclass(frozen=True)
class ConductFacts:
    """What has happened in a case. `employer` is where a complaint against the Geschäftsführung goes, in words.

    `done` are the stops that are reached; `against_management` turns the way towards the Dienstherr (PAN-7).
    """

    done: frozenset[Stop] = frozenset()
    against_management: bool = False
    employer: str = "Dienstherr der Geschäftsführung"


@dataclass(frozen=True)
class Station:
    stop: Stop
    text: str
    is_done: bool


def way(rule: ConductComplaint, facts: ConductFacts) -> tuple[Station, ...]:
    """The stations of the office's way in their order.

    Against the Geschäftsführung nobody of the house contributes or signs: it goes to the Dienstherr. What the office
    does not register is judged and handed over; a registered one is either handed over and filed without judgement,
    given to the Führungskraft, or answered from both contributions.
    """
    texts = _against_management(rule, facts) if facts.against_management else _in_the_house(rule)
    return tuple(Station(stop, text, stop in facts.done) for stop, text in texts)


def still_required(rule: ConductComplaint, facts: ConductFacts) -> tuple[Station, ...]:
    """The stations not yet reached, in their order."""
    return tuple(station for station in way(rule, facts) if not station.is_done)


def _against_management(rule: ConductComplaint, facts: ConductFacts) -> list[tuple[Stop, str]]:
    return [
        (Stop.JUDGED, _judged(rule)),
        (Stop.HANDED_TO, f"Abgabe an: {facts.employer}"),
    ]


def _in_the_house(rule: ConductComplaint) -> list[tuple[Stop, str]]:
    stations = [(Stop.NOTED, f"{rule.first_to.label} nimmt Kenntnis")] if rule.first_to and rule.registered else []
    stations.append((Stop.JUDGED, _judged(rule)))
    if not rule.registered:
        return [*stations, (Stop.HANDED_TO, f"kein Vorgang des KRM: Abgabe an {rule.handed_to}")]
    if rule.handled_by:
        stations += _handled(rule)
    elif rule.handed_to:
        stations.append((Stop.HANDED_TO, f"Abgabe an: {rule.handed_to}"))
    if rule.signed_by:
        stations.append((Stop.SIGNED, f"{rule.signed_by.label} zeichnet die Antwort oder billigt das Ergebnis"))
    if rule.closed_as_not_assessable:
        stations.append((Stop.CLOSED, "Abschluss als „nicht bewertbar“"))
    return stations


def _handled(rule: ConductComplaint) -> list[tuple[Stop, str]]:
    """With a `handed_to` one Führungskraft deals with it (PAN-7), else both contributions are asked for (GERA-27)."""
    roles = " oder ".join(role.label for role in rule.handled_by)
    if rule.handed_to:
        return [(Stop.HANDLED, f"Bearbeitung durch: {rule.handed_to} ({roles})")]
    return [
        (Stop.EMPLOYEE, "Stellungnahme der betroffenen Person"),
        (Stop.ASSESSMENT, f"fachliche Abschlusswertung: {roles}"),
    ]


def _judged(rule: ConductComplaint) -> str:
    by = rule.assessed_by.label if rule.assessed_by else "das KRM"
    return f"Beurteilung nach dem Inhalt durch {by}"
