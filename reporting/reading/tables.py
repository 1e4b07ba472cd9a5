"""Tables that are filled: for pages, charts, reports and files the same."""

from collections.abc import Iterable

from offices.models import Office
from offices.queries import Actor
from reporting.reading.evaluating import rights_of, units_of
from reporting.reading.figures import Question, count
from reporting.reading.labels import labels_of
from reporting.rules.periods import Period
from reporting.rules.tables import Cell, Table, TableSpec, filled


def table(spec: TableSpec, question: Question) -> Table:
    """A query or two for the rows, as many for the row of all."""
    return tables([spec], question)[0]


def tables(specs: Iterable[TableSpec], question: Question) -> list[Table]:
    """The rows of all of all tables are counted together."""
    specs = list(specs)
    total = count(dict.fromkeys(key for spec in specs if spec.has_total for key in spec.figures), question)
    return [
        filled(spec, count(spec.figures, question, spec.dimension), labels_of(spec.dimension, question),
               total if spec.has_total else None)
        for spec in specs
    ]  # fmt: skip


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
    folded = units_of(office, stand).folded
    return Question((office.pk,), period, stand, rights=rights, folded=folded, **more)
