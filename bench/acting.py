"""`python -m bench.acting TIMES`: how long registering and closing a case take with their facts and without; JSON.

The database is that of DATABASE_URL. The desk sends both pages, in this process and in a transaction that is rolled
back; what is between them is done by the actions. Both ways in turn, the first of each is not counted.
"""

import json
import sys
from collections.abc import Callable
from http import HTTPStatus
from statistics import median
from time import perf_counter, process_time
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - the models are there only after the set-up
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.counting import Counter  # noqa: E402
from bench.databases import OFFICE  # noqa: E402
from bench.questions import REGISTER_PATH, filled_in  # noqa: E402
from bench.visiting import Refused, form_fields  # noqa: E402
from cases import seams  # noqa: E402
from cases.models import Case  # noqa: E402
from krm.demo.letters import seen_first  # noqa: E402
from offices.queries import Actor  # noqa: E402
from reporting.actions.facts import follow  # noqa: E402
from tests import make  # noqa: E402
from tests.scene import acting  # noqa: E402

DESK = f"{OFFICE}.krm"
ADDRESS = {"street": "Lindenstraße 7", "postcode": "13187", "city": "Berlin"}
CLOSING = {
    "outcome": "partly_upheld",
    "outcome_reason": "Die Bearbeitung hat zu lange gedauert.",
    "settlement": "letter",
}
Taken = dict[str, list[float]]  # milliseconds by the clock, of CPU, and queries


def main(times: int) -> dict[str, dict[str, float]]:
    """„Erfassen“ and „Abschließen“ -> medians by the clock, of CPU and of queries, with facts and without."""
    by = acting(DESK, timezone.localdate())
    taken: dict[str, Taken] = {}
    for number in range(times + 1):
        for way in ("with", "without") if number % 2 else ("without", "with"):
            for name, measured in _walked(by, keeps_facts=way == "with").items():
                if number:
                    for what, value in measured.items():
                        taken.setdefault(name, {}).setdefault(f"{way}_{what}", []).append(value)
    return {name: {what: median(values) for what, values in found.items()} for name, found in taken.items()}


def _walked(by: Actor, *, keeps_facts: bool) -> dict[str, dict[str, float]]:
    """Both requests as the desk sends them, from the form to the redirect."""
    if not keeps_facts:
        seams.PROJECTIONS.remove(follow)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(by.user)
    try:
        with transaction.atomic():
            fields = filled_in(client.get(REGISTER_PATH).text) | ADDRESS
            registered, registering = _measured(lambda: client.post(REGISTER_PATH, fields))
            case = Case.objects.get(reference=registered.url.split("/")[2])
            seen_first(case, by.today)
            make.answered(by, case)
            path = f"/vorgaenge/{case.reference}/abschliessen/"
            fields = form_fields(client.get(path).text, "outcome") | CLOSING
            closed, closing = _measured(lambda: client.post(path, fields))
            if closed.status_code != HTTPStatus.FOUND:
                raise Refused(f"closing: status {closed.status_code}")
            transaction.set_rollback(True)
    finally:
        if not keeps_facts:
            seams.PROJECTIONS.add(follow)
    return {"Erfassen": registering, "Abschließen": closing}


def _measured(request: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    counter = Counter()
    start, cpu = perf_counter(), process_time()
    with connection.execute_wrapper(counter):
        answer = request()
    clock, cpu = (perf_counter() - start) * 1000, (process_time() - cpu) * 1000
    return answer, {"ms": clock, "cpu": cpu, "queries": counter.count}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]))) + "\n")
