"""What is asked: the pages with their roles, the same of the floor, and the same in SQL."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from bench.databases import TEAM, Facts
from bench.plain_sql import Sql, board, board_of_unit, day, one_case, page_of_list, searched
from bench.visiting import Answer, Refused, Visitor, first_choice, form_fields
from cases.paging import COUNT_LIMIT, PAGE_SIZE

REGISTER_PATH = "/erfassen/"
BARE = "/bare/"  # at KRM, with nothing on it
DEEPEST = COUNT_LIMIT // PAGE_SIZE  # page 400
NO_SUCH_PAGE = "Diese Seite gibt es nicht"


@dataclass(frozen=True)
class Sort:
    """What is promised of such pages; None where nothing is. `floor`: times the floor at most; `queries` at most."""

    word: str
    floor: float | None = None
    queries: int | None = None
    sql: float | None = None  # times plain SQL at most, beyond the floor


START = Sort("Mein Tag")
LIST = Sort("Liste", floor=3, queries=13)
SEARCH = Sort("Suche", queries=13)  # one row: what every page costs is nearly all of it
DETAIL = Sort("Vorgang", floor=4, queries=30)  # ADR 20
BOARD = Sort("Auswertung", sql=3)
HOUSES = Sort("Häuser", floor=2)
FORM = Sort("Erfassen, Formular")
SENDING = Sort("Erfassen, Absenden", queries=35)


@dataclass(frozen=True)
class Question:
    """One row of the report: `paths` are taken in turn, at the floor `floor`; `page` is the number of a late page."""

    name: str
    who: str
    sort: Sort
    paths: tuple[str, ...]
    floor: tuple[str, ...] = ()
    sql: tuple[tuple[Sql, ...], ...] = ()
    page: int | None = None
    ask: Callable[[Visitor, str], Answer] | None = None


ROLES = {  # by the part of the username
    "krm": "KRM-Beauftragte",
    f"tl{TEAM}": "Teamleitung",
    f"bl{TEAM[:2]}": "Bereichsleitung",
    "gf": "Geschäftsführung",
    f"ma{TEAM}1": "Mitarbeiterin",
}
DESK, TEAM_LEAD = "krm", f"tl{TEAM}"
CENTRE = "rd-bb.gf"  # below whose office all others stand here
IN_THE_TEAM = (TEAM_LEAD, f"ma{TEAM}1")


def questions(facts: Facts) -> list[Question]:
    """The rows of the report in their order, for one database; the names are the same for each."""
    unit, office = facts.unit_id, facts.office_id
    of_office, of_unit = "c.office_id = %(office)s", "c.unit_id = %(unit)s"
    is_open, is_closed = "c.closed_on IS NULL", "c.closed_on IS NOT NULL"
    lists = [
        (DESK, "laufende", "", f"office={office}", f"{of_office} AND {is_open}", "open"),
        (
            DESK,
            "erledigte einer Einheit",
            f"stand=erledigt&einheit={unit}",
            f"office={office}&unit={unit}",
            f"{of_office} AND {of_unit} AND {is_closed}",
            "closed_in_unit",
        ),
        (DESK, "alle", "stand=alle", f"office={office}&all", of_office, "all"),
        (
            TEAM_LEAD,
            "erledigte der eigenen Einheit",
            "stand=erledigt",
            f"office={office}&unit={unit}",
            f"{of_office} AND {of_unit} AND {is_closed}",
            "closed_in_unit",
        ),
    ]
    return [
        *(_start_page(facts, who) for who in ROLES),
        *(question for entry in lists for question in _pages_of_list(facts, *entry)),
        _search(facts),
        _detail(facts, DESK, "laufend", facts.open_numbers),
        _detail(facts, DESK, "abgeschlossen", facts.closed_numbers),
        _detail(facts, TEAM_LEAD, "laufend", facts.open_numbers),
        *(_board(facts, who) for who in (DESK, "gf", f"bl{TEAM[:2]}", TEAM_LEAD)),
        Question("Auswertung aller Häuser", CENTRE, HOUSES, ("/auswertung/haeuser/",), floor=("/houses/",)),
        Question("Erfassen, Formular", DESK, FORM, (REGISTER_PATH,)),
        Question("Erfassen, Absenden", DESK, SENDING, (REGISTER_PATH,), ask=register),
    ]


def look(visitor: Visitor, path: str) -> Answer:
    """A page as it is asked for. Refused where it is another one."""
    answer = visitor.get(path)
    if answer.status != 200 or NO_SUCH_PAGE in answer.text:
        raise Refused(f"{path}: status {answer.status}, not the page asked for")
    return answer


def register(visitor: Visitor, path: str) -> Answer:
    """Fills in the form and sends it; the time is that of sending. Refused where no case came of it."""
    return send(visitor, path, filled_in(look(visitor, path).text))


def filled_in(page: str) -> dict[str, str]:
    """What a browser sends of the page for registering, with a short letter typed in."""
    typed = {
        "first_name": "Erika",
        "last_name": "Messung",
        "subject": "Lange Bearbeitung des Weiterbewilligungsantrags",
        "text": "Seit sechs Wochen höre ich nichts zu meinem Antrag.",
        "concern-0-topic": first_choice(page, "concern-0-topic"),
        "then": "case",
    }
    return form_fields(page, "concern-0-topic") | typed


def send(visitor: Visitor, path: str, fields: dict[str, str]) -> Answer:
    answer = visitor.post(path, fields)
    if answer.status != 302 or "/vorgaenge/" not in answer.location:
        raise Refused(f"registering: status {answer.status}, to {answer.location or 'nowhere'}")
    return answer


def _start_page(facts: Facts, who: str) -> Question:
    part = "unit_id = %(unit)s" if who in IN_THE_TEAM else "office_id = %(office)s"
    return Question(f"Mein Tag, {ROLES[who]}", who, START, ("/",), sql=(day(facts, part),))


def _board(facts: Facts, who: str) -> Question:
    sql = board_of_unit(facts) if who == TEAM_LEAD else board(facts)
    return Question(f"Auswertung, {ROLES[who]}", who, BOARD, ("/auswertung/",), floor=(BARE,), sql=(sql,))


def _pages_of_list(facts: Facts, who: str, name: str, asked: str, floor: str, where: str, count: str) -> list[Question]:
    last = max(min(ceil(facts.in_office[count] / PAGE_SIZE), DEEPEST), 1)
    return [
        Question(
            name=f"Liste {name}, {'späte Seite' if late else 'erste Seite'} ({ROLES[who]})",
            who=who,
            sort=LIST,
            paths=(f"/vorgaenge/?{asked}&page={page}",),
            floor=(f"/list/?{floor}&page={page}",),
            sql=(page_of_list(facts, where, page),),
            page=page if late else None,
        )
        for late, page in ((False, 1), (True, last))
    ]


def _search(facts: Facts) -> Question:
    return Question(
        name="Suche einer Vorgangsnummer (KRM-Beauftragte)",
        who=DESK,
        sort=SEARCH,
        paths=tuple(f"/vorgaenge/?q={number}" for number in facts.closed_numbers),
        floor=tuple(f"/list/?office={facts.office_id}&number={number}" for number in facts.closed_numbers),
        sql=tuple(searched(number) for number in facts.closed_numbers),
    )


def _detail(facts: Facts, who: str, state: str, numbers: tuple[str, ...]) -> Question:
    return Question(
        name=f"Vorgang, {state} ({ROLES[who]})",
        who=who,
        sort=DETAIL,
        paths=tuple(f"/vorgaenge/{number}/" for number in numbers),
        floor=tuple(f"/case/{number}/" for number in numbers),
        sql=tuple(one_case(number) for number in numbers),
    )
