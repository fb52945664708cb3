"""Paging of lists that grow without end: nothing is counted, nobody leafs to the bottom."""

from functools import cached_property

from unfold.paginator import InfinitePaginator

# Whoever wants what lies deeper narrows the list: by a day, a company, a state.
_DEEPEST = 200


class BoundedPaginator(InfinitePaginator):
    """Next and previous, for so many pages."""

    @cached_property
    def count(self) -> int:
        per_page: int = self.per_page
        return per_page * _DEEPEST
