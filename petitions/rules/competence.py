"""Who answers for a matter, from the tasks it is about: an aid that shows its reasons, no decision (rulebook B2-9)."""

from collections.abc import Iterable
from dataclasses import dataclass

from offices.rules.vocabulary import Labelled
from petitions.rules.vocabulary import Competence, LegalArea


class Task(Labelled):
    """What a petition can be about, in the words of §§ 6 and 44c SGB II."""

    BENEFITS = "benefits", "Regelbedarf, Mehrbedarf und andere Leistungen der Agentur"
    INTEGRATION = "integration", "Eingliederung in Arbeit, Vermittlung, Förderung"
    HOUSING = "housing", "Unterkunft und Heizung"
    SOCIAL_SERVICES = "social_services", "Kinderbetreuung, Schuldner-, Sucht- und psychosoziale Beratung"
    FIRST_EQUIPMENT = "first_equipment", "Erstausstattung für Wohnung, Bekleidung, Schwangerschaft und Geburt"
    EDUCATION = "education", "Bildung und Teilhabe"
    MANAGEMENT = "management", "Bestellung und Abberufung der Geschäftsführung"
    ORGANISATION = "organisation", "Verwaltungsablauf und Organisation"
    LOCATION = "location", "Änderung des Standorts"
    TASK_TRANSFER = "task_transfer", "Übertragung von Aufgaben auf Träger oder Dritte"
    ORDER = "order", "Ordnung in der Dienststelle und Verhalten der Beschäftigten"
    WORKPLACES = "workplaces", "Gestaltung der Arbeitsplätze"
    SERVICE_AGREEMENTS = "service_agreements", "Dienstvereinbarungen mit der Personalvertretung"
    STAFFING_PLAN = "staffing_plan", "Stellenplan und Stellenbewirtschaftung"
    STAFF_MATTERS = "staff_matters", "grundsätzliche Angelegenheiten der Beschäftigten"


@dataclass(frozen=True)
class Reason:
    """A paragraph and what it says of the matter, in one German sentence."""

    paragraph: str
    sentence: str


@dataclass(frozen=True)
class Finding:
    """The competence, None where no task is named; `parts`: the competences of a mixed matter, each with a part."""

    competence: Competence | None
    reasons: tuple[Reason, ...]
    parts: tuple[Competence, ...] = ()


_FEDERAL, _MUNICIPAL, _ASSEMBLY = Competence.FEDERAL, Competence.MUNICIPAL, Competence.OWNERS_ASSEMBLY
_NUMBERED = "§ 44c Abs. 2 S. 2 Nr. {} SGB II"

BASIS: dict[Task, tuple[Competence, str]] = {
    Task.BENEFITS: (_FEDERAL, "§ 6 Abs. 1 S. 1 Nr. 1 SGB II"),
    Task.INTEGRATION: (_FEDERAL, "§ 6 Abs. 1 S. 1 Nr. 1 SGB II"),
    Task.HOUSING: (_MUNICIPAL, "§ 6 Abs. 1 S. 1 Nr. 2, § 22 SGB II"),
    Task.SOCIAL_SERVICES: (_MUNICIPAL, "§ 6 Abs. 1 S. 1 Nr. 2, § 16a SGB II"),
    Task.FIRST_EQUIPMENT: (_MUNICIPAL, "§ 6 Abs. 1 S. 1 Nr. 2, § 24 Abs. 3 S. 1 Nr. 1 und 2 SGB II"),
    Task.EDUCATION: (_MUNICIPAL, "§ 6 Abs. 1 S. 1 Nr. 2, § 28 SGB II"),
    Task.MANAGEMENT: (_ASSEMBLY, _NUMBERED.format(1)),
    Task.ORGANISATION: (_ASSEMBLY, _NUMBERED.format(2)),
    Task.LOCATION: (_ASSEMBLY, _NUMBERED.format(3)),
    Task.TASK_TRANSFER: (_ASSEMBLY, _NUMBERED.format(4)),
    Task.ORDER: (_ASSEMBLY, _NUMBERED.format(5)),
    Task.WORKPLACES: (_ASSEMBLY, _NUMBERED.format(6)),
    Task.SERVICE_AGREEMENTS: (_ASSEMBLY, _NUMBERED.format(7)),
    Task.STAFFING_PLAN: (_ASSEMBLY, _NUMBERED.format(8)),
    Task.STAFF_MATTERS: (_ASSEMBLY, _NUMBERED.format(9)),
}
SUPERVISION: dict[Competence, Reason] = {
    _FEDERAL: Reason(
        "§ 44b Abs. 3, § 47 Abs. 1 SGB II",
        "Die Bundesagentur verantwortet ihre Leistungen und kann Weisungen geben; die Aufsicht führt das BMAS.",
    ),
    _MUNICIPAL: Reason(
        "§ 44b Abs. 3, § 47 Abs. 2 SGB II",
        "Die Kommune verantwortet ihre Leistungen und kann Weisungen geben; die Aufsicht führt das Land.",
    ),
    _ASSEMBLY: Reason(
        "§ 44b Abs. 3, § 44c, § 47 Abs. 3 SGB II",
        "Hier entscheidet die Trägerversammlung, Weisungen der Träger gibt es nicht; die Rechtsaufsicht führt das BMAS "
        "im Einvernehmen mit dem Land.",
    ),
}
_LICENSED = Reason(
    "§§ 6a, 6b, 48 SGB II",
    "Ein zugelassener kommunaler Träger nimmt die Aufgaben allein wahr; die Aufsicht führt das Land.",
)
_SGB3 = Reason("§ 368 SGB III", "Aufgaben nach dem SGB III sind allein solche der Bundesagentur.")
_MIXED = Reason("§ 44b Abs. 3 SGB II", "Jede Zuständigkeit verantwortet einen eigenen Teil der Stellungnahme.")


def competence(tasks: Iterable[Task], *, legal_area: LegalArea, is_licensed: bool) -> Finding:
    """Who answers for these tasks, and why; `is_licensed`: the office is one of a zugelassener kommunaler Träger."""
    if legal_area == LegalArea.SGB3:
        return Finding(Competence.FEDERAL, (_SGB3,))
    if is_licensed:
        return Finding(Competence.LICENSED, (_LICENSED,))
    wanted = set(tasks)
    named = [task for task in Task if task in wanted]
    reasons = tuple(Reason(BASIS[task][1], f"{task.label}: {BASIS[task][0].label}.") for task in named)
    parts = tuple(dict.fromkeys(BASIS[task][0] for task in named))
    above = tuple(SUPERVISION[part] for part in parts)
    if len(parts) > 1:
        return Finding(Competence.MIXED, (*reasons, *above, _MIXED), parts)
    return Finding(parts[0] if parts else None, (*reasons, *above))
