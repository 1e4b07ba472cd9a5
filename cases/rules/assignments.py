"""What one person of the house can be asked to do on a case: one table of verbs, read by worklists, pages and access.

An assignment (Auftrag) is a row with a person and a day; whoever stands in for that person does it „i. V.“.
"""

from dataclasses import dataclass
from enum import StrEnum


class AssignmentKind(StrEnum):
    ISSUE_DIRECTIVE = "issue_directive"
    HANDLE = "handle"
    WRITE_STATEMENT = "write_statement"
    CO_SIGN_STATEMENT = "co_sign_statement"
    APPROVE_STATEMENT = "approve_statement"
    AGREE_LETTER = "agree_letter"
    SIGN_LETTER = "sign_letter"
    TAKE_RUNG = "take_rung"
    TAKE_NOTE = "take_note"
    SEE_FIRST = "see_first"
    APPROVE_RESULT = "approve_result"
    PASS_ON_PRAISE = "pass_on_praise"  # noqa: S105 - something to do, no password
    READ_MENTION = "read_mention"
    CHECK_AGAIN = "check_again"
    TAKE_OVER = "take_over"
    PASS_STATION = "pass_station"  # noqa: S105 - something to do, no password


@dataclass(frozen=True)
class AssignmentEntry:
    """`to_do` is the verb on worklists, `asked_for` what somebody „wurde … gebeten“. With `gives_access` the person
    sees the case as long as it is open.

    `ends_by_tick`: done by saying so; the others end with the action they ask for. `listed_apart`: another part of KRM
    has a list of its own for it on „Mein Tag“. `for_information`: told on a case
    and no work of anybody; nothing waits for it, and it ends with the case.
    """

    label: str
    to_do: str
    asked_for: str
    gives_access: bool = True
    ends_by_tick: bool = False
    for_information: bool = False
    listed_apart: bool = False


ASSIGNMENTS: dict[AssignmentKind, AssignmentEntry] = {
    AssignmentKind.ISSUE_DIRECTIVE: AssignmentEntry(
        "Verfügung zeichnen", "Verfügung prüfen und abverfügen", "um die Zeichnung der Verfügung"
    ),
    AssignmentKind.HANDLE: AssignmentEntry(
        "Bearbeitung nach Verfügung", "nach Verfügung bearbeiten", "um die Bearbeitung nach Verfügung"
    ),
    AssignmentKind.WRITE_STATEMENT: AssignmentEntry(
        "Stellungnahme", "Stellungnahme schreiben", "um eine Stellungnahme"
    ),
    AssignmentKind.CO_SIGN_STATEMENT: AssignmentEntry(
        "Mitzeichnung der Stellungnahme", "Stellungnahme mitzeichnen", "um die Mitzeichnung einer Stellungnahme"
    ),
    AssignmentKind.APPROVE_STATEMENT: AssignmentEntry(
        "Freigabe der Stellungnahme", "Stellungnahme freigeben", "um die Freigabe einer Stellungnahme"
    ),
    AssignmentKind.AGREE_LETTER: AssignmentEntry(
        "Mitzeichnung des Schreibens", "Schreiben mitzeichnen", "um die Mitzeichnung eines Schreibens"
    ),
    AssignmentKind.SIGN_LETTER: AssignmentEntry(
        "Schlusszeichnung", "Schreiben zeichnen", "um die Zeichnung eines Schreibens"
    ),
    AssignmentKind.TAKE_RUNG: AssignmentEntry(
        "Klärung auf dieser Stufe", "auf Ihrer Stufe klären", "um die Klärung auf Ihrer Stufe"
    ),
    AssignmentKind.TAKE_NOTE: AssignmentEntry(
        "zur Kenntnis", "zur Kenntnis nehmen", "um Kenntnisnahme", ends_by_tick=True, for_information=True
    ),
    AssignmentKind.SEE_FIRST: AssignmentEntry(
        "Kenntnisnahme vor dem KRM",
        "Kundenreaktion zur Kenntnis nehmen",
        "um Kenntnisnahme vor dem KRM",
        ends_by_tick=True,
    ),
    AssignmentKind.APPROVE_RESULT: AssignmentEntry(
        "Billigung des Ergebnisses",
        "Ergebnis der Dienstaufsichtsbeschwerde billigen",
        "um die Billigung des Ergebnisses",
        ends_by_tick=True,
    ),
    AssignmentKind.PASS_ON_PRAISE: AssignmentEntry(
        "Lob", "Lob zur Kenntnis nehmen", "um Kenntnisnahme eines Lobes", ends_by_tick=True
    ),
    AssignmentKind.READ_MENTION: AssignmentEntry(
        "Hinweis an Sie",
        "Vermerk lesen",
        "um das Lesen eines Vermerks",
        gives_access=False,
        ends_by_tick=True,
        for_information=True,
    ),
    AssignmentKind.CHECK_AGAIN: AssignmentEntry(
        "erneute Prüfung",
        "prüfen, was neu zu zeichnen oder zu erfragen ist",
        "um erneute Prüfung",
        ends_by_tick=True,
    ),
    AssignmentKind.TAKE_OVER: AssignmentEntry(
        "Übernahme der Abgabe", "Abgabe übernehmen", "um die Übernahme einer Abgabe", ends_by_tick=True
    ),
    AssignmentKind.PASS_STATION: AssignmentEntry(
        "Station einer Petition",
        "Petition bearbeiten und weitergeben",
        "um die Bearbeitung einer Petition",
        listed_apart=True,
    ),
}
GIVING_ACCESS = frozenset(kind for kind, entry in ASSIGNMENTS.items() if entry.gives_access)
SETTLING = frozenset({AssignmentKind.HANDLE, AssignmentKind.TAKE_RUNG})  # asked to clear it up with the person
FOR_INFORMATION = tuple(kind for kind, entry in ASSIGNMENTS.items() if entry.for_information)
LISTED_APART = tuple(kind for kind, entry in ASSIGNMENTS.items() if entry.listed_apart)
ENDS_BY_ITS_ACTION = tuple(kind for kind, entry in ASSIGNMENTS.items() if not entry.ends_by_tick)
