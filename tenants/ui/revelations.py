"""Secrets that a page shows once: kept for the page that follows, and gone when it has shown them.

What makes a secret answers with a way to that page, so F5 there makes no second one.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tenants.ui import submissions


@dataclass(frozen=True)
class Secret:
    """A secret to be shown this once: what it is called, and under which name it is saved."""

    label: Any
    value: str
    filename: str


@dataclass(frozen=True)
class Revelation:
    """The outcome of an operation that makes secrets. `again` says of those that can be shown
    another time how that is."""

    title: Any
    note: Any
    secrets: tuple[Secret, ...]
    row: Any = None
    again: Any = ""


def hold(request: HttpRequest, secrets: list[Secret] | tuple[Secret, ...], **shown: str) -> str:
    """Keep secrets for the page that is to show them; the word by which it asks for them."""
    kept = [{**asdict(one), "label": str(one.label)} for one in secrets]
    return submissions.hold(request, {**shown, "secrets": kept})


def let_go(request: HttpRequest, word: str) -> list[Secret]:
    """The secrets that were kept under a word; none where they were shown already."""
    found = submissions.let_go(request, word) or {"secrets": []}
    return [Secret(**one) for one in found["secrets"]]


def address(
    request: HttpRequest, revelation: Revelation, *, site: Any, model: str, back: str
) -> str:
    """Where a revelation is shown, and from where one goes on to `back`."""
    word = hold(
        request,
        revelation.secrets,
        title=str(revelation.title),
        note=str(revelation.note),
        again=str(revelation.again),
        model=model,
        back=back,
    )
    return reverse(f"{site.name}:shown_once", args=[word])


def show(request: HttpRequest, word: str, *, site: Any) -> HttpResponse:
    """`shown/<word>/`: the secrets that were made a moment ago, or that they were shown."""
    kept = submissions.let_go(request, word) or {
        "title": _("Shown already"),
        "note": _("A secret is shown once, and kept nowhere. If it is lost, make another."),
        "secrets": [],
        "back": reverse(f"{site.name}:index"),
        "model": "",
    }
    context = {
        **site.each_context(request),
        "opts": kept["model"] and apps.get_model(kept["model"])._meta,
        "title": kept["title"],
        "revelation": kept,
        "back": kept["back"],
    }
    headers = {"Cache-Control": "no-store"}
    return TemplateResponse(request, "ui/secrets_page.html", context, headers=headers)
