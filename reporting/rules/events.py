"""What figures and reports write to the log: handed to the one list of the log's events at start (krm/seams.py)."""

from cases.rules.events import Category, EventEntry

S = Category.SYSTEM

REPORT_EVENTS: dict[str, EventEntry] = {
    "report.drafted": EventEntry(S, "Bericht angelegt: {kind} {period}"),
    "report.edited": EventEntry(S, "Texte eines Berichts geändert: {kind} {period}"),
    "report.counted": EventEntry(S, "Zahlen eines Berichts neu angefordert: {kind} {period}"),
    "report.stopped": EventEntry(S, "Zählen für einen Bericht abgebrochen: {kind} {period}"),
    "report.presented": EventEntry(S, "Bericht vorgelegt: {kind} {period}"),
    "report.returned": EventEntry(S, "Bericht zurückgegeben: {kind} {period}"),
    "report.approved": EventEntry(S, "Bericht freigegeben: {kind} {period}"),
    "report.discarded": EventEntry(S, "Entwurf eines Berichts verworfen: {kind} {period}"),
    "report.sent": EventEntry(S, "Bericht abgegeben am {on}: {kind} {period}"),
    "survey.entered": EventEntry(S, "Ergebnis der Kundenbefragung eingetragen: {half}"),
    "households.entered": EventEntry(S, "Zahl der Bedarfsgemeinschaften eingetragen: {year}"),
    "measure.planned": EventEntry(Category.INTERNAL, "Maßnahme geplant, umzusetzen bis {due_on}"),
    "measure.dropped": EventEntry(Category.INTERNAL, "Maßnahme zurückgenommen"),
    "measure.done": EventEntry(Category.INTERNAL, "Maßnahme umgesetzt am {on}"),
    "measure.checked": EventEntry(Category.INTERNAL, "Wirkung einer Maßnahme geprüft am {on}"),
    "evaluation.relief": EventEntry(S, "Auswertung zur Entlastung von Beschäftigten (GER-35)"),
}
