"""The search box of both sites: finds rows that the site shows this caller, and keeps nothing."""

from django.contrib.admin import AdminSite, ModelAdmin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.dataclasses import SearchResult

_PER_MODEL = 8
_SHORTEST = 2


def answer(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """List what the caller may see and `?s=` is found in."""
    term = request.GET.get("s", "").strip()
    found = [
        result
        for admin in site._registry.values()
        if len(term) >= _SHORTEST and getattr(admin, "in_search", False)
        if admin.has_module_permission(request)
        for result in _results(admin, request, term)
    ]
    pages = Paginator(found, max(len(found), 1))
    extended = "command_results" if "extended" in request.GET else "search_results"
    return TemplateResponse(
        request,
        f"unfold/helpers/{extended}.html",
        {"page_obj": pages, "results": pages.page(1), "page_counter": 0, "execution_time": 0},
        headers={"HX-Trigger": "search"},
    )


def _results(admin: ModelAdmin, request: HttpRequest, term: str) -> list[SearchResult]:
    rows, _ = admin.get_search_results(request, admin.get_queryset(request), term)
    options = admin.model._meta
    name = f"{admin.admin_site.name}:{options.app_label}_{options.model_name}_change"
    return [
        SearchResult(
            title=str(row),
            description=str(options.verbose_name).capitalize(),
            link=reverse(name, args=[row.pk]),
            icon="subdirectory_arrow_right",
        )
        for row in rows[:_PER_MODEL]
    ]
