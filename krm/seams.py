"""Hands what petitions add to a case into the seams of cases; called once at start, by the app's `ready`."""

from cases import seams
from cases.rules import events
from petitions.reading.gaps import closing_gaps
from petitions.reading.page import added_steps, panels
from petitions.rules.events import PETITION_EVENTS


def connect() -> None:
    """A second call is a mistake of the wiring, and says so."""
    events.add(PETITION_EVENTS)
    seams.CLOSING_GAPS.add(closing_gaps)
    seams.STEPS.add(added_steps)
    seams.PANELS.add(panels)
