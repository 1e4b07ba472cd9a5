"""The tables of a case's life, one module per subject."""

from cases.models.case import Case, CaseGroupGrant, CaseUserGrant, Counter
from cases.models.concern import Concern, ConcernedEmployee, OnTheSpotCount, Topic
from cases.models.deadline import Deadline, DeadlineExtension, Pause
from cases.models.document import Document
from cases.models.draft import RegistrationDraft
from cases.models.event import Event, EventChain
from cases.models.letter import Letter
from cases.models.note import Note
from cases.models.person import Person
from cases.models.transfer import Transfer

__all__ = [
    "Case",
    "CaseGroupGrant",
    "CaseUserGrant",
    "Concern",
    "ConcernedEmployee",
    "Counter",
    "Deadline",
    "DeadlineExtension",
    "Document",
    "Event",
    "EventChain",
    "Letter",
    "Note",
    "OnTheSpotCount",
    "Pause",
    "Person",
    "RegistrationDraft",
    "Topic",
    "Transfer",
]
