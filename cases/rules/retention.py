"""How long a closed case is kept, and under which Aktenzeichen it is filed (PAN-37, B4-9)."""

from collections.abc import Mapping
from datetime import date

DEFAULT_FILE_PLAN = "II-6000"


def retention_until(closed_on: date, years: int) -> date:
    """Last day of the retention: `years` from the end of the calendar year of the z.d.A.-Verfügung."""
    return date(closed_on.year + years, 12, 31)


def file_reference(file_plan: Mapping[str, str], kind: str, reference: str) -> str:
    """Aktenzeichen of the plan for this kind and the case's own reference, „II-6001 PAN-2026-00042“."""
    return f"{file_plan.get(kind, DEFAULT_FILE_PLAN)} {reference}"
