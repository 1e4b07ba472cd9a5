"""The seams of a case: what an app above adds to its steps, its page and its closing, handed in by krm/seams.py.

Plain lists of functions, filled once at start; a case never asks what stands behind one. Each function is called with
a case as `visible_case` gives it and asks as many queries for a large case as for a small one. Dates of other apps
come as data, by `watch`, and navigation stands in krm/navigation.py.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from cases.models import Case
from offices.queries import Actor

F = TypeVar("F", bound=Callable[..., Any])


class Seam(Generic[F]):
    """Functions in the order in which they were handed in; the same one twice is a mistake of the wiring."""

    def __init__(self) -> None:
        self._functions: list[F] = []

    def add(self, function: F) -> None:
        if function in self._functions:
            raise ValueError(f"{function} is there already.")
        self._functions.append(function)

    def remove(self, function: F) -> None:
        self._functions.remove(function)

    def __iter__(self) -> Iterator[F]:
        return iter(tuple(self._functions))


@dataclass(frozen=True)
class AddedStep:
    """A step beside those of the lifecycle; `why_not` is the German sentence why it cannot be taken now.

    With `is_next` it comes before those of the lifecycle, as long as it can be taken and nothing is asked by name.
    """

    key: str
    label: str
    url: str
    method: str = "get"
    why_not: str | None = None
    is_next: bool = False


@dataclass(frozen=True)
class Panel:
    """A card on the page of a case: `template` is rendered with `context` as `panel`; `key` is its anchor.

    A `wide` one stands in the main column, below what was written.
    """

    key: str
    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    wide: bool = False


@dataclass(frozen=True)
class Gap:
    """What still blocks closing: the German sentence, the rule it comes from, and where it is mended."""

    key: str
    sentence: str
    source: str
    url: str


@dataclass(frozen=True)
class Changes:
    """Ids of what one action changed: cases, Abgaben, and tallies of what was settled on the spot.

    `are_new`: of these cases nothing was told before.
    """

    cases: tuple[int, ...] = ()
    transfers: tuple[int, ...] = ()
    tallies: tuple[int, ...] = ()
    are_new: bool = False

    def __bool__(self) -> bool:
        return bool(self.cases or self.transfers or self.tallies)


STEPS: Seam[Callable[[Actor, Case], Iterable[AddedStep]]] = Seam()
PANELS: Seam[Callable[[Actor, Case], Iterable[Panel]]] = Seam()
CLOSING_GAPS: Seam[Callable[[Case], Iterable[Gap]]] = Seam()
PROJECTIONS: Seam[Callable[[Changes], None]] = Seam()


def added_steps(actor: Actor, case: Case) -> list[AddedStep]:
    return [step for function in STEPS for step in function(actor, case)]


def panels(actor: Actor, case: Case) -> list[Panel]:
    return [panel for function in PANELS for panel in function(actor, case)]


def closing_gaps(case: Case) -> list[Gap]:
    return [gap for function in CLOSING_GAPS for gap in function(case)]


def project(changes: Changes) -> None:
    """Tell who keeps something by what these changes are about: once per action, at its end, in its transaction.

    Nothing may be locked there but rows that belong to these cases, Abgaben and tallies alone.
    """
    if changes:
        for function in PROJECTIONS:
            function(changes)
