"""Whether two authorisations come from two persons of two Träger (GER-29): persons are counted, not accounts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Authoriser:
    """Who authorised for a body: accounts of whoever acted and was acted for, and what tells a person (name, e-mail).

    `stands_with`: the accounts of those they stand in for or are represented by.
    """

    body: str
    people: frozenset[int]
    marks: frozenset[str]
    stands_with: frozenset[int] = frozenset()


def why_not_together(first: Authoriser, second: Authoriser) -> str | None:
    """The sentence why these two do not authorise jointly; None where they do."""
    if first.body == second.body:
        return "Autorisieren müssen zwei verschiedene Träger (GER-29)."
    if first.people & second.people or first.marks & second.marks:
        return "Für den anderen Träger hat dieselbe Person autorisiert; es müssen zwei Personen sein (GER-29)."
    if first.people & second.stands_with or second.people & first.stands_with:
        return (
            "Für den anderen Träger hat jemand autorisiert, der diese Person vertritt oder von ihr vertreten wird; "
            "es müssen zwei Personen zweier Träger sein (GER-29)."
        )
    return None
