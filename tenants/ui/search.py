"""The search box of both sites: finds rows that the site shows this caller, and keeps nothing."""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from tenants.models import Organization
from tenants.search_text import TOO_LONG, is_searchable
from tenants.ui import paging

_PER_PAGE = 8
_SHORTEST = 2


@dataclass(frozen=True)
class Found:
    """A row that was found, with the number that tells it from its like, what it is, and where
    its page is."""

    title: str
    number: str
    description: str
    link: str


def answer(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """List what the caller may see and `?s=` is found in, a few rows of each kind."""
    term = request.GET.get("s", "").replace("\x00", "").strip()
    too_long = not is_searchable(term)
    asked = len(term) >= _SHORTEST and not too_long
    looked_in = sorted(
        (admin for admin in site._registry.values() if getattr(admin, "in_search", 0)),
        key=lambda admin: getattr(admin, "in_search", 0),
    )
    found = [
        result
        for admin in looked_in
        if asked and admin.has_module_permission(request)
        for result in _results(admin, request, term)
    ]
    answer = {"results": found, "asked": asked, "refused": TOO_LONG if too_long else ""}
    return TemplateResponse(request, "ui/search_results.html", answer)


def _results(admin: ModelAdmin, request: HttpRequest, term: str) -> list[Found]:
    rows, _ = admin.get_search_results(request, admin.get_queryset(request), term)
    options = admin.model._meta
    name = f"{admin.admin_site.name}:{options.app_label}_{options.model_name}_change"
    kind = str(options.verbose_name)
    return [
        Found(str(row), _number(row), kind[:1].upper() + kind[1:], reverse(name, args=[row.pk]))
        for row in paging.part(rows, 0, _PER_PAGE)
    ]


def _number(row: Any) -> str:
    """The number by which people know a row; whose it is, where it is itself a number."""
    if isinstance(row, Organization):
        return row.company_number or row.vat_number
    owner = getattr(row, "organization", None)
    return owner.title if isinstance(owner, Organization) else ""
