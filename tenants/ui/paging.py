"""Paging of lists: a page costs what it shows, however long the list is.

Of a long list nobody counts the rows: "1–50 of about 100,000". A page that the rows do not fill
tells by itself how many there are.
"""

from functools import cached_property
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext

from tenants.estimates import Total, total
from tenants.ui import display

# Whoever wants what lies deeper narrows the list, or sorts it the other way round: to leaf there
# means to read all that lies before.
_DEEPEST = 1000


class Window(Paginator):
    """The pages of a list, of which one is shown. Makes one query where all rows are on it.

    A list that is not `counted` tells which rows it shows, and that there are more.
    """

    template_name = "ui/pagination.html"

    def __init__(
        self, rows: "QuerySet[Any, Any]", per_page: int, number: int, *, counted: bool = True
    ) -> None:
        super().__init__(rows, per_page)
        self.all, self.counted = rows, counted
        if number < 1 or number > _DEEPEST:
            raise InvalidPage
        self.first = (number - 1) * per_page
        found = list(part(rows, self.first, self.first + per_page + 1))
        if not found and number > 1:
            raise InvalidPage
        self.rows, self.has_next = found[:per_page], len(found) > per_page

    @cached_property
    def total(self) -> Total:
        """How many rows the list has."""
        if not self.has_next:
            return Total(self.first + len(self.rows))
        found = total(self.all)
        # Rows that are there are more than any guess.
        return Total(max(found.number, self.first + self.per_page + 1), found.exact)

    @cached_property
    def count(self) -> int:
        """How many rows there are, or at least are where nobody counts them."""
        unknown = self.has_next and not self.counted
        return self.first + self.per_page + 1 if unknown else self.total.number

    @cached_property
    def num_pages(self) -> int:
        return min(max(-(-self.count // self.per_page), 1), _DEEPEST)

    @property
    def said(self) -> str:
        """Which rows are shown, and of how many."""
        first, last = self.first + 1, self.first + len(self.rows)
        parts = {
            "first": display.count(first),
            "last": display.count(last),
            "all": display.count(self.count),
        }
        if not self.rows:
            return ""
        if self.has_next and not self.counted:
            return gettext("%(first)s–%(last)s and more") % parts
        if not self.total.exact:
            return gettext("%(first)s–%(last)s of about %(all)s") % parts
        return gettext("%(first)s–%(last)s of %(all)s") % parts


class Following(Paginator):
    """The pages of what is offered while somebody types: whether one more follows, and no count.

    A page makes one query.
    """

    @cached_property
    def count(self) -> int:
        return _DEEPEST * self.per_page

    def page(self, number: int | str) -> Page[Any]:
        """A page. Raises InvalidPage for what is none, and for the end of what was offered."""
        wanted = self.validate_number(number)
        first = (wanted - 1) * self.per_page
        found = list(self.object_list[first : first + self.per_page + 1])
        if not found and wanted > 1:
            raise InvalidPage
        return _Part(found[: self.per_page], wanted, self, len(found) > self.per_page)


class _Part(Page[Any]):
    """A page that knows whether another one follows."""

    def __init__(self, rows: list[Any], number: int, pages: Paginator, more: bool) -> None:
        super().__init__(rows, number, pages)
        self.more = more

    def has_next(self) -> bool:
        return self.more


def part(rows: "QuerySet[Any, Any]", first: int, after: int) -> "QuerySet[Any, Any]":
    """A part of `rows`: found first, and joined with what belongs to them afterwards.

    Behind the walls the planner thinks little of a table's rows, and would rather join all of them
    than the fifty that are shown.
    """
    if rows.query.distinct or rows.query.group_by or not rows.query.select_related:
        return rows[first:after]
    return rows.filter(pk__in=rows.values("pk")[first:after])
