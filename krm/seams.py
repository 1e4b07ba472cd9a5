"""Hands what petitions and reporting add to a case into the seams of cases; called once at start, by `ready`."""

from cases import seams
from cases.rules import events
from petitions.reading.gaps import closing_gaps
from petitions.reading.page import added_steps, panels
from petitions.rules.events import PETITION_EVENTS
from reporting.actions.facts import follow
from reporting.rules.events import REPORT_EVENTS


def connect() -> None:
    """A second call is a mistake of the wiring, and says so."""
    events.add(PETITION_EVENTS)
    events.add(REPORT_EVENTS)
    seams.CLOSING_GAPS.add(closing_gaps)
    seams.STEPS.add(added_steps)
    seams.PANELS.add(panels)
    seams.PROJECTIONS.add(follow)
