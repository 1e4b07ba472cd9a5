"""How long a closed case is kept, and under which Aktenzeichen it is filed (PAN-37, B4-9)."""

from datetime import date

from offices.rules.values import FilePlan

OPINION_CARD_KEY = "opinion_card"


def retention_until(closed_on: date, years: int) -> date:
    """Last day of the retention: `years` from the end of the calendar year of the z.d.A.-Verfügung."""
    return date(closed_on.year + years, 12, 31)


def file_reference(file_plan: FilePlan, kind: str, reference: str, *, is_card: bool = False) -> str:
    """Aktenzeichen of the plan and the case's own reference, „II-6001 PAN-2026-00042“.

    An opinion card has its own key in the plan, whatever kind of reaction is on it.
    """
    return f"{file_plan.reference_for(OPINION_CARD_KEY if is_card else kind)} {reference}"
