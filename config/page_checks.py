"""Lets no page start of which some door does not say what it takes."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import URLPattern

from billing.portal import start
from tenants.access.gate import is_declared
from tenants.ui.pages import Page
from tenants.ui.scoped import ScopedAdmin
from tenants.ui.sites import portal
from tenants.ui.staff import StaffPage

# What Django, Unfold and the exports have themselves; they ask a page's `has_…_permission`.
_THEIR_PAGES = ("changelist", "add", "history", "delete", "change", "export", None)
_THEIR_SITE = (
    "index",
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "autocomplete",
    "jsi18n",
    "app_list",
    "search",
    "toggle_sidebar",
    None,
)


@register(Tags.security)
def doors(**_: Any) -> Iterable[CheckMessage]:
    """Every operation and every view of both sites declares what it takes."""
    for where, is_open in declarations():
        if not is_open:
            yield Error(f"{where} declares no right that it takes.", id="gatehouse.E015")


def declarations() -> Iterator[tuple[str, bool]]:
    """Each door of both sites, and whether it says what it takes."""
    for site in (admin.site, portal):
        for page in site._registry.values():
            yield from _of_page(page)
        yield from _of_site(site)
    for pattern in start.urlpatterns:
        yield f"start:{pattern.name}", is_declared(pattern.callback)


def _of_page(page: Any) -> Iterator[tuple[str, bool]]:
    """A page of ours belongs to an area or to the operator; all it offers is an operation."""
    options = page.opts
    where = f"{page.admin_site.name}:{options.app_label}_{options.model_name}"
    in_area = isinstance(page, ScopedAdmin) and hasattr(page, "area")
    yield where, in_area or (isinstance(page, StaffPage) and page.admin_site is not portal)
    for name in _offered(page):
        op = getattr(getattr(page, name, None), "operation", None)
        yield f"{where}_{name}", op is not None and op.right is not None
    stem = f"{options.app_label}_{options.model_name}_"
    for pattern in page.get_urls():
        theirs = pattern.name is None or pattern.name.removeprefix(stem) in _THEIR_PAGES
        declared = hasattr(pattern.callback, "operation") or is_declared(pattern.callback)
        yield f"{where}/{pattern.pattern}", theirs or declared


def _offered(page: Page) -> Iterator[str]:
    """The names of all buttons and bulk actions of a page."""
    for entries in (
        page.actions,
        page.actions_list,
        page.actions_row,
        page.actions_detail,
        page.actions_submit_line,
    ):
        for entry in entries or ():
            yield from entry["items"] if isinstance(entry, dict) else [entry]


def _of_site(site: AdminSite) -> Iterator[tuple[str, bool]]:
    """The views that belong to no page."""
    for pattern in site.get_urls():
        if isinstance(pattern, URLPattern):
            theirs = pattern.name in _THEIR_SITE
            yield f"{site.name}:{pattern.name}", theirs or is_declared(pattern.callback)
