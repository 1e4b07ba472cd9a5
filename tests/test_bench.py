"""A small run of `make bench`: every row is measured with pages that answered, and the databases stay as they were."""

import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest
from django.conf import settings
from django.utils import timezone
from psycopg import sql

from bench import visiting
from bench.databases import at
from bench.measuring import WARM_UP, Series
from krm.demo import house as demo_house
from krm.management.commands.demo import last_morning
from tests.krm.running import environment

pytestmark = [pytest.mark.once, pytest.mark.long, pytest.mark.xdist_group("bench")]  # one run for all of them
SMALL, LARGE, OPEN, DUE, REQUESTS, SWEEPS = 600, 900, 300, 40, 2, 1
CLIENTS, EACH, ABSENCES = 2, 1, 30
PATIENCE_SECONDS = 600
PAGES = [
    "Mein Tag, KRM-Beauftragte",
    "Mein Tag, Teamleitung",
    "Mein Tag, Bereichsleitung",
    "Mein Tag, Geschäftsführung",
    "Mein Tag, Mitarbeiterin",
    "Liste laufende, erste Seite (KRM-Beauftragte)",
    "Liste laufende, späte Seite (KRM-Beauftragte)",
    "Liste erledigte einer Einheit, erste Seite (KRM-Beauftragte)",
    "Liste erledigte einer Einheit, späte Seite (KRM-Beauftragte)",
    "Liste alle, erste Seite (KRM-Beauftragte)",
    "Liste alle, späte Seite (KRM-Beauftragte)",
    "Liste erledigte der eigenen Einheit, erste Seite (Teamleitung)",
    "Liste erledigte der eigenen Einheit, späte Seite (Teamleitung)",
    "Suche einer Vorgangsnummer (KRM-Beauftragte)",
    "Vorgang, laufend (KRM-Beauftragte)",
    "Vorgang, abgeschlossen (KRM-Beauftragte)",
    "Vorgang, laufend (Teamleitung)",
    "Auswertung, KRM-Beauftragte",
    "Auswertung, Geschäftsführung",
    "Auswertung, Bereichsleitung",
    "Auswertung, Teamleitung",
    "Auswertung aller Häuser",
    "Erfassen, Formular",
    "Erfassen, Absenden",
]
WITHOUT_FLOOR = [name for name in PAGES if name.startswith(("Mein Tag", "Erfassen"))]

PAGE = """
<form method="get"><input name="q" value="x"></form>
<form method="post">
  <input type="hidden" name="csrfmiddlewaretoken" value="abc"><input name="office" value="jc-k">
  <select name="kind"><option value="complaint">Beschwerde</option><option value="praise" selected>Lob</option></select>
  <select name="unit"><option value="">keine</option><option value="7">711</option></select>
  <input type="checkbox" name="anonymous"><input type="checkbox" name="agreed" checked value="on">
  <input type="file" name="files"><textarea name="text"></textarea><button name="then" value="case">Erfassen</button>
</form>
"""


@pytest.fixture(scope="module")
def name(postgresql_url: str) -> Iterator[str]:
    """Of the databases of the run, which are dropped at the end."""
    name = f"krm_bench_{secrets.token_hex(4)}"
    yield name
    with closing(psycopg.connect(at(postgresql_url, "postgres"), autocommit=True)) as connection:
        for each in (name, f"{name}_small"):
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(each)))


@pytest.fixture(scope="module")
def report(postgresql_url: str, name: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a run writes."""
    folder = tmp_path_factory.mktemp("bench")
    numbers = {
        "small": SMALL, "large": LARGE, "open": OPEN, "due": DUE, "requests": REQUESTS, "sweeps": SWEEPS,
        "clients": CLIENTS, "each": EACH, "absences": ABSENCES,
    }  # fmt: skip
    sizes = [part for option, number in numbers.items() for part in (f"--{option}", str(number))]
    command = [sys.executable, "-m", "bench", *sizes, "--name", name, "--server", postgresql_url]
    done = subprocess.run(
        [*command, "--report", str(folder / "results.md")],
        cwd=settings.BASE_DIR,
        env=environment(folder),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return (folder / "results.md").read_text(encoding="utf-8")


def table(report: str, heading: str) -> dict[str, list[str]]:
    """Rows of the first table under a heading, by their first cell."""
    lines = report.split(f"\n## {heading}\n")[1].split("\n## ")[0].strip().splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("| ---"))
    rows = {}
    for line in lines[first + 1 :]:
        if not line.startswith("|"):
            break
        key, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        rows[key] = cells
    return rows


def number(words: str) -> float:
    return float(words.split(" ")[0].replace(".", "").replace(",", "."))


def test_every_question_is_measured_at_both_sizes(report: str) -> None:
    rows = table(report, "Seiten")

    assert list(rows) == PAGES
    for name, (*krm, floor_small, floor_large, factor, sql_small, sql_large) in rows.items():
        assert all(number(cell) > 0 for cell in krm), name
        beside = [floor_small, floor_large, factor]
        assert (beside == ["–"] * 3) == (name in WITHOUT_FLOOR), name
        assert all(number(cell) > 0 for cell in (*beside, sql_small, sql_large) if cell != "–"), name


def test_the_databases_are_as_large_as_asked_for(report: str) -> None:
    rows = table(report, "Datenbanken")
    of_the_demo_house = len(demo_house.OFFICES) * 100

    small, large = (number(cell) for cell in rows["Vorgänge"])
    assert large - small == LARGE - SMALL
    assert small >= SMALL
    assert all(OPEN <= number(cell) <= OPEN + of_the_demo_house for cell in rows["davon laufend"])


def test_registering_at_once_and_pages_among_absences_are_measured(report: str) -> None:
    assert all(number(rate) > 0 for (rate,) in table(report, "Erfassen zugleich").values())
    rows = table(report, "Abwesenheiten")
    of_the_office = [page for page in PAGES if page != "Auswertung aller Häuser"]
    assert list(rows) == [*of_the_office, "Vertretungen (KRM-Beauftragte)"]
    assert all(number(cell) > 0 for cells in rows.values() for cell in cells)


def test_figures_of_reports_are_measured_beside_sql(report: str) -> None:
    rows = table(report, "Zahlen von Berichten")

    assert list(rows) == [
        "ein Jahr", "zehn Jahre", "ein Jahr, wie vor einem Jahr bekannt", "Zusammenfassung aller Häuser"
    ]  # fmt: skip
    assert all(number(cell) > 0 for cells in rows.values() for cell in cells if cell != "–")


def test_registering_and_closing_are_measured_with_their_facts_and_without(report):
    rows = table(report, "Mitschreiben der Fakten")
    assert list(rows) == ["Erfassen", "Abschließen"]
    assert all(number(cell) > 0 for cells in rows.values() for cell in cells)


def test_the_sweep_tells_of_as_many_deadlines_in_all_cases(report: str) -> None:
    rows = table(report, "Durchlauf der Fristen")

    assert list(rows) == ["klein", "groß", f"klein, {ABSENCES} abwesend"]
    assert [cells[1] for cells in rows.values()] == [str(DUE)] * 3
    assert all(number(cells[2]) > 0 for cells in rows.values())


def test_every_goal_is_judged(report: str) -> None:
    goals = {goal: sum(map(number, cells)) for goal, cells in table(report, "Ziele").items()}

    assert goals == {
        "Seite wächst höchstens 1,50 ×": len(PAGES),
        "Liste höchstens 3,00 × Boden": 8,
        "Liste höchstens 13 Abfragen": 8,
        "Suche höchstens 13 Abfragen": 1,
        "Auswertung höchstens 3,00 × SQL und der Boden": 4,
        "Häuser höchstens 2,00 × Boden": 1,
        "Zahlen eines Berichts höchstens 2,00 × SQL": 3,
        "Vorgang höchstens 4,00 × Boden": 3,
        "Vorgang höchstens 30 Abfragen": 3,
        "Erfassen, Absenden höchstens 35 Abfragen": 1,
        f"{CLIENTS} Erfassende in einer Dienststelle mindestens 0,90 × in {CLIENTS}": 1,
        f"Seite mit {ABSENCES} Abwesenden höchstens 1,10 × CPU": len(PAGES),
        f"Durchlauf mit {ABSENCES} Abwesenden höchstens 1,10 × CPU": 1,
        "Fakten kosten höchstens 1,15 ×": 2,
        "Durchlauf der Fristen wächst höchstens 1,20 ×": 1,
        "Durchlauf der Fristen höchstens 1 ms CPU je fälliger Frist": 3,
        "Durchlauf der Fristen höchstens 1.500 Abfragen für 10.000 fällige Fristen": 3,
    }
    assert "django-helpdesk 2.6.1" in report


@pytest.mark.usefixtures("report")
def test_registering_leaves_cases_and_the_sweep_leaves_nothing(postgresql_url: str, name: str) -> None:
    with closing(psycopg.connect(at(postgresql_url, name))) as connection:
        registered = "SELECT count(*) FROM cases_person WHERE last_name = 'Messung'"
        assert connection.execute(registered).fetchone() == (WARM_UP + REQUESTS,)
        told = (
            "SELECT count(*), count(*) FILTER (WHERE created_at > %s) FROM cases_notice WHERE deadline_id IS NOT NULL"
        )
        of_the_demo, of_the_bench = connection.execute(told, [last_morning(timezone.localtime())]).fetchone()
        assert of_the_demo > 0
        assert of_the_bench == 0


@pytest.mark.usefixtures("report")
def test_who_was_away_for_the_bench_is_back(postgresql_url: str, name: str) -> None:
    with closing(psycopg.connect(at(postgresql_url, f"{name}_small"))) as connection:
        left = "SELECT count(*) FROM offices_substitution WHERE followed_on IS NOT NULL"
        assert connection.execute(left).fetchone() == (0,)


def test_the_people_of_the_demo_house_have_the_password() -> None:
    assert visiting.PASSWORD == demo_house.PASSWORD


def test_median_and_the_time_that_95_of_100_keep() -> None:
    series = Series()
    for milliseconds in range(20, 0, -1):
        series.add(float(milliseconds), queries=milliseconds, cpu=0)

    assert (series.median, series.p95, series.queries) == (10.5, 19.0, 20)


def test_a_form_is_sent_as_it_stands_on_the_page() -> None:
    assert visiting.form_fields(PAGE, "office") == {
        "csrfmiddlewaretoken": "abc", "office": "jc-k", "kind": "praise", "unit": "", "agreed": "on", "text": "",
    }  # fmt: skip
    assert visiting.first_choice(PAGE, "unit") == "7"
    with pytest.raises(visiting.Refused):
        visiting.form_fields(PAGE, "nothing")
