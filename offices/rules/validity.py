"""Whether something with a first and a last day holds today, in the word that people read (H-2)."""

from datetime import date

from offices.rules.vocabulary import Labelled


class Validity(Labelled):
    COMING = "coming", "künftig"
    IN_FORCE = "in_force", "in Kraft"
    EXPIRED = "expired", "abgelaufen"


def validity(from_on: date | None, until_on: date | None, today: date) -> Validity:
    """Both days included; without a first day it has always held, without a last one it goes on."""
    if until_on is not None and until_on < today:
        return Validity.EXPIRED
    if from_on is not None and from_on > today:
        return Validity.COMING
    return Validity.IN_FORCE
