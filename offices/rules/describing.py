"""Every parameter of a rule set in German sentences, for the page on which people read and choose their rules."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from offices.calendars import STATES, Period
from offices.roles import Role, Visibility
from offices.rules import values as v
from offices.rules.parameters import Parameters
from offices.rules.vocabulary import Channel, Route

VISIBILITY_WORDS = {
    Visibility.KRM_AND_MANAGEMENT_ONLY: "nur KRM und Geschäftsführung",
    Visibility.KRM_AND_ALL_LEADERS: "KRM, Geschäftsführung und alle Führungskräfte",
    Visibility.KRM_AND_UNIT_LEADERS: "KRM, Geschäftsführung und die Führungskräfte der eigenen Einheiten",
}
FILE_PLAN_WORDS = {
    "general": "Allgemeines",
    "complaint": "Beschwerden",
    "conduct_complaint": "Dienstaufsichtsbeschwerden",
    "submission": "Eingaben",
    "petition": "Petitionen",
    "praise": "Lob",
    "suggestion": "Anregungen",
    "evaluation": "Auswertungen",
}
WRITTEN = tuple(channel for channel in Channel if channel.is_written)


@dataclass(frozen=True)
class ReadingText:
    key: str
    label: str
    value: str
    source: str


@dataclass(frozen=True)
class ParameterText:
    """One parameter for people; `key` is its number in the rulebook (K1-K24, else the rule it stands for)."""

    key: str
    name: str
    title: str
    value: str
    source: str
    note: str
    confirmed: bool
    chosen: str | None
    readings: tuple[ReadingText, ...]

    @property
    def anchor(self) -> str:
        """Where it stands on the page of its rule set: „K1“, else the name of the field."""
        return self.key if self.key.startswith("K") else self.name


def describe(parameters: Parameters) -> list[ParameterText]:
    """All parameters in the order of the rulebook, each with its provenance and its readings, if any."""
    return [_describe(key, name, parameters) for name, (key, _, _) in WORDS.items()]


def describe_value(name: str, value: Any) -> str:
    """One value in German; `name` is the field of Parameters it belongs to."""
    return WORDS[name][2](value)


def _describe(key: str, name: str, parameters: Parameters) -> ParameterText:
    origin = parameters.provenance[name]
    return ParameterText(
        key=key,
        name=name,
        title=WORDS[name][1],
        value=describe_value(name, getattr(parameters, name)),
        source=origin.source,
        note=origin.note,
        confirmed=origin.confirmed,
        chosen=origin.chosen,
        readings=tuple(ReadingText(r.key, r.label, describe_value(name, r.value), r.source) for r in origin.readings),
    )


def _after(period: Period) -> str:
    """The period in the dative: „nach 3 Arbeitstagen“."""
    words = period.words
    return words + "n" if period.amount != 1 and words.endswith("e") else words


def _roles(roles: Iterable[Role], joint: str = ", ") -> str:
    return joint.join(role.label for role in roles)


def _sentences(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _acknowledgement(value: v.Acknowledgement) -> str:
    channels = defaultdict(list)
    for channel in WRITTEN:
        channels[value.duty_for(channel)].append(channel.label)
    duties = (f"{duty.label} bei {', '.join(labels)}" for duty, labels in channels.items())
    return _sentences(
        f"spätestens nach {_after(value.period)}" if value.period else "ohne Frist",
        *duties,
        "eine Zwischennachricht genügt" if value.interim_counts else "",
    )


def _closure(value: v.Closure) -> str:
    return f"innerhalb von {_after(value.period)} nach Eingang; für {value.applies_to.label}"


def _interim(value: v.Interim) -> str:
    if not value.required:
        return "nicht vorgeschrieben"
    when = f"spätestens nach {_after(value.period)}" if value.period else "spätestens mit Ablauf der Abschlussfrist"
    return _sentences(
        when,
        "nennt die voraussichtliche Dauer" if value.must_state_duration else "",
        f"schreibt: {value.author.label}" if value.author else "",
        f"nach Rücksprache mit: {_roles(value.consults)}" if value.consults else "",
    )


def _ladder(value: v.Ladder) -> str:
    rungs = ", ".join(f"{rung.number}. {rung.label}" for rung in value.rungs)
    return _sentences(
        rungs,
        f"für {value.applies_to.label}",
        "keine Stufe darf übersprungen werden" if value.skipping_forbidden else "",
    )


def _oral_registration(value: v.OralRegistration) -> str:
    return (
        _sentences(
            f"mündliche Kundenreaktionen {value.rule.label}",
            "was beim KRM eingeht, immer" if value.always_when_received_by_krm else "",
            f"ab {value.always_from.label} immer" if value.always_from else "",
            "ausgenommen ohne neuen Sachvortrag" if value.except_without_substance else "",
            "das Vorzimmer nimmt Negatives nur auf, wenn der Fachbereich am selben Tag befasst war"
            if value.front_office_same_day
            else "",
        )
        + f". {value.sentence}"
    )


def _registration(value: v.Registration) -> str:
    return f"{'Pflicht' if value.mandatory else 'freiwillig'}; {value.register}. {value.sentence}"


def _conduct_complaint(value: v.ConductComplaint) -> str:
    return _sentences(
        "wird erfasst" if value.registered else "wird nicht im KRM erfasst",
        "endet als „nicht bewertbar“" if value.closed_as_not_assessable else "",
        f"zuerst an: {value.first_to.label}" if value.first_to else "",
        f"Einordnung: {value.assessed_by.label}" if value.assessed_by else "",
        f"Bearbeitung: {_roles(value.handled_by)}" if value.handled_by else "",
        f"geht an: {value.handed_to}{_inside(value.inside)}" if value.handed_to else "",
        f"Schlusszeichnung: {value.signed_by.label}" if value.signed_by else "",
        f"gegen die Geschäftsführung: {value.against_management}" if value.against_management else "",
    )


def _routing(value: v.Routing) -> str:
    if value.route == Route.TRANSFER:
        return f"{value.route.label} an: {value.recipient}{_inside(value.inside)}"
    return value.route.label


def _inside(roles: tuple[Role, ...]) -> str:
    return f" (im Haus: {_roles(roles)})" if roles else ""


def _objection(value: v.Objection) -> str:
    return _sentences(
        _routing(value),
        f"gegen einen Widerspruchsbescheid: {value.lawsuit_recipient}" if value.lawsuit_recipient else "",
        f"Überprüfungsanträge: {value.review_recipient}" if value.review_recipient else "",
        "ein Vorgang daneben wird mit dem Widerspruch zusammen abgeschlossen" if value.concluded_with_case else "",
    )


def _data_protection(value: v.DataProtection) -> str:
    return _sentences(
        _routing(value),
        f"einbezogen: {_roles(value.involves)}" if value.involves else "",
        f"Schlusszeichnung: {value.signed_by.label}" if value.signed_by else "",
        "das Übrige bleibt ein eigener Vorgang" if value.split_remaining else "",
    )


def _misconduct(value: v.Misconduct) -> str:
    return _sentences(
        f"Korruption: {_routing(value.corruption)}",
        f"Leistungsmissbrauch: {_routing(value.benefit_fraud)}",
        f"Ordnungswidrigkeiten: {_routing(value.regulatory_offence)}",
    )


def _anonymous(value: v.Anonymous) -> str:
    return _sentences(
        "werden erfasst" if value.registered else "werden nicht erfasst",
        "" if value.archive_card else "die Meinungskarte selbst wird nicht archiviert",
    )


def _praise(value: v.Praise) -> str:
    return _sentences(
        "wird erfasst" if value.registered else "wird nicht erfasst",
        f"zur Kenntnis an: {_roles(value.informs)}" if value.informs else "",
        f"über: {_roles(value.via)}" if value.via else "",
    )


def _petition_deadline(value: v.PetitionDeadline) -> str:
    backward = value.before_outside_deadline
    return _sentences(
        f"innerhalb von {_after(value.period)} nach Eingang" if value.period else "keine Zahl genannt",
        f"an: {value.recipient}" if value.recipient else "",
        f"in Trägerangelegenheiten {backward.words} vor Ablauf der Frist des Ausschusses" if backward else "",
        "taggleich zur Geschäftsführung" if value.same_day_to_management else "",
        "KRM setzt die Bearbeitungsfrist" if value.set_by_officer else "",
    )


def _petition_route(value: v.PetitionRoute) -> str:
    return _sentences(" → ".join(value.stations), f"sonst: {value.otherwise}" if value.otherwise else "")


def _owners_assembly(value: v.OwnersAssembly) -> str:
    joint = " und ".join(value.authorised_by)
    return _sentences(_routing(value), f"gemeinsam freigegeben durch: {joint}" if joint else "")


def _first_stop(value: v.FirstStop) -> str:
    stops = [f"{channel.label}: {_roles(value.stops_for(channel), ' → ')}" for channel in WRITTEN]
    present = ", ".join(value.must_present)
    return _sentences(
        *stops,
        f"der Geschäftsführung vorzulegen: {present}" if present else "",
        f"LGF in Kopie für: {', '.join(value.lgf_copy_units)}" if value.lgf_copy_units else "",
        "die Bereichsleitung wird vorab informiert" if value.division_informed else "",
    )


def _reports(value: v.Reports) -> str:
    lines = []
    for report in value.entries:
        via = f" über {report.via}" if report.via else ""
        content = f" ({report.content})" if report.content else ""
        lines.append(f"{report.recipient}{via}: {report.rhythm.label}{content}")
    return _sentences(*lines) or "keine festgelegt"


def _signature(value: v.Signature) -> str:
    return _sentences(
        f"Eingangsbestätigung: {_roles(value.acknowledgement, ' oder ')}",
        f"Antwort: {_roles(value.final_letter, ' oder ')}",
        "die Verfügung legt fest, wer zeichnet" if value.final_by_directive else "",
        "die Fachkraft stimmt vorher zu" if value.agreed_with_specialist else "",
        f"vor der Entscheidung zu hören: {_roles(value.consults)}" if value.consults else "",
        f"Petitionen und Eingaben: {value.petition.label}" if value.petition else "",
    )


def _documentation(value: v.Documentation) -> str:
    return _sentences(
        ", ".join(value.record_in),
        "Vermerk in VerBIS vor dem Abschluss" if value.verbis_tick else "",
        "nur Leistungs- und Vermittlungsunterlagen in die E-Akte" if value.benefit_enclosures_to_efile else "",
    )


def _deputies(value: v.Deputies) -> str:
    lines = [
        entry.label or f"{entry.deputy.label} für {entry.role.label} ({entry.scope.label})" for entry in value.entries
    ]
    return _sentences(*lines) or "nicht geregelt"


def _filing(value: v.Filing) -> str:
    numbers = ((word, getattr(value.file_plan, kind)) for kind, word in FILE_PLAN_WORDS.items())
    filed = ", ".join(f"{word} {number}" for word, number in numbers if number)
    return f"{filed}; {value.retention_years} Jahre aufbewahrt"


def _practice(value: v.Practice) -> str:
    counted = "zählen" if value.closed_days_are_working_days else "zählen nicht"
    return _sentences(
        f"höchstens {value.max_concerns} Anliegen je Vorgang",
        f"dienstfreie Tage {counted} als Arbeitstage",
        "ein persönliches Gespräch geht vor" if value.talk_first else "",
        f"Vertretung zeichnet mit „{value.deputy_mark}“, im Auftrag mit „{value.by_order_mark}“",
        f"Berichte außerhalb des Hauses nennen Zahlen ab {value.smallest_told} Vorgängen",
    )


def _reminders(value: v.Reminders) -> str:
    kinds = (
        ("Eingangsbestätigung und Zwischennachricht", value.desk),
        ("Abschluss", value.closure),
        ("Stellungnahmen", value.statements),
        ("Punkte der Verfügung", value.directives),
        ("Wiedervorlagen", value.follow_ups),
        ("Ende des Ruhens", value.rests),
        ("Vorlage bei der Geschäftsführung am selben Tag", value.presentation),
    )
    steps = defaultdict(list)
    for name, chosen in kinds:
        steps[chosen].append(name)
    return _sentences(
        f"an Arbeitstagen ab {value.hour} Uhr",
        *(f"{', '.join(names)}: {_steps(chosen)}" for chosen, names in steps.items()),
        f"ein Ruhen ohne Ende wird nach {_after(value.review_of_rest)} geprüft",
    )


def _steps(steps: Iterable[v.ReminderStep]) -> str:
    return ", ".join(f"{step.words} ({' und '.join(told.label for told in step.tells)})" for step in steps)


WORDS: dict[str, tuple[str, str, Callable[[Any], str]]] = {
    "acknowledgement": ("K1", "Eingangsbestätigung", _acknowledgement),
    "closure": ("K2", "Abschluss", _closure),
    "interim": ("K3", "Zwischennachricht", _interim),
    "ladder": ("K4", "Eskalationsstufen", _ladder),
    "oral_registration": ("K5", "Erfassung mündlicher Kundenreaktionen", _oral_registration),
    "registration": ("K6", "Erfassungspflicht", _registration),
    "conduct_complaint": ("K7", "Dienstaufsichtsbeschwerde", _conduct_complaint),
    "supervision_complaint": ("K8", "Fachaufsichtsbeschwerde", _routing),
    "inquiry": ("K9", "Anfragen und Auskunftsersuchen", _routing),
    "objection": ("K10", "Widerspruch", _objection),
    "data_protection": ("K11", "Datenschutz", _data_protection),
    "misconduct": ("K12", "Korruption, Leistungsmissbrauch, Ordnungswidrigkeiten", _misconduct),
    "anonymous": ("K13", "Anonyme Kundenreaktionen", _anonymous),
    "praise": ("K14", "Lob", _praise),
    "petition_deadline": ("K15", "Petitionen: Frist im Haus", _petition_deadline),
    "petition_route": ("K16", "Petitionen: Berichtsweg", _petition_route),
    "owners_assembly": ("K17", "Petitionen in Angelegenheiten der Trägerversammlung", _owners_assembly),
    "visibility": ("K18", "Wer die Vorgänge sieht", lambda value: VISIBILITY_WORDS[value.who]),
    "first_stop": ("K19", "Erste Station schriftlicher Eingänge", _first_stop),
    "reports": ("K20", "Berichte", _reports),
    "signature": ("K21", "Unterschriften", _signature),
    "documentation": ("K22", "Dokumentation", _documentation),
    "deputies": ("K23", "Vertretung", _deputies),
    "state": ("K24", "Bundesland für Feiertage", lambda value: STATES.get(value.code, "je Dienststelle")),
    "filing": ("", "Aktenplan und Aufbewahrung", _filing),
    "practice": ("", "Übung der Dienststelle", _practice),
    "reminders": ("", "Erinnerungen an Fristen", _reminders),
}
