"""The tables of figures and reports."""

from reporting.models.beside import Households, Measure, ReliefEvaluation, SurveyResult
from reporting.models.fact import CaseFact, TallyFact, TransferFact
from reporting.models.report import Report, ReportText
from reporting.models.summary import HouseQuarter

__all__ = [
    "CaseFact",
    "HouseQuarter",
    "Households",
    "Measure",
    "ReliefEvaluation",
    "Report",
    "ReportText",
    "SurveyResult",
    "TallyFact",
    "TransferFact",
]
