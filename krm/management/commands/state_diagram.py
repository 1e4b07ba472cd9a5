"""Writes docs/zustaende.md: the states of a case and of a petition, whose turn each one is, and the steps between."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from cases.rules.lifecycle import OPEN_STATUSES, STATUSES, TRANSITIONS, TURN_LABELS, Status
from offices.rules.vocabulary import Labelled
from petitions.rules.states import REQUEST_MOVES, STATION_MOVES, Move, RequestState, StationState

TARGET = Path("docs") / "zustaende.md"

HEAD = """# Zustände eines Vorgangs

Diese Seite wird mit `python manage.py state_diagram` aus `cases/rules/lifecycle.py` erzeugt. Was dort nicht steht, ist
nicht möglich; die Anwendung sagt dann, warum nicht.
"""


def document() -> str:
    """The whole document as Markdown, the diagram as Mermaid."""
    return "\n".join([HEAD, *_diagram(), *_states(), *_steps(), *_petition()])


def _diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    for status, entry in STATUSES.items():
        yield f'    state "{entry.label}" as {status}'
    yield f"    [*] --> {Status.NEW}: Erfassen"
    for transition in TRANSITIONS.values():
        for source in _in_order(transition.sources):
            yield f"    {source} --> {transition.target}: {transition.label}"
    for status in Status:
        if status not in OPEN_STATUSES:
            yield f"    {status} --> [*]"
    yield "```\n"


def _states() -> Iterator[str]:
    yield "## Stände\n"
    yield "| Stand | Kennung | Wer ist dran | Was ist zu tun |"
    yield "| --- | --- | --- | --- |"
    for status, entry in STATUSES.items():
        yield f"| {entry.label} | `{status}` | {TURN_LABELS[entry.turn]} | {entry.next_step} |"
    yield ""


def _steps() -> Iterator[str]:
    yield "## Schritte\n"
    yield "| Schritt | Kennung | von | nach |"
    yield "| --- | --- | --- | --- |"
    for step, transition in TRANSITIONS.items():
        sources = ", ".join(STATUSES[source].label for source in _in_order(transition.sources))
        yield f"| {transition.label} | `{step}` | {sources} | {STATUSES[transition.target].label} |"
    yield ""


PETITION = """# Zustände einer Petition

Eine Petition ist ein Vorgang mit Anforderungen; jede geht den Berichtsweg von Station zu Station oder wird ohne ihn
beantwortet. Erzeugt aus `petitions/rules/states.py`.
"""


def _petition() -> Iterator[str]:
    yield PETITION
    yield from _moves("Anforderung", RequestState, REQUEST_MOVES, RequestState.NOT_BEGUN)
    yield from _moves("Station, je Durchgang", StationState, STATION_MOVES, StationState.WAITING)


def _moves(title: str, states: type[Labelled], moves: Iterable[Move], first: Labelled) -> Iterator[str]:
    yield f"## {title}\n"
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state in states:
        yield f'    state "{state.label}" as {state}'
    yield f"    [*] --> {first}"
    for move in moves:
        for source in move.sources:
            yield f"    {source} --> {move.target}: {move.label}"
    yield "```\n"


def _in_order(sources: frozenset[Status]) -> list[Status]:
    """Sets have no order, a document needs one: that of the table."""
    return [status for status in Status if status in sources]


class Command(BaseCommand):
    help = "Schreibt docs/zustaende.md aus der Tabelle der Zustände."

    def handle(self, *args, **options):
        (settings.BASE_DIR / TARGET).write_text(document(), encoding="utf-8")
        self.stdout.write(f"{TARGET} ist geschrieben.")
