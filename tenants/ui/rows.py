"""The rows of a page's list, and the box in which they are searched."""

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR, ChangeListSearchForm
from django.core.paginator import InvalidPage
from django.http import HttpRequest
from django.utils.text import capfirst
from unfold.views import ChangeList

from tenants.search_text import check_searchable
from tenants.ui.paging import Window


class SearchForm(ChangeListSearchForm):
    """The search box of a list, which says what is too long to be looked for."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields[SEARCH_VAR].validators.append(check_searchable)


class Rows(ChangeList):
    """A list of which one page is read, and counted no further than is quick.

    It is called as in the sidebar and the tabs.
    """

    search_form_class = SearchForm

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        named = self.model_admin.admin_site.navigation.title(request.path)
        self.title = named or capfirst(self.opts.verbose_name_plural)

    def get_results(self, request: HttpRequest) -> None:
        per_page = self.list_max_show_all if self.show_all else self.list_per_page
        try:
            counted = self.model_admin.counts_rows
            window = Window(self.queryset, per_page, self.page_num, counted=counted)
        except InvalidPage as error:
            raise IncorrectLookupParameters from error
        self.paginator, self.result_list = window, window.rows
        self.result_count = self.full_result_count = window.count
        self.multi_page = self.page_num > 1 or window.has_next
        self.can_show_all = counted and window.count <= self.list_max_show_all
        self.show_admin_actions, self.show_full_result_count = True, False

    @property
    def is_narrowed(self) -> bool:
        """Whether it shows less than there is."""
        return bool(self.query or self.has_active_filters)
