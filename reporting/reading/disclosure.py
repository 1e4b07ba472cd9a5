"""Tables of an office as they may leave it, with what has left it before."""

from datetime import date

from cases.models import Topic
from offices.models import Office
from reporting.reading.attack import Attack
from reporting.rules.disclosure import DEFAULT_MINIMUM, Earlier, protect
from reporting.rules.periods import Period
from reporting.rules.tables import SPECS, TOTAL, Table
from reporting.rules.vocabulary import Audience, Dimension


def protected(
    found: list[Table], office: Office, period: Period, audience: Audience, earlier: tuple[Earlier, ...] = ()
) -> list[Table]:
    """Unchanged for who may open the cases; for everybody else without what would tell a small number."""
    if not audience.is_outside:
        return found
    outside = [_for_outside(_without_rows(table)) for table in found]
    topics = Topic.objects.filter(office=office).values_list("pk", "nature")
    groups = {(Dimension.TOPIC.value, str(pk)): (Dimension.NATURE.value, nature) for pk, nature in topics}
    return protect(outside, period.name, minimum_of(office, period.until_on), Attack(), earlier, groups)


def minimum_of(office: Office, day: date) -> int:
    """From how many cases on a number is told outside the house, by the rules of that day."""
    rules = office.rule_sets.in_force(day).order_by("-valid_from", "-version").first()
    return rules.parameters.practice.smallest_told if rules else DEFAULT_MINIMUM


def _without_rows(table: Table) -> Table:
    """What would say little but for many cases is told of all together."""
    if not SPECS[table.key].only_all_outside:
        return table
    rows = tuple(row for row in table.rows if row.key == TOTAL)
    return Table(table.key, table.title, table.dimension, table.columns, rows, table.note)


def _for_outside(table: Table) -> Table:
    """Without averages: times their number they would add up, and tell one."""
    if "mean_days" not in table.columns:
        return table
    keep = [place for place, key in enumerate(table.columns) if key != "mean_days"]
    rows = tuple(type(row)(row.key, row.label, tuple(row.cells[place] for place in keep)) for row in table.rows)
    columns = tuple(table.columns[place] for place in keep)
    return Table(table.key, table.title, table.dimension, columns, rows, table.note)
