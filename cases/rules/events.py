"""Every event of the log in one list: code, category, sentence. Events carry no names and no free text.

Free text (notes, reasons) lives in rows that can be erased; an event holds their ids, dates and codes only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from offices.calendars import WEEKDAYS


class Category(StrEnum):
    CONTACT = "contact"
    INTERNAL = "internal"
    SYSTEM = "system"


CATEGORY_LABELS = {Category.CONTACT: "Kontakt", Category.INTERNAL: "Intern", Category.SYSTEM: "System"}


@dataclass(frozen=True)
class EventEntry:
    category: Category
    sentence: str


UNKNOWN = "…"

C, I, S = Category.CONTACT, Category.INTERNAL, Category.SYSTEM  # noqa: E741 - the table below reads as one

EVENTS: dict[str, EventEntry] = {
    "case.registered": EventEntry(C, "Eingegangen am {received_on} und erfasst"),
    "case.accepted": EventEntry(I, "Vom KRM übernommen"),
    "case.assigned": EventEntry(I, "Zugewiesen"),
    "case.handed_to_unit": EventEntry(I, "An den Fachbereich {unit} gegeben"),
    "case.returned_to_krm": EventEntry(I, "An das KRM zurückgegeben"),
    "case.edited": EventEntry(I, "Angaben geändert: {fields}"),
    "case.wording_corrected": EventEntry(I, "Wortlaut berichtigt (Fassung {number})"),
    "case.answered": EventEntry(C, "Als beantwortet vermerkt"),
    "case.went_on": EventEntry(I, "Weiter bearbeitet; was geantwortet wurde, bleibt"),
    "case.closed": EventEntry(
        I, "Abgeschlossen (z.d.A.), Aktenzeichen {file_reference}, aufzubewahren bis {retention_until}"
    ),
    "case.reopened": EventEntry(I, "Wieder aufgenommen"),
    "case.handed_over": EventEntry(C, "Abgegeben (Kein KRM) als {transfer_reference}"),
    "case.sealed": EventEntry(I, "Als geschützter Vorgang gesperrt"),
    "case.access_granted": EventEntry(I, "Einzelzugriff erteilt"),
    "case.access_withdrawn": EventEntry(I, "Einzelzugriff entzogen"),
    "case.employee_named": EventEntry(I, "Betroffene Person eingetragen; sie hat keinen Zugriff"),
    "case.employee_removal_asked": EventEntry(
        I, "Rücknahme des Eintrags einer betroffenen Person erbeten; eine zweite Person bestätigt sie"
    ),
    "case.employee_unnamed": EventEntry(I, "Eintrag einer betroffenen Person zurückgenommen"),
    "case.management_shut_out": EventEntry(
        I, "Gegen die Geschäftsführung: Wer leitet oder im Vorzimmer sitzt, hat keinen Zugriff mehr; liegt beim KRM"
    ),
    "case.management_let_in": EventEntry(I, "Nicht mehr gegen die Geschäftsführung: Zugriff wieder nach Rolle"),
    "case.split": EventEntry(I, "Teil abgetrennt als {transfer_reference}"),
    "case.judged": EventEntry(I, "Nach dem Inhalt beurteilt: {judgement}"),
    "case.escalated": EventEntry(C, "Stufe {number} der Eskalationsleiter erreicht am {on} ({way})"),
    "case.talk": EventEntry(C, "Persönliches Gespräch: {talk} ({on})"),
    "case.handed_on": EventEntry(I, "Zuständigkeit auf andere Hände übergegangen"),
    "directive.drafted": EventEntry(I, "{directive} entworfen"),
    "directive.presented": EventEntry(I, "{directive} der Geschäftsführung vorgelegt"),
    "directive.returned": EventEntry(I, "{directive} mit Hinweis zurückgegeben"),
    "directive.issued": EventEntry(I, "{directive} abverfügt"),
    "directive.discarded": EventEntry(I, "Entwurf der {directive} verworfen"),
    "directive.point_done": EventEntry(I, "{directive}, Punkt {position} erledigt"),
    "statement.requested": EventEntry(I, "{kind} von {unit} angefordert bis {due_on}"),
    "statement.handed_on": EventEntry(I, "{kind} von {unit} weitergegeben (Fassung {number})"),
    "statement.returned": EventEntry(I, "{kind} von {unit} mit Hinweis zurückgegeben"),
    "statement.co_signed": EventEntry(I, "{kind} von {unit} mitgezeichnet (Fassung {number})"),
    "statement.approved": EventEntry(I, "{kind} von {unit} freigegeben (Fassung {number})"),
    "statement.withdrawn": EventEntry(I, "Anforderung an {unit} zurückgezogen: {kind}"),
    "signature.voided": EventEntry(S, "Zeichnung hinfällig, der Text wurde geändert: {kind}"),
    "signature.barred": EventEntry(S, "Zeichnung hinfällig, wer mitgewirkt hat, hat keinen Zugriff mehr: {kind}"),
    "signature.asked_again": EventEntry(S, "Zeichnung neu erbeten nach der Rückgabe: {kind}"),
    "statement.file_removed": EventEntry(I, "Anlage von der Stellungnahme gelöst: {kind} von {unit}"),
    "statement.delegated": EventEntry(I, "{kind} von {unit}: jemand anders schreibt"),
    "assignment.made": EventEntry(I, "{kind} erbeten"),
    "assignment.done": EventEntry(I, "{kind}: erledigt"),
    "assignment.cancelled": EventEntry(S, "{kind}: zurückgenommen"),
    "deadline.set": EventEntry(S, "Frist {kind} bis {due_on} gesetzt"),
    "deadline.met": EventEntry(S, "Frist {kind} am {met_on} erledigt"),
    "deadline.cancelled": EventEntry(S, "Frist {kind} entfallen"),
    "deadline.extended": EventEntry(I, "Frist {kind} vom {old} auf den {new} verlängert"),
    "deadline.moved": EventEntry(S, "Frist {kind} wegen Kalenderänderung vom {old} auf den {new} verschoben"),
    "deadline.resumed": EventEntry(S, "Frist {kind} nach dem Ruhen vom {old} auf den {new} gesetzt"),
    "deadline.changed": EventEntry(I, "Frist {kind} vom {old} auf den {new} geändert"),
    "deadline.told": EventEntry(S, "An {kind} ({due_on}) erinnert, {step}: {told}"),
    "case.paused": EventEntry(I, "Ruht ab {from_on}"),
    "case.resumed": EventEntry(I, "Bearbeitung fortgesetzt am {resumed_on}"),
    "letter.drafted": EventEntry(I, "{kind} entworfen"),
    "letter.submitted": EventEntry(I, "{kind} zur Zeichnung gegeben"),
    "letter.co_signed": EventEntry(I, "{kind} mitgezeichnet"),
    "letter.returned": EventEntry(I, "{kind} mit Hinweis zurückgegeben"),
    "letter.issued": EventEntry(I, "{kind} ausgefertigt"),
    "letter.withdrawn": EventEntry(I, "{kind} vor dem Versand zum Entwurf zurückgenommen"),
    "letter.discarded": EventEntry(I, "{kind} verworfen"),
    "letter.dispatched": EventEntry(C, "{kind} am {sent_on} versandt ({way})"),
    "document.added": EventEntry(I, "Unterlage abgelegt"),
    "note.added": EventEntry(I, "Vermerk"),
    "note.contact": EventEntry(C, "Kontakt vermerkt"),
    "note.waiver": EventEntry(C, "Verzicht auf eine Antwort vermerkt"),
    "follow_up.set": EventEntry(I, "Wiedervorlage zum {due_on}"),
    "follow_up.done": EventEntry(I, "Wiedervorlage vom {due_on} erledigt"),
    "transfer.registered": EventEntry(C, "Kein KRM: {reason}, eingegangen am {received_on}"),
    "transfer.edited": EventEntry(I, "Angaben geändert: {fields}"),
    "transfer.wording_corrected": EventEntry(I, "Wortlaut berichtigt (Fassung {number})"),
    "transfer.employee_named": EventEntry(I, "Betroffene Mitarbeiterin oder betroffener Mitarbeiter eingetragen"),
    "transfer.employee_unnamed": EventEntry(I, "Eintrag zu betroffenen Beschäftigten zurückgenommen"),
    "transfer.handed_over": EventEntry(C, "An die zuständige Stelle abgegeben"),
    "transfer.handed_inside": EventEntry(I, "Im Haus übergeben an {to}"),
    "tally.counted": EventEntry(S, "Vor Ort Erledigtes gezählt"),
    "rules.changed": EventEntry(S, "Neue Fassung des Regelwerks ab {valid_from}"),
    "person.created": EventEntry(S, "Konto angelegt (Person Nr. {user})"),
    "person.changed": EventEntry(S, "Konto geändert (Person Nr. {user}): {fields}"),
    "person.link_made": EventEntry(
        S, "Zugangslink erstellt, bisheriges Passwort und Kalenderadresse beendet (Person Nr. {user})"
    ),
    "person.password_set": EventEntry(S, "Passwort gesetzt (Person Nr. {user})"),
    "person.password_changed": EventEntry(S, "Eigenes Passwort geändert (Person Nr. {user})"),
    "membership.added": EventEntry(S, "Rolle {role} ab {from_on} vergeben (Person Nr. {user})"),
    "membership.ended": EventEntry(S, "Rolle {role} zum {until_on} beendet (Person Nr. {user})"),
    "membership.last_ended": EventEntry(
        S, "Kalenderadresse, angefangene Erfassung und Anmeldungen beendet (Person Nr. {user})"
    ),
    "person.hand_on_reason": EventEntry(
        S, "Grund Nr. {reason} angegeben, offene Arbeit zu übergeben, gilt bis {until_on} (Person Nr. {user})"
    ),
    "unit.created": EventEntry(S, "Einheit {unit} angelegt"),
    "unit.changed": EventEntry(S, "Einheit {unit} geändert"),
    "topic.added": EventEntry(S, "Thema Nr. {topic} in den Katalog aufgenommen"),
    "text_block.added": EventEntry(S, "Textbaustein Nr. {text_block} angelegt"),
    "text_block.changed": EventEntry(S, "Textbaustein Nr. {text_block} geändert"),
    "topic.changed": EventEntry(S, "Thema Nr. {topic} im Katalog geändert"),
    "substitution.entered": EventEntry(S, "Vertretung vom {from_on} bis {until_on} eingetragen"),
    "substitution.ended": EventEntry(S, "Vertretung auf die Zeit vom {from_on} bis {until_on} verkürzt"),
    "substitution.cancelled": EventEntry(S, "Vertretung vom {from_on} bis {until_on} zurückgenommen"),
    "mail.again": EventEntry(S, "E-Mail Nr. {mail} wird sofort noch einmal versucht"),
    "mail.all_again": EventEntry(S, "Wartende E-Mails werden sofort noch einmal versucht ({mails})"),
    "days.added": EventEntry(S, "Feiertag oder dienstfreier Tag eingetragen"),
    "days.removed": EventEntry(S, "Feiertag oder dienstfreier Tag entfernt"),
}


def add(entries: Mapping[str, EventEntry]) -> None:
    """Take in the events of an app above, once at start (krm/seams.py); a code that is there already is a mistake."""
    if known := EVENTS.keys() & entries.keys():
        raise ValueError(f"{', '.join(sorted(known))}: there already.")
    EVENTS.update(entries)


def sentence(code: str, data: Mapping[str, Any]) -> str:
    """What happened, in German, with the dates of `data` as Mo 23.11.2026; a value that is missing reads „…“.

    A code that is no longer in the list (an old log read by a newer version) is shown as it is.
    """
    entry = EVENTS.get(code)
    if entry is None:
        return code
    return entry.sentence.format_map(_Words({key: _word(value) for key, value in data.items()}))


class _Words(dict):
    def __missing__(self, key: str) -> str:
        return UNKNOWN


def _word(value: Any) -> str:
    """A stored value as one reads it: ISO dates as German ones, lists with commas, nothing as „…“."""
    if value is None or value == "":
        return UNKNOWN
    if isinstance(value, list | tuple):
        return ", ".join(_word(item) for item in value)
    if isinstance(value, str) and len(value) == len("2026-11-23"):
        try:
            day = date.fromisoformat(value)
            return f"{WEEKDAYS[day.weekday()][:2]} {day:%d.%m.%Y}"
        except ValueError:
            return value
    return str(value)
