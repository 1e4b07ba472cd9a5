"""The tables of figures and reports."""

from reporting.models.fact import CaseFact, TallyFact, TransferFact

__all__ = ["CaseFact", "TallyFact", "TransferFact"]
