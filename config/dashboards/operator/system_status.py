"""The page on the state of the system: what waits, who works, what fails, who is turned away."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Count, Min, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apikeys.models import Refusal
from config.health import OUTBOX_AGE, WORKER_SILENCE
from peppol.models import Circuit
from peppol.rules import sets
from tenants.models import Event, FilePiece, Heartbeat, Mail, Organization
from webhooks.columns import troubled
from webhooks.models import Delivery, Endpoint

_MOST = 25
_REFUSALS_OF = timedelta(days=7)
# Tasks go to whichever worker is free: one of several is not heard of with every beat.
_NODE_SILENCE = timedelta(minutes=10)
_NODE_FORGOTTEN = timedelta(days=2)


@dataclass(frozen=True)
class Backlog:
    """Work that waits: how much, since when, and whether that is too long."""

    title: Any
    number: int
    since: datetime | None
    late: bool
    link: str
    note: Any = ""


@dataclass(frozen=True)
class TurnedAway:
    """How often an organization was turned away."""

    organization: Organization
    today: int
    total: int
    last: datetime


def page(request: HttpRequest) -> HttpResponse:
    """The page; `?part=1` answers the part of it that is looked at again and again."""
    site = admin.site
    page_context = {
        "backlogs": [*_backlogs(), _turned_away()],
        "workers": _workers(),
        "rule_sets": [(one, judges) for one, judges in sets.shown()],
        "circuits": Circuit.objects.order_by("state", "name")[:_MOST],
        "endpoints": troubled(Endpoint.objects.live())
        .select_related("organization")
        .order_by("first_failure_at", "id")[:_MOST],
        "all_endpoints": _list("webhooks_endpoint", "attention=yes"),
        "refused": _turned_away_organizations(),
        "days": _REFUSALS_OF.days,
    }
    if "part" in request.GET:
        return TemplateResponse(request, "admin/system_status/state.html", page_context)
    context = {**site.each_context(request), "title": _("System status"), **page_context}
    return TemplateResponse(request, "admin/system_status/system_status.html", context)


view = require_safe(page)


def _backlogs() -> list[Backlog]:
    """What waits, with the oldest of it; a time before which nothing of the kind is due."""
    due, mails = Delivery.objects.due(), Mail.objects.due()
    return [
        _backlog(
            _("Outbox"),
            Event.objects.undistributed(),
            "occurred_at",
            _list("tenants_event", "outbox=waiting"),
        ),
        _backlog(
            _("Deliveries due"), due, "next_attempt_at", _list("webhooks_delivery", "due=yes")
        ),
        _backlog(_("Mails due"), mails, "next_attempt_at", _list("tenants_mail", "due=yes")),
        _files(),
    ]


def _files() -> Backlog:
    """Files that their storage has not taken yet, and what it said when it was asked last."""
    rows = FilePiece.objects.waiting()
    said = rows.exclude(last_error="").values_list("last_error", flat=True).first()
    found = _backlog(_("Files to store"), rows, "created_at", reverse("admin_system_status"))
    return replace(found, note=said or "")


def _backlog(title: Any, rows: QuerySet[Any], since: str, link: str) -> Backlog:
    found = rows.order_by().aggregate(n=Count("pk"), since=Min(since))
    late = found["since"] is not None and timezone.now() - found["since"] > OUTBOX_AGE
    return Backlog(title, found["n"], found["since"], late, link)


def _workers() -> list[dict[str, Any]]:
    """Each process that was heard of lately, and whether it should have been since."""
    now = timezone.now()
    beats = Heartbeat.objects.filter(beat_at__gt=now - _NODE_FORGOTTEN).order_by("name")[:_MOST]
    known = [
        {
            "name": _("Any worker") if beat.name == "worker" else beat.name,
            "since": beat.beat_at,
            "fine": now - beat.beat_at
            < (WORKER_SILENCE if beat.name == "worker" else _NODE_SILENCE),
        }
        for beat in beats
    ]
    return known or [{"name": _("Any worker"), "since": None, "fine": False}]


def _turned_away_organizations() -> list[TurnedAway]:
    today = timezone.now().astimezone(UTC).date()
    sums = list(Refusal.objects.by_organization(today - _REFUSALS_OF + timedelta(days=1))[:_MOST])
    ids = [one["organization"] for one in sums]
    organizations = Organization.objects.in_bulk(ids)
    of_today = dict(
        Refusal.objects.filter(day=today, organization__in=ids).values_list("organization", "count")
    )
    return [
        TurnedAway(
            organizations[one["organization"]],
            of_today.get(one["organization"], 0),
            one["total"],
            one["last"],
        )
        for one in sums
    ]


def _turned_away() -> Backlog:
    number = Refusal.objects.filter(day=timezone.now().astimezone(UTC).date()).aggregate(
        n=Coalesce(Sum("count"), 0)
    )["n"]
    note = _("requests today, by rate limits")
    return Backlog(_("Turned away"), number, None, False, "#refused", note)


def _list(page: str, query: str) -> str:
    return f"{reverse(f'admin:{page}_changelist')}?{query}"
