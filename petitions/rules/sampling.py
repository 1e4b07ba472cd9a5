"""Every fifth Stellungnahme of a Regionaldirektion in SGB III goes to the zentrale KRM before the BMAS (H-8)."""

EVERY = 5
NOT_THE_FIFTH = "nicht die fünfte Stellungnahme"


def is_sample(number: int) -> bool:
    """Whether the Stellungnahme with this number, counted from 1 at its first submission, is one that is looked at."""
    return number % EVERY == 0
