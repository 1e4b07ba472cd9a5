"""The tables of petitions, one module per subject."""

from petitions.models.chain import PlanVersion, Remark, Station, StationNotice, chain_of
from petitions.models.checklist import CheckedItem, ChecklistItem
from petitions.models.outcome import CountedStatement, Decision, Dispatch, FifthCount
from petitions.models.petition import Petition
from petitions.models.request import Request
from petitions.models.routes import DecisionOption, Representative, RouteSet
from petitions.models.statement import StatementPaper, StatementText

__all__ = [
    "CheckedItem",
    "ChecklistItem",
    "CountedStatement",
    "Decision",
    "DecisionOption",
    "Dispatch",
    "FifthCount",
    "Petition",
    "PlanVersion",
    "Remark",
    "Representative",
    "Request",
    "RouteSet",
    "Station",
    "StationNotice",
    "StatementPaper",
    "StatementText",
    "chain_of",
]
