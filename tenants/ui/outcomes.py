"""What an operation leads to: a sentence, another page, or secrets that are shown once."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import quote
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tenants.ui import revelations
from tenants.ui.revelations import Revelation


@dataclass(frozen=True)
class Done:
    """The outcome of an operation that made something: what to say, and whose page comes next."""

    sentence: str
    row: Any


@dataclass(frozen=True)
class Redirect:
    """The outcome of an operation that leads elsewhere, without a word."""

    url: str


Outcome = str | Done | Revelation | Redirect | HttpResponse


def page_of(admin: Any, request: HttpRequest, row: Model | None) -> str:
    """The page of a row, or of the list when the row is out of sight."""
    options = admin.opts
    name = f"{admin.admin_site.name}:{options.app_label}_{options.model_name}"
    if row is not None and admin.get_queryset(request).filter(pk=row.pk).exists():
        return reverse(f"{name}_change", args=[quote(row.pk)])
    return reverse(f"{name}_changelist")


def back_to(admin: Any, request: HttpRequest, row: Model | None) -> str:
    """Where one goes from an operation: `?next=`, if that is a page of the site, else the row's."""
    wanted = request.GET.get("next", "")
    inside = wanted.startswith(reverse(f"{admin.admin_site.name}:index"))
    return wanted if inside and wanted.isprintable() else page_of(admin, request, row)


def settle(admin: Any, request: HttpRequest, row: Model | None, outcome: Outcome) -> HttpResponse:
    if isinstance(outcome, HttpResponse):
        return outcome
    if isinstance(outcome, Revelation):
        back = back_to(admin, request, outcome.row or row)
        site, model = admin.admin_site, admin.opts.label
        way = revelations.address(request, outcome, site=site, model=model, back=back)
        return go(request, way)
    if isinstance(outcome, Redirect):
        return go(request, outcome.url)
    done = outcome if isinstance(outcome, Done) else Done(outcome, row)
    messages.success(request, done.sentence)
    return go(request, back_to(admin, request, done.row))


def go(request: HttpRequest, url: str) -> HttpResponse:
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)
