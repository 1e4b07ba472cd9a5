"""The ladder of K4: for whom it holds, which rung comes next, and why another one does not."""

from collections.abc import Collection

from cases.rules.kinds import Channel, Kind
from cases.rules.lifecycle import STATUSES, Status
from offices.rules.parameters import Parameters
from offices.rules.values import Ladder, Rung

NO_SUCH_RUNG = "Diese Stufe gibt es auf der Eskalationsleiter der Dienststelle nicht."

# While the case lies with others, or the answer is out, nobody climbs.
CLIMBABLE = frozenset({Status.NEW, Status.WITH_KRM, Status.WITH_UNIT})


def why_no_ladder(kind: Kind, channel: Channel, parameters: Parameters) -> str | None:
    """The German sentence why the office's ladder is not for such a reaction; None where it is (GER-10, GERA-7)."""
    if kind == Kind.PRAISE:
        return "Ein Lob braucht keine Eskalationsleiter; es geht an die Führungskraft (K14)."
    ladder = parameters.ladder
    if ladder.applies_to.includes(channel):
        return None
    return (
        f"Die Eskalationsleiter dieser Dienststelle gilt für {ladder.applies_to.label}; "
        f"der Eingangsweg war: {channel.label} ({_source(parameters)})."
    )


def why_not_now(status: Status) -> str | None:
    """The sentence why no rung is entered while the case is in this state; None where one may be."""
    if status in CLIMBABLE:
        return None
    return (
        "Eine Stufe wird eingetragen, solange der Vorgang beim KRM oder im Fachbereich liegt; "
        f"er hat den Stand „{STATUSES[status].label}“."
    )


def next_rungs(ladder: Ladder, reached: Collection[int], barred: Collection[int] = ()) -> tuple[Rung, ...]:
    """The rungs that may come now, in order: the next one, or any higher one where the office lets people skip.

    `reached` and `barred` are numbers of rungs. A barred rung has nobody who may see the case (B4-8)
    and is passed over.
    """
    top = max(reached, default=0)
    higher = tuple(rung for rung in ladder.rungs if rung.number > top and rung.number not in barred)
    return higher[:1] if ladder.skipping_forbidden else higher


def why_not_rung(
    number: int, reached: Collection[int], parameters: Parameters, barred: Collection[int] = ()
) -> str | None:
    """The sentence why this rung does not come now; None where it may (GER-11, GER-12, PAN-16)."""
    ladder = parameters.ladder
    rung = next((rung for rung in ladder.rungs if rung.number == number), None)
    if rung is None:
        return NO_SUCH_RUNG
    if number in reached:
        return f"Stufe {number} ist schon erreicht."
    if number < max(reached, default=0):
        return f"Die Eskalationsleiter führt nur aufwärts; erreicht ist schon Stufe {max(reached)}."
    if number in barred:
        return f"Auf Stufe {number} ist niemand, der den Vorgang übernehmen darf; sie wird übergangen (B4-8)."
    possible = next_rungs(ladder, reached, barred)
    if rung in possible:
        return None
    first = possible[0]
    return (
        "Die Eskalationsleiter dieser Dienststelle erlaubt kein Überspringen: "
        f"Zuerst kommt Stufe {first.number}, {first.label} ({_source(parameters)})."
    )


def in_one_line(ladder: Ladder) -> str:
    """What holds for the whole ladder; its rungs stand beside it."""
    skipping = (
        "keine Stufe darf übersprungen werden" if ladder.skipping_forbidden else "Stufen dürfen übersprungen werden"
    )
    return f"für {ladder.applies_to.label}; {skipping}"


def task_of(rung: Rung) -> str:
    """What whoever stands on the rung finds on the worklist; fits its 200 characters."""
    words = f"Stufe {rung.number}: {rung.label}"
    return words if len(words) <= 200 else f"{words[:199]}…"


def _source(parameters: Parameters) -> str:
    return f"K4, {parameters.provenance['ladder'].source}"
