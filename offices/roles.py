"""The one table role -> permissions; pages, documents and checks all read it.

A permission says what a seat may do, `Scope` says on which part of the house's cases. K18 of the office's rule set
decides whether leaders see every case of the office or those of their own units; `reach` applies it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    EMPLOYEE = "employee"
    TEAM_LEAD = "team_lead"
    DIVISION_LEAD = "division_lead"
    LGF = "lgf"
    MANAGEMENT = "management"
    KRM_OFFICER = "krm_officer"
    EXPERT = "expert"
    FRONT_OFFICE = "front_office"
    DPO = "dpo"
    OWNER_REP = "owner_rep"
    CONTROLLING = "controlling"
    AUDIT = "audit"
    SYSADMIN = "sysadmin"

    @property
    def label(self) -> str:
        return ROLES[self].label


class Permission(StrEnum):
    REGISTER = "register"
    READ_CASES = "read_cases"
    TRIAGE = "triage"
    EDIT = "edit"
    ASSIGN = "assign"
    WORK = "work"
    WRITE_LETTERS = "write_letters"
    DISPATCH = "dispatch"
    EXTEND = "extend"
    CLOSE = "close"
    NOTE = "note"
    DIRECT = "direct"
    SIGN = "sign"
    HAND_ON = "hand_on"
    COUNT_ON_THE_SPOT = "count_on_the_spot"
    READ_RULES = "read_rules"
    CHANGE_RULES = "change_rules"
    CHANGE_DAYS = "change_days"
    CHANGE_TOPICS = "change_topics"
    CHANGE_TEXT_BLOCKS = "change_text_blocks"
    CHANGE_PEOPLE = "change_people"
    CHANGE_SUBSTITUTIONS = "change_substitutions"
    SUBSTITUTE_OTHERS = "substitute_others"
    READ_LOG = "read_log"
    READ_HEALTH = "read_health"
    EVALUATE = "evaluate"
    EVALUATE_UNIT = "evaluate_unit"
    EVALUATE_RELIEF = "evaluate_relief"
    WRITE_REPORTS = "write_reports"
    APPROVE_REPORTS = "approve_reports"
    ENTER_SURVEYS = "enter_surveys"

    @property
    def label(self) -> str:
        return PERMISSION_LABELS[self]


PERMISSION_LABELS: dict[Permission, str] = {
    Permission.REGISTER: "Kundenreaktionen erfassen",
    Permission.READ_CASES: "Vorgänge lesen",
    Permission.TRIAGE: "über KRM oder Kein KRM entscheiden",
    Permission.EDIT: "Angaben eines Vorgangs ändern",
    Permission.ASSIGN: "zuweisen und übergeben",
    Permission.WORK: "bearbeiten und zurückgeben",
    Permission.WRITE_LETTERS: "Schreiben entwerfen und ausfertigen",
    Permission.DISPATCH: "Versand vermerken",
    Permission.EXTEND: "Fristen verlängern, Bearbeitung ruhen lassen",
    Permission.CLOSE: "abschließen und wieder aufnehmen",
    Permission.NOTE: "Vermerke, Wiedervorlagen und Unterlagen anlegen",
    Permission.DIRECT: "Verfügungen entwerfen und abverfügen",
    Permission.SIGN: "Schreiben zeichnen",
    Permission.HAND_ON: "Arbeit ausscheidender Personen und aufgelöster Einheiten übergeben",
    Permission.COUNT_ON_THE_SPOT: "sofort Erledigtes anonym zählen",
    Permission.READ_RULES: "Regelwerke und Kalender lesen",
    Permission.CHANGE_RULES: "neue Fassung eines Regelwerks anlegen",
    Permission.CHANGE_DAYS: "Feiertage und dienstfreie Tage pflegen",
    Permission.CHANGE_TOPICS: "Themenkatalog pflegen",
    Permission.CHANGE_TEXT_BLOCKS: "Textbausteine pflegen",
    Permission.CHANGE_PEOPLE: "Personen, Einheiten und Rollen pflegen",
    Permission.CHANGE_SUBSTITUTIONS: "eigene Vertretung eintragen",
    Permission.SUBSTITUTE_OTHERS: "Vertretung für andere eintragen",
    Permission.READ_LOG: "Protokoll lesen",
    Permission.READ_HEALTH: "Zustand der Technik sehen",
    Permission.EVALUATE: "Zahlen der Dienststelle auswerten",
    Permission.EVALUATE_UNIT: "offene Arbeit der eigenen Einheit in Zahlen sehen",
    Permission.EVALUATE_RELIEF: "zur Entlastung von Beschäftigten auswerten, mit Grund",
    Permission.WRITE_REPORTS: "Berichte und Maßnahmen schreiben",
    Permission.APPROVE_REPORTS: "Berichte freigeben",
    Permission.ENTER_SURVEYS: "Kundenbefragung und Bezugsgrößen eintragen",
}


class Scope(StrEnum):
    """On which cases of the office a seat's permissions hold."""

    OFFICE = "office"
    UNITS = "units"
    ASSIGNED = "assigned"
    NONE = "none"


SCOPE_LABELS: dict[Scope, str] = {
    Scope.OFFICE: "alle Vorgänge der Dienststelle",
    Scope.UNITS: "Vorgänge der eigenen Einheit und der Einheiten darunter",
    Scope.ASSIGNED: "nur zugewiesene Vorgänge",
    Scope.NONE: "keine Vorgänge, außer nach Freigabe im Einzelfall",
}


class Visibility(StrEnum):
    """K18: who in the house may see the cases (GER-33, PAN-36)."""

    KRM_AND_MANAGEMENT_ONLY = "krm_and_management_only"
    KRM_AND_ALL_LEADERS = "krm_and_all_leaders"
    KRM_AND_UNIT_LEADERS = "krm_and_unit_leaders"


@dataclass(frozen=True)
class RoleEntry:
    label: str
    duty: str
    scope: Scope
    permissions: frozenset[Permission]


P = Permission
_EVERYBODY = frozenset({P.REGISTER, P.COUNT_ON_THE_SPOT, P.READ_RULES, P.CHANGE_SUBSTITUTIONS})
_WORKING = _EVERYBODY | {P.READ_CASES, P.WORK, P.NOTE, P.WRITE_LETTERS}
_LEADER = _WORKING | {P.EVALUATE_UNIT}
_DESK = _WORKING | {P.TRIAGE, P.EDIT, P.ASSIGN, P.DISPATCH, P.EXTEND, P.CLOSE, P.DIRECT, P.SIGN, P.HAND_ON}

ROLES: dict[Role, RoleEntry] = {
    Role.EMPLOYEE: RoleEntry(
        "Mitarbeiter/in",
        "nimmt Kundenreaktionen entgegen und bearbeitet zugewiesene Vorgänge",
        Scope.ASSIGNED,
        _EVERYBODY | {P.READ_CASES, P.WORK, P.NOTE},
    ),
    Role.TEAM_LEAD: RoleEntry(
        "Teamleitung", "verantwortet die Bearbeitung im eigenen Team", Scope.UNITS, _LEADER | {P.ASSIGN, P.SIGN}
    ),
    Role.DIVISION_LEAD: RoleEntry(
        "Bereichsleitung", "verantwortet die Bearbeitung im eigenen Bereich", Scope.UNITS, _LEADER | {P.ASSIGN, P.SIGN}
    ),
    Role.LGF: RoleEntry(
        "Leitung der Geschäftsführungsebene (LGF)",
        "erhält Verfügungen der eigenen Bereiche in Kopie",
        Scope.UNITS,
        _LEADER,
    ),
    Role.MANAGEMENT: RoleEntry(
        "Geschäftsführung",
        "verfügt, zeichnet und verantwortet das KRM",
        Scope.OFFICE,
        _WORKING
        | {P.ASSIGN, P.EXTEND, P.SUBSTITUTE_OTHERS, P.DIRECT, P.SIGN, P.HAND_ON}
        | {P.EVALUATE, P.EVALUATE_RELIEF, P.APPROVE_REPORTS},
    ),
    Role.KRM_OFFICER: RoleEntry(
        "KRM-Beauftragte/r",
        "erfasst, koordiniert, überwacht Fristen, antwortet und schließt ab",
        Scope.OFFICE,
        _DESK
        | {P.CHANGE_RULES, P.CHANGE_DAYS, P.CHANGE_TOPICS, P.CHANGE_TEXT_BLOCKS, P.SUBSTITUTE_OTHERS}
        | {P.EVALUATE, P.WRITE_REPORTS, P.ENTER_SURVEYS},
    ),
    Role.EXPERT: RoleEntry(
        "Fachexperte/Fachexpertin BGF",
        "vertritt die KRM-Beauftragten im Vertretungszeitraum",
        Scope.NONE,
        _EVERYBODY,
    ),
    Role.FRONT_OFFICE: RoleEntry(
        "Vorzimmer",
        "erledigt Verwaltung des KRM: erfassen, ablegen, Versand vermerken; keine Entscheidungen",
        Scope.OFFICE,
        _EVERYBODY | {P.READ_CASES, P.DISPATCH, P.NOTE},
    ),
    Role.DPO: RoleEntry(
        "Datenschutzbeauftragte/r",
        "bearbeitet abgetrennte Datenschutzangelegenheiten nach Freigabe im Einzelfall",
        Scope.NONE,
        frozenset({P.READ_RULES, P.READ_CASES, P.NOTE, P.WRITE_LETTERS, P.CHANGE_SUBSTITUTIONS}),
    ),
    Role.OWNER_REP: RoleEntry(
        "Vertretung eines Trägers",
        "zeichnet in Angelegenheiten der Trägerversammlung",
        Scope.NONE,
        frozenset({P.READ_RULES, P.CHANGE_SUBSTITUTIONS}),
    ),
    Role.CONTROLLING: RoleEntry(
        "Controlling",
        "wertet Zahlen aus, liest keine Vorgänge",
        Scope.NONE,
        frozenset({P.READ_RULES, P.CHANGE_SUBSTITUTIONS, P.ENTER_SURVEYS}),
    ),
    Role.AUDIT: RoleEntry(
        "Revision",
        "liest das Protokoll, keine Vorgänge",
        Scope.NONE,
        frozenset({P.READ_RULES, P.READ_LOG, P.CHANGE_SUBSTITUTIONS}),
    ),
    Role.SYSADMIN: RoleEntry(
        "Technische Administration",
        "pflegt Personen, Einheiten und Kalender, hält KRM am Laufen, liest keine Vorgänge",
        Scope.NONE,
        frozenset(
            {
                P.READ_RULES,
                P.READ_HEALTH,
                P.CHANGE_PEOPLE,
                P.CHANGE_DAYS,
                P.CHANGE_SUBSTITUTIONS,
                P.SUBSTITUTE_OTHERS,
            }
        ),
    ),
}

APART_FROM_CASES = frozenset({Role.SYSADMIN, Role.AUDIT, Role.CONTROLLING})
APART = (
    "Technische Administration, Revision und Controlling bleiben von den Vorgängen getrennt: "
    "niemand hat beides zugleich, auch nicht in Vertretung."
)
LEADERS = frozenset({Role.TEAM_LEAD, Role.DIVISION_LEAD, Role.LGF})
# Who leads in the house or sits before the leaders' door: locked out of what is against the Geschäftsführung (PAN-7).
NEAR_MANAGEMENT = LEADERS | {Role.MANAGEMENT, Role.FRONT_OFFICE}
WORKING_ROLES = frozenset(r for r, entry in ROLES.items() if P.WORK in entry.permissions and entry.scope != Scope.NONE)

# What a deputy may do who stands in for the administration only, not for decisions (K23, PAN-14).
ADMINISTRATIVE = frozenset(
    {P.REGISTER, P.READ_CASES, P.EDIT, P.NOTE, P.DISPATCH, P.COUNT_ON_THE_SPOT, P.READ_RULES, P.CHANGE_SUBSTITUTIONS}
)


def reach(role: Role, visibility: Visibility) -> Scope:
    """The part of the house a role sees under K18; `UNITS` means its own unit and everything below it."""
    scope = ROLES[role].scope
    if role in LEADERS and visibility == Visibility.KRM_AND_ALL_LEADERS:
        return Scope.OFFICE
    if visibility == Visibility.KRM_AND_MANAGEMENT_ONLY and (role in LEADERS or role == Role.FRONT_OFFICE):
        return Scope.ASSIGNED
    return scope


def are_kept_apart(roles: Iterable[Role]) -> bool:
    """Whether these roles may not meet in one person: who runs, checks or measures the house takes no part in its
    cases, and who works on cases hands out no roles, not even in somebody's place (B4-12)."""
    return len({role in APART_FROM_CASES for role in roles}) > 1
