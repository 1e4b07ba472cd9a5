"""What KRM checks before a Stellungnahme goes on: form, clarity, completeness, plausibility (PAN-29).

Each point is in order or has a note that says what is not; nothing else lets the text pass.
"""

from collections.abc import Collection
from dataclasses import dataclass

from petitions.rules.vocabulary import CheckArea

LONGEST_LISTED = 3


@dataclass(frozen=True)
class Point:
    """One point of the list as it was checked; `is_ok` is None as long as nobody did."""

    text: str
    is_ok: bool | None = None
    note: str = ""

    @property
    def is_settled(self) -> bool:
        return self.is_ok is True or (self.is_ok is False and bool(self.note.strip()))


# What is usual (B2-10), to begin with; every office changes its own list.
DEFAULTS = (
    (CheckArea.FORM, "Das Aktenzeichen der anfordernden Stelle steht auf dem Blatt."),
    (CheckArea.FORM, "Kurzfassung, Sachverhalt, Rechtslage und Ergebnis stehen in dieser Reihenfolge."),
    (CheckArea.FORM, "Der Text ist neutral und in der dritten Person geschrieben; niemand wird angegriffen."),
    (CheckArea.FORM, "Die Zahl der Originale ist bekannt, und die genannten Anlagen liegen bei."),
    (CheckArea.CLARITY, "Die Kurzfassung ist ohne den übrigen Text verständlich."),
    (CheckArea.CLARITY, "Der Sachverhalt folgt der Zeit."),
    (CheckArea.CLARITY, "Es stehen keine Abkürzungen da, die außerhalb des Hauses niemand kennt."),
    (CheckArea.COMPLETENESS, "Jede Frage der Anforderung und jeder Punkt der Petition ist beantwortet."),
    (CheckArea.COMPLETENESS, "Die Rechtslage nennt die Vorschriften."),
    (CheckArea.COMPLETENESS, "Es steht nichts darin, was andere Personen betrifft oder im Haus bleiben muss."),
    (CheckArea.PLAUSIBILITY, "Tage, Beträge und Bescheide stimmen mit der Akte überein."),
    (CheckArea.PLAUSIBILITY, "Das Ergebnis folgt aus Sachverhalt und Rechtslage."),
    (CheckArea.PLAUSIBILITY, "Es widerspricht keiner früheren Stellungnahme in derselben Sache."),
)


def why_not_passed(points: Collection[Point]) -> str | None:
    """The sentence why the check is not done yet; None where it is, and where the office has no list."""
    unsettled = [point for point in points if not point.is_settled]
    if not unsettled:
        return None
    if missing := [point for point in unsettled if point.is_ok is False]:
        return f"Prüfliste: Was nicht in Ordnung ist, braucht einen Hinweis. Er fehlt bei {_listed(missing)}."
    if len(unsettled) == len(points):
        return "Die Prüfliste ist noch nicht ausgefüllt (PAN-29)."
    return f"Prüfliste: Noch nicht geprüft ist {_listed(unsettled)} (PAN-29)."


def _listed(points: list[Point]) -> str:
    said = ", ".join(f"„{point.text.rstrip('.')}“" for point in points[:LONGEST_LISTED])
    more = len(points) - LONGEST_LISTED
    return f"{said} und {more} weiteren" if more > 0 else said
