"""The tables of the offices app, one module per subject."""

from offices.models.days import Closing
from offices.models.people import Membership, Substitution, User
from offices.models.rulesets import Instruction, RuleSet
from offices.models.units import Office, OfficeType, Unit, UnitKind

__all__ = [
    "Closing",
    "Instruction",
    "Membership",
    "Office",
    "OfficeType",
    "RuleSet",
    "Substitution",
    "Unit",
    "UnitKind",
    "User",
]
