"""The tables of a case's life, one module per subject."""

from cases.models.assignment import Assignment
from cases.models.case import Case, CaseGroupGrant, CaseUserGrant, Counter, EarlierRound
from cases.models.concern import Concern, ConcernedEmployee, OnTheSpotCount, OnTheSpotException, Topic
from cases.models.correction import Correction
from cases.models.deadline import Deadline, DeadlineExtension, Pause
from cases.models.directive import Directive, DirectivePoint
from cases.models.document import Document
from cases.models.draft import RegistrationDraft
from cases.models.escalation import Escalation
from cases.models.event import Event, EventChain
from cases.models.hand_on_reason import HandOnReason
from cases.models.letter import Letter
from cases.models.note import Note
from cases.models.notice import Heartbeat, Mail, Notice, NoticeSettings
from cases.models.person import Person
from cases.models.signature import Signature
from cases.models.statement import Statement, StatementStation, StatementVersion
from cases.models.text_block import TextBlock
from cases.models.transfer import Transfer

__all__ = [
    "Assignment",
    "Case",
    "CaseGroupGrant",
    "CaseUserGrant",
    "Concern",
    "ConcernedEmployee",
    "Correction",
    "Counter",
    "Deadline",
    "DeadlineExtension",
    "Directive",
    "DirectivePoint",
    "Document",
    "EarlierRound",
    "Escalation",
    "Event",
    "EventChain",
    "HandOnReason",
    "Heartbeat",
    "Letter",
    "Mail",
    "Note",
    "Notice",
    "NoticeSettings",
    "OnTheSpotCount",
    "OnTheSpotException",
    "Pause",
    "Person",
    "RegistrationDraft",
    "Signature",
    "Statement",
    "StatementStation",
    "StatementVersion",
    "TextBlock",
    "Topic",
    "Transfer",
]
