"""`python -m bench [--reuse]`: provides two databases, asks KRM, the floor and PostgreSQL, writes bench/results.md.

Needs a PostgreSQL server (KRM_BENCH_SERVER) where databases may be created; those named krm_bench and
krm_bench_small are dropped and made anew unless --reuse is given. Takes some minutes, and long for the large database.
"""

import argparse
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tqdm import tqdm

from bench.absences import compare, rounds_of
from bench.crowd import throughput
from bench.databases import ROOT, Database, facts_of, provide
from bench.measuring import actions, evaluations, measure, place, sweeps
from bench.questions import questions
from bench.report import Run, report
from bench.servers import server

SERVER = "postgresql://postgres@127.0.0.1:5432"
LARGE = 1_046_940  # Kundenreaktionen nationwide, ten years of 104,694 (BLOG-8)


def options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("--reuse", action="store_true", help="take databases that are there as they are")
    parser.add_argument("--small", type=int, default=20_000, metavar="N", help="cases of the small database")
    parser.add_argument("--large", type=int, default=LARGE, metavar="N", help="cases of the large database")
    parser.add_argument("--open", type=int, default=10_000, metavar="N", help="how many of them are open, in both")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--requests", type=int, default=20, metavar="N", help="counted requests of each question")
    parser.add_argument("--due", type=int, default=10_000, metavar="N", help="deadlines due in the sweep")
    parser.add_argument("--sweeps", type=int, default=3, metavar="N", help="counted sweeps at each size")
    parser.add_argument("--clients", type=int, default=8, metavar="N", help="who register at once, and their offices")
    parser.add_argument("--each", type=int, default=5, metavar="N", help="what each of them registers in each office")
    parser.add_argument("--absences", type=int, default=1_000, metavar="N", help="people away at once in all offices")
    parser.add_argument("--name", default="krm_bench", help="the large database; the small one is NAME_small")
    parser.add_argument("--server", default=os.environ.get("KRM_BENCH_SERVER", SERVER), help="URL of PostgreSQL")
    parser.add_argument("--report", type=Path, default=ROOT / "bench" / "results.md", metavar="FILE")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> None:
    asked = options(arguments)
    databases = [
        Database("small", f"{asked.name}_small", asked.server, asked.small, asked.open),
        Database("large", asked.name, asked.server, asked.large, asked.open),
    ]
    with TemporaryDirectory(prefix="krm-bench-") as folder:
        data_dir = Path(folder)
        for database in databases:
            provide(database, data_dir, asked.seed, reuse=asked.reuse)
        run = _measured(databases, data_dir, asked)
    asked.report.write_text(report(run), encoding="utf-8")
    sys.stdout.write(f"{asked.report}\n")


def _measured(databases: list[Database], data_dir: Path, asked: argparse.Namespace) -> Run:
    facts = {database.size: facts_of(database, asked.requests) for database in databases}
    rows = {size: questions(found) for size, found in facts.items()}
    with tqdm(total=len(databases), desc="Zahlen von Berichten", unit="", disable=None) as bar:
        evaluated = evaluations(databases, data_dir, asked.requests, bar.update)
    acted = actions(databases[0], data_dir, asked.requests)
    with ExitStack() as stack:
        places = [
            place(
                database,
                stack.enter_context(server(database, "bench.settings", data_dir)),
                stack.enter_context(server(database, "bench.floor_settings", data_dir)),
            )
            for database in databases
        ]
        for each in places:
            stack.enter_context(each.connection)
        bar = stack.enter_context(tqdm(total=len(rows["small"]), desc="Seiten", unit="", disable=None))
        times = measure(places, rows, asked.requests, bar.update)
    small = databases[0]
    with tqdm(total=asked.clients, desc="Erfassen zugleich", unit="", disable=None) as bar:
        crowd = throughput(small, data_dir, asked.clients, asked.each, bar.update)
    with tqdm(total=rounds_of(asked.requests), desc="Seiten mit Abwesenheiten", unit="", disable=None) as bar:
        compared = compare(small, data_dir, rows["small"], asked.absences, asked.requests, bar.update)
    with tqdm(total=3 * (asked.sweeps + 1), desc="Durchläufe der Fristen", unit="", disable=None) as bar:
        swept = sweeps(databases, data_dir, asked.due, asked.absences, asked.sweeps, bar.update)
    return Run(databases, facts, rows, times, swept, crowd, compared, evaluated, acted, asked.absences, asked.requests)


if __name__ == "__main__":
    main(sys.argv[1:])
