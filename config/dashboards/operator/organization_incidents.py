"""What is wrong for one organization: for whom, since when, and where its page is."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Min, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from config.dashboards.parts import Incident, Kind, one, page
from peppol.models import ComplianceReport, Document, Participant
from tenants.models import Mail, Organization, PlatformApplication
from webhooks.columns import troubled
from webhooks.models import Delivery, Endpoint


def kinds() -> Iterator[Kind]:
    """Every kind of incident that an organization can have."""
    organizations = Organization.objects.live().filter(status=Organization.Status.PENDING)
    yield Kind(
        PlatformApplication.objects.waiting().select_related("organization"),
        lambda row: Incident(
            _("Applies to become a platform"),
            row.organization.title,
            row.submitted_at,
            one("tenants_platformapplication", row),
            "how_to_reg",
        ),
        ngettext_lazy("%d more application waits", "%d more applications wait"),
        page("tenants_platformapplication", "state=submitted"),
        "how_to_reg",
    )
    yield Kind(
        organizations.order_by("id"),
        lambda row: Incident(
            _("Waits to be verified"),
            row.title,
            row.created_at,
            one("tenants_organization", row),
            "verified",
        ),
        ngettext_lazy("%d more organization to verify", "%d more organizations to verify"),
        page("tenants_organization", "status=pending&deleted=no"),
        "verified",
    )
    yield Kind(
        Participant.objects.needing_attention()
        .select_related("organization")
        .order_by("updated_at"),
        lambda row: Incident(
            _registration(row),
            row.organization.title,
            row.updated_at,
            one("peppol_participant", row),
            "link_off",
            row.last_error,
        ),
        ngettext_lazy(
            "%d more registration needs a decision", "%d more registrations need a decision"
        ),
        page("peppol_participant", "attention=yes"),
        "link_off",
    )
    yield Kind(
        Participant.objects.unpublished().select_related("organization").order_by("updated_at"),
        lambda row: Incident(
            _("%(id)s is not published in all its parts") % {"id": row.identifier},
            row.organization.title,
            row.updated_at,
            one("peppol_participant", row),
            "unpublished",
            row.publication_error or row.last_error,
        ),
        ngettext_lazy(
            "%d more registration is not all published",
            "%d more registrations are not all published",
        ),
        page("peppol_participant", "attention=unpublished"),
        "unpublished",
    )
    yield from _of_documents()
    yield from _of_webhooks()
    yield _by_organization(
        Mail.objects.filter(state=Mail.State.FAILED),
        "tenants_mail",
        "state=failed",
        "unsubscribe",
        ngettext_lazy("%d mail could not be sent", "%d mails could not be sent"),
        ngettext_lazy("Mails of %d more organization", "Mails of %d more organizations"),
    )


def _of_documents() -> Iterator[Kind]:
    kinds = (
        (
            Document.objects.held_up(),
            "peppol_document",
            "wrong=held_up",
            "description",
            ngettext_lazy("%d document is held up", "%d documents are held up"),
            ngettext_lazy(
                "Documents of %d more company are held up",
                "Documents of %d more companies are held up",
            ),
        ),
        (
            Document.objects.failed_lately(),
            "peppol_document",
            "wrong=lately",
            "cancel",
            ngettext_lazy("%d document failed in 24 hours", "%d documents failed in 24 hours"),
            ngettext_lazy(
                "Documents of %d more company failed", "Documents of %d more companies failed"
            ),
        ),
        (
            ComplianceReport.objects.failed_lately(),
            "peppol_compliancereport",
            "wrong=lately",
            "gavel",
            ngettext_lazy(
                "%d report to a tax authority failed in 24 hours",
                "%d reports to tax authorities failed in 24 hours",
            ),
            ngettext_lazy(
                "Reports of %d more company failed", "Reports of %d more companies failed"
            ),
        ),
        (
            ComplianceReport.objects.overdue(),
            "peppol_compliancereport",
            "wrong=overdue",
            "gavel",
            ngettext_lazy(
                "%d report to a tax authority is overdue",
                "%d reports to tax authorities are overdue",
            ),
            ngettext_lazy(
                "Reports of %d more company are overdue", "Reports of %d more companies are overdue"
            ),
        ),
    )
    for rows, where, query, icon, sentence, others in kinds:
        yield _by_organization(rows, where, query, icon, sentence, others)


def _by_organization(
    rows: QuerySet[Any], where: str, query: str, icon: str, sentence: Any, others: Any
) -> Kind:
    """Rows told in one line for each organization that has some."""
    return Kind(
        _grouped(rows, "created_at", "last_error"),
        lambda row: Incident(
            sentence % row["n"],
            row["title"],
            row["since"],
            page(where, f"{query}&{_of(row)}"),
            icon,
            row["last_error"],
        ),
        others,
        page(where, query),
        icon,
    )


def _of_webhooks() -> Iterator[Kind]:
    failing = troubled(Endpoint.objects.live()).exclude(first_failure_at=None)
    yield Kind(
        failing.select_related("organization").order_by("first_failure_at"),
        lambda row: Incident(
            _("Webhook disabled after failures")
            if row.status == "disabled"
            else _("Webhook fails"),
            row.organization.title,
            row.first_failure_at,
            one("webhooks_endpoint", row),
            "webhook",
            row.url,
        ),
        ngettext_lazy(
            "%d more webhook fails or is disabled", "%d more webhooks fail or are disabled"
        ),
        page("webhooks_endpoint", "attention=yes"),
        "webhook",
    )
    yield Kind(
        _grouped(Delivery.objects.filter(state=Delivery.State.EXHAUSTED), "created_at"),
        lambda row: Incident(
            ngettext_lazy("%d delivery was given up", "%d deliveries were given up") % row["n"],
            row["title"],
            row["since"],
            page("webhooks_delivery", f"state=exhausted&{_of(row)}"),
            "running_with_errors",
        ),
        ngettext_lazy("Deliveries to %d more organization", "Deliveries to %d more organizations"),
        page("webhooks_delivery", "state=exhausted"),
        "running_with_errors",
    )


def _grouped(rows: QuerySet[Any], since: str, error: str = "") -> Any:
    """Rows counted by organization, with the time of the oldest and one of their errors.

    Of the organizations only those are looked at that are shown.
    """
    facts = {"n": Count("pk"), "since": Min(since), **({error: Min(error)} if error else {})}
    shown = Coalesce(NullIf("display_name", Value("")), NullIf("legal_name", Value("")), F("name"))
    named = Organization.objects.filter(pk=OuterRef("organization")).values_list(shown)
    found = rows.order_by().values("organization").annotate(**facts)
    return found.annotate(title=Subquery(named)).order_by("since")


def _of(row: dict[str, Any]) -> str:
    return f"organization={row['organization']}"


def _registration(row: Participant) -> Any:
    elsewhere = row.state == Participant.State.ELSEWHERE
    what = _("%(id)s is registered elsewhere") if elsewhere else _("%(id)s could not be registered")
    return what % {"id": row.identifier}
