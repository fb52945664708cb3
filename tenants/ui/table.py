"""The table of a list: a row is its cells, and a cell what the page's column makes of the row.

Unfold's own writes two dozen classes into every cell and makes the headings anew for every row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import display_for_field, display_for_value, lookup_field
from django.contrib.admin.views.main import ORDER_VAR
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from unfold.templatetags.unfold_list import result_headers

_CHECKBOX = "action_checkbox"
_CHOICE = (
    '<td class="action-checkbox"><input type="checkbox" name="_selected_action"'
    ' value="{}" class="gh-check action-select" aria-label="{}"></td>'
)


@dataclass(frozen=True)
class Table:
    """The headings and the rows of a list."""

    headings: list[dict[str, Any]]
    rows: list[SafeString]

    @property
    def sorted_by(self) -> int:
        """How many columns it is sorted by."""
        return sum(1 for heading in self.headings if heading.get("sorted"))


def table(changelist: Any) -> Table:
    """What a list shows."""
    headings = list(result_headers(changelist))
    if ORDER_VAR not in changelist.params:
        # Nobody sorted it: nothing says how to sort it otherwise.
        headings = [{**one, "sort_priority": 0} for one in headings]
    labels = [gettext("Select record"), *(capfirst(str(one["text"])) for one in headings[1:])]
    if _CHECKBOX not in changelist.list_display:
        labels = [capfirst(str(one["text"])) for one in headings]
    return Table(headings, [_row(changelist, row, labels) for row in changelist.result_list])


def _row(changelist: Any, row: Model, labels: list[str]) -> SafeString:
    cells = "".join(_cells(changelist, row, labels))
    return SafeString(f'<tr class="data-row">{cells}</tr>')


def _cells(changelist: Any, row: Model, labels: list[str]) -> Iterator[str]:
    linked = False
    for name, label in zip(changelist.list_display, labels, strict=True):
        if name == _CHECKBOX:
            yield format_html(_CHOICE, row.pk, label)
            continue
        links = not linked and changelist.list_display_links is not None
        shown = _shown(changelist, row, name, links)
        if links:
            linked = True
            link = _link(changelist, row, shown)
            yield format_html('<th scope="row" class="field-{}">{}</th>', name, link)
        else:
            yield format_html('<td class="field-{}" data-label="{}">{}</td>', name, label, shown)


def _shown(changelist: Any, row: Model, name: str, links: bool) -> Any:
    """The value as it is shown; an address is no link of its own where the cell `links`."""
    admin = changelist.model_admin
    empty = admin.get_empty_value_display()
    try:
        field, attribute, value = lookup_field(name, row, admin)
    except ObjectDoesNotExist:
        return empty
    if field is None or field.auto_created:
        return display_for_value(value, empty, getattr(attribute, "boolean", False))
    return display_for_field(value, field, empty, avoid_link=links)


def _link(changelist: Any, row: Model, shown: Any) -> SafeString:
    opener = format_html(' data-popup-opener="{}"', row.pk) if changelist.is_popup else ""
    kept = {"preserved_filters": changelist.preserved_filters, "opts": changelist.opts}
    url = add_preserved_filters(kept, changelist.url_for_result(row))
    return format_html('<a href="{}"{}>{}</a>', url, opener, shown)
