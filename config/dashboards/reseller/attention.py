"""What goes no further until somebody of the reseller acts: how much, since when, and where."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, DateTimeField, ExpressionWrapper, F, Min, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from apikeys.columns import OLD
from apikeys.models import ApiKey
from billing.models import QuotaNotice, Subscription
from config.dashboards.parts import AttentionItem, recent_days
from config.dashboards.reseller import identifications
from peppol.models import Document, Mandate, MonthlyUsage, Participant
from peppol.services.documents.limits import WARNING
from peppol.services.documents.usage import this_month
from peppol.services.mandates import mandates
from tenants.access import memberships, roles
from tenants.access.roles import Area
from tenants.models import PlatformApplication
from tenants.portal import platform_application
from tenants.ui.scoped import scope
from webhooks.columns import troubled
from webhooks.models import Delivery, Endpoint

Application = PlatformApplication.State


@dataclass(frozen=True)
class Kind:
    """Rows of one kind that need somebody, `since` which of their times, and where they are."""

    area: Area
    rows: QuerySet[Any]
    since: Any
    text: Any
    link: str
    icon: str


def items(request: HttpRequest, companies: int) -> list[AttentionItem]:
    """All that the caller may see: one query for each kind, however many rows there are."""
    kinds = (_item(kind) for kind in _kinds(request) if roles.sees(request, kind.area))
    begun = (_application(request, companies), _ended_plan(request))
    found = (*begun, *identifications.items(request), *kinds, _quota(request))
    return [item for item in found if item is not None]


def _item(kind: Kind) -> AttentionItem | None:
    facts: dict[str, Any] = {"n": Count("pk")}
    if kind.since is not None:
        facts["since"] = Min(kind.since)
    found = kind.rows.order_by().aggregate(**facts)
    if not found["n"]:
        return None
    return AttentionItem(kind.text % found["n"], kind.link, kind.icon, found.get("since"))


def _kinds(request: HttpRequest) -> Iterator[Kind]:
    yield Kind(
        Area.REGISTRATIONS,
        scope(Participant, request).needing_attention(),
        "updated_at",
        ngettext_lazy("%d registration needs a decision", "%d registrations need a decision"),
        _list("peppol_participant", "attention=yes"),
        "link_off",
    )
    yield Kind(
        Area.WEBHOOKS,
        troubled(scope(Endpoint, request)),
        Coalesce("first_failure_at", "updated_at"),
        ngettext_lazy("%d webhook fails or is disabled", "%d webhooks fail or are disabled"),
        _list("webhooks_endpoint", "attention=yes"),
        "webhook",
    )
    yield Kind(
        Area.WEBHOOKS,
        scope(Delivery, request).filter(state=Delivery.State.EXHAUSTED),
        "created_at",
        ngettext_lazy("%d delivery was given up", "%d deliveries were given up"),
        _list("webhooks_delivery", "state=exhausted"),
        "running_with_errors",
    )
    yield from _of_documents(request)
    due = ExpressionWrapper(F("created_at") + OLD, DateTimeField())
    yield Kind(
        Area.KEYS,
        scope(ApiKey, request).usable().filter(created_at__lt=timezone.now() - OLD),
        due,
        ngettext_lazy("%d key is older than 90 days", "%d keys are older than 90 days"),
        _list("apikeys_apikey", "state=old"),
        "key",
    )
    ending = timezone.localdate() + mandates.WARNING
    yield Kind(
        Area.COMPANIES,
        scope(Mandate, request).ending_by(ending),
        None,
        ngettext_lazy("%d mandate ends within 30 days", "%d mandates end within 30 days"),
        _list("peppol_mandate", "ending=soon"),
        "history_edu",
    )
    month = this_month()
    used = scope(MonthlyUsage, request).filter(on=month, environment="live")
    yield Kind(
        Area.USAGE,
        used.near_quota(WARNING),
        None,
        ngettext_lazy(
            "%d company has used 80 %% of its documents of this month",
            "%d companies have used 80 %% of their documents of this month",
        ),
        _list("peppol_monthlyusage", "quota=near"),
        "data_usage",
    )


def _of_documents(request: HttpRequest) -> Iterator[Kind]:
    """What will not mend itself, of lately: the rest is history."""
    start, _today = recent_days()
    since = timezone.make_aware(datetime.combine(start, datetime.min.time()))
    rows = scope(Document, request).filter(created_at__gte=since)
    lately = f"created_at_from={start:%Y-%m-%d}"
    yield Kind(
        Area.DOCUMENTS,
        rows.filter(state=Document.State.FAILED),
        "created_at",
        ngettext_lazy("%d document could not be delivered", "%d documents could not be delivered"),
        _list("peppol_document", f"state=failed&{lately}"),
        "unsubscribe",
    )
    yield Kind(
        Area.DOCUMENTS,
        rows.filter(response=Document.Response.REJECTED),
        "created_at",
        ngettext_lazy(
            "%d document was rejected by its receiver",
            "%d documents were rejected by their receivers",
        ),
        _list("peppol_document", f"response=rejected&{lately}"),
        "thumb_down",
    )


def _ended_plan(request: HttpRequest) -> AttentionItem | None:
    """That nothing is sent until a plan is chosen."""
    own = memberships.organization(request)
    if not (own.quota_is_hard and own.document_quota == 0 and own.parent_id is None):
        return None
    ended = scope(Subscription, request).order_by("-started_at").first()
    text = _("Your plan has ended: nothing is sent until you choose another one")
    return AttentionItem(text, _list("billing_plan"), "event_busy", ended and ended.ended_at)


def _quota(request: HttpRequest) -> AttentionItem | None:
    """How much of one's own plan is used up, once that was worth a notice."""
    if not roles.sees(request, Area.USAGE):
        return None
    month = this_month()
    notices = scope(QuotaNotice, request).filter(on=month, period="month")
    told = notices.order_by("-percentage").first()
    if told is None:
        return None
    text = _("80 % of the documents that your plan includes this month are used")
    if told.percentage >= 100:
        is_hard = memberships.organization(request).quota_is_hard
        text = (
            _("All documents that your plan includes this month are used: sending is stopped")
            if is_hard
            else _("All documents that your plan includes this month are used")
        )
    return AttentionItem(text, _list("peppol_monthlyusage"), "data_usage", told.sent_at)


def _application(request: HttpRequest, companies: int) -> AttentionItem | None:
    """What the reviewer of one's application waits for, or has answered."""
    if not roles.sees(request, Area.SETTINGS):
        return None
    row = platform_application.of(memberships.organization(request))
    settings = reverse("portal:setting", args=["platform"])
    answers = {
        Application.INFO_REQUESTED: (
            _("The reviewer of your application has a question"),
            settings,
            "help",
        ),
        Application.REJECTED: (
            _("Your application to become a platform was declined"),
            settings,
            "block",
        ),
    }
    if not companies and roles.changes(request, Area.COMPANIES):
        answers[Application.APPROVED] = (
            _("Your application is approved: you can create companies"),
            reverse("portal:tenants_company_add"),
            "celebration",
        )
    if row is None or row.state not in answers:
        return None
    return AttentionItem(*answers[Application(row.state)], row.decided_at)


def _list(page: str, query: str = "") -> str:
    return reverse(f"portal:{page}_changelist") + (f"?{query}" if query else "")
