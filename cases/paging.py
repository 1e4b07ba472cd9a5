"""Pages of long lists: the count stops at a limit, and a page late in the list joins no more rows than the first."""

from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet

PAGE_SIZE = 25
COUNT_LIMIT = 10_000


class CappedPaginator(Paginator):
    """Counts to COUNT_LIMIT at most; `is_capped` says that there are more, for which one has to narrow the search."""

    object_list: QuerySet

    @cached_property
    def _found(self) -> int:
        return self.object_list.order_by()[: COUNT_LIMIT + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._found, COUNT_LIMIT)

    @property
    def is_capped(self) -> bool:
        return self._found > COUNT_LIMIT


@dataclass(frozen=True)
class Pages:
    """The page asked for, or the first with a sentence why."""

    page: Page
    problem: str = ""


def page_of(rows: QuerySet, number: str) -> Pages:
    """The page with the number from the URL; anything that is no such page gives the first one and says so."""
    paginator = CappedPaginator(rows, PAGE_SIZE)
    try:
        return Pages(paginator.page(number or 1))
    except InvalidPage:
        return Pages(paginator.page(1), "Diese Seite gibt es nicht; gezeigt wird die erste.")
