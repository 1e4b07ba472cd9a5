"""What petitions write to the log: handed to the one list of the log's events at start (krm/seams.py)."""

from cases.rules.events import Category, EventEntry

C, I, S = Category.CONTACT, Category.INTERNAL, Category.SYSTEM  # noqa: E741 - the table below reads as one

PETITION_EVENTS: dict[str, EventEntry] = {
    "petition.opened": EventEntry(C, "Als {kind} geführt, angefordert von: {requester}"),
    "petition.edited": EventEntry(I, "Angaben zur Petition geändert: {fields}"),
    "petition.request_added": EventEntry(C, "{kind} vom {dated_on}, Frist {due_on}"),
    "petition.request_extended": EventEntry(C, "Frist der anfordernden Stelle vom {old} auf den {new} verlängert"),
    "petition.request_answered": EventEntry(C, "{kind} beantwortet am {on}"),
    "petition.request_refused": EventEntry(C, "{kind} abgelehnt am {on}"),
    "petition.started": EventEntry(I, "Berichtsweg begonnen: {route}"),
    "petition.received": EventEntry(C, "Empfang bestätigt am {on}: {station}"),
    "petition.passed_on": EventEntry(I, "Erledigt und weitergegeben am {on}: {station}"),
    "petition.remarked": EventEntry(I, "Anmerkung: {station}"),
    "petition.returned": EventEntry(I, "Zurückgegeben am {on}: {station}, an: {to}"),
    "petition.skipped": EventEntry(I, "Übersprungen: {station}"),
    "petition.reopened": EventEntry(I, "Noch einmal geöffnet: {station}"),
    "petition.withdrawn": EventEntry(I, "Ohne Antwort beendet: {kind}"),
    "petition.replanned": EventEntry(I, "Neuer Plan, Fassung {number}: {route}"),
    "petition.counted": EventEntry(S, "Stellungnahme Nr. {number} der {regional_directorate} (H-8)"),
    "petition.paper_made": EventEntry(I, "Stellungnahme als PDF übernommen, Fassung {number}: {station}"),
    "petition.checked": EventEntry(I, "Prüfliste ausgefüllt: {done} von {all}"),
    "petition.dispatched": EventEntry(C, "Stellungnahme am {on} versandt, Ausfertigungen: {copies}"),
    "petition.decided": EventEntry(C, "Entscheidung vom {on}: {decision}"),
    "petition.reported": EventEntry(C, "Bericht zur Entscheidung am {on} erstattet"),
    "petition.told": EventEntry(C, "Petent/in am {on} von der Erledigung unterrichtet"),
    "petition.waived": EventEntry(C, "Schriftlicher Verzicht auf eine Antwort vom {on} abgelegt"),
    "routes.changed": EventEntry(S, "Neue Fassung der Berichtswege ab {valid_from}"),
    "checklist.added": EventEntry(S, "Punkt in die Prüfliste aufgenommen"),
    "checklist.changed": EventEntry(S, "Punkt der Prüfliste geändert"),
    "routes.body_named": EventEntry(S, "Wer für eine Stelle der Berichtswege handelt, eingetragen: {body}"),
    "routes.decisions_listed": EventEntry(S, "Was entschieden werden kann, neu gefasst: {requester}"),
}
