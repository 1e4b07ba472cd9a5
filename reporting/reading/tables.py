"""Tables that are filled: for pages, charts, reports and files the same."""

from collections.abc import Iterable

from offices.models import Office
from offices.queries import Actor
from reporting.reading.counting import Asked, count, count_all
from reporting.reading.evaluating import rights_of
from reporting.reading.figures import Question
from reporting.reading.labels import labels_of
from reporting.reading.units import units_of
from reporting.rules.periods import Period
from reporting.rules.tables import Cell, Table, TableSpec, filled


def table(spec: TableSpec, question: Question) -> Table:
    """One statement for each subject, however many tables there are."""
    return tables([spec], question)[0]


def tables(specs: Iterable[TableSpec], question: Question) -> list[Table]:
    return tables_and_totals(specs, (), question)[0]


def tables_and_totals(
    specs: Iterable[TableSpec], keys: Iterable[str], question: Question
) -> tuple[list[Table], dict[str, Cell]]:
    """Tables, and some figures of all, counted together; the labels of a dimension are read once."""
    specs, keys = list(specs), tuple(keys)
    of_all = tuple(dict.fromkeys(key for spec in specs if spec.has_total for key in spec.figures))
    total, of_keys, *counted = count_all(
        [Asked(of_all), Asked(keys), *(Asked(spec.figures, spec.dimension) for spec in specs)], question
    )
    labels = {dimension: labels_of(dimension, question) for dimension in dict.fromkeys(s.dimension for s in specs)}
    made = [
        filled(spec, found, labels[spec.dimension], total if spec.has_total else None)
        for spec, found in zip(specs, counted, strict=True)
    ]
    return made, {key: of_keys.cell("", key) for key in keys}


def totals(keys: Iterable[str], question: Question) -> dict[str, Cell]:
    """The figures of all that the question is about."""
    counted = count(keys, question)
    return {key: counted.cell("", key) for key in keys}


def office_question(office: Office, period: Period, actor: Actor | None, **more) -> Question:
    """A question about one office: with `actor` what that person can open, else everything, as for a report.

    `stand` is the actor's day unless it is given.
    """
    stand = more.pop("stand", None) or (actor.today if actor else period.until_on)
    rights = rights_of(actor, (office.pk,)) if actor else None
    return Question((office.pk,), period, stand, rights=rights, units=units_of(office, stand), **more)
