"""How a figure changed: absolute, and in per cent only where the base is large enough to say anything."""

from dataclasses import dataclass

SMALLEST_BASE = 20  # below it a percentage says more than the cases do


@dataclass(frozen=True)
class Change:
    """From `before` to `now`."""

    now: float
    before: float
    unit: str = ""

    @property
    def difference(self) -> float:
        return self.now - self.before

    @property
    def percent(self) -> float | None:
        """None where the base is under 20, or nothing."""
        return 100 * self.difference / self.before if self.before >= SMALLEST_BASE else None

    @property
    def words(self) -> str:
        """„+12 (+8,3 %)“, „unverändert“; a minus as it is printed."""
        if not self.difference:
            return "unverändert"
        sign = "+" if self.difference > 0 else "−"
        amount = f"{sign}{_number(abs(self.difference))}{self.unit}"
        return amount if self.percent is None else f"{amount} ({sign}{_number(abs(self.percent), 1)} %)"


def _number(value: float, places: int | None = None) -> str:
    if places is None:
        places = 0 if float(value).is_integer() else 1
    return f"{value:,.{places}f}".replace(",", " ").replace(".", ",").replace(" ", ".")
