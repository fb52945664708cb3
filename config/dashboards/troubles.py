"""What is wrong: for whom, since when, and where to do something about it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from config.dashboards.parts import Worry
from config.health import OUTBOX_AGE, WORKER_SILENCE
from peppol.models import Circuit, Document, Participant
from tenants.models import Event, Heartbeat, Mail, Organization, PlatformApplication, Seal
from tenants.portal_site import shown
from webhooks.facts import troubled
from webhooks.models import Delivery, Endpoint

# Of each kind so many are named; how many more there are is said in one line.
_MOST = 20
# A document that is under way for longer is held up by something.
_STUCK = timedelta(hours=1)


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong. `whom` is empty for the installation as a whole; `grave` is what
    keeps everybody's work from being done."""

    what: Any
    whom: str
    since: datetime
    link: str
    icon: str
    note: Any = ""
    grave: bool = False


@dataclass(frozen=True)
class Kind:
    """Troubles of one kind: `rows` oldest first, how each is told, and where the others are."""

    rows: QuerySet[Any]
    tell: Callable[[Any], Trouble]
    others: Any
    link: str
    icon: str


def troubles() -> tuple[list[Trouble], list[Worry]]:
    """Everything that is wrong, the oldest first, and what there is more of than can be named.

    A bounded number of queries and rows, however much is wrong.
    """
    found, more = list(_machinery()), []
    for kind in _kinds():
        rows = list(kind.rows[: _MOST + 1])
        found += [kind.tell(row) for row in rows[:_MOST]]
        if len(rows) > _MOST:
            others = kind.rows.count() - _MOST
            more.append(Worry(kind.others % others, kind.link, kind.icon))
    return sorted(found, key=lambda trouble: trouble.since), more


def _machinery() -> Iterator[Trouble]:
    now = timezone.now()
    here = reverse("admin_machinery")
    beat = Heartbeat.objects.filter(name="worker").first()
    if beat is not None and now - beat.beat_at > WORKER_SILENCE:
        yield Trouble(_("No worker is at work"), "", beat.beat_at, here, "dark_mode", grave=True)
    waiting = Event.objects.undistributed().aggregate(n=Count("pk"), since=Min("occurred_at"))
    if waiting["n"] and now - waiting["since"] > OUTBOX_AGE:
        fanning = ngettext_lazy(
            "%d event waits to be fanned out", "%d events wait to be fanned out"
        )
        yield Trouble(fanning % waiting["n"], "", waiting["since"], here, "outbox", grave=True)
    due = Delivery.objects.due().filter(next_attempt_at__lt=now - OUTBOX_AGE)
    late = due.aggregate(n=Count("pk"), since=Min("next_attempt_at"))
    if late["n"]:
        overdue = ngettext_lazy("%d delivery is overdue", "%d deliveries are overdue")
        yield Trouble(overdue % late["n"], "", late["since"], here, "schedule_send", grave=True)
    for circuit in Circuit.objects.broken()[:_MOST]:
        since = circuit.opened_at or circuit.updated_at
        what = _("%(name)s does not answer") % {"name": _service(circuit.name)}
        link = _page("peppol_circuit")
        yield Trouble(what, "", since, link, "electric_bolt", circuit.last_error, grave=True)
    for seal in Seal.objects.doubted()[:_MOST]:
        assert seal.doubted_at is not None  # noqa: S101 — the query asked for it
        what = _("The audit trail of %(day)s is not as it was sealed") % {
            "day": shown.day(seal.day)
        }
        yield Trouble(what, "", seal.doubted_at, _page("tenants_seal"), "policy", grave=True)


def _kinds() -> Iterator[Kind]:
    organizations = Organization.objects.live().filter(status=Organization.Status.PENDING)
    yield Kind(
        PlatformApplication.objects.waiting().select_related("organization"),
        lambda row: Trouble(
            _("Applies to become a platform"), row.organization.title, row.submitted_at,
            _one("tenants_platformapplication", row), "how_to_reg",
        ),
        ngettext_lazy("%d more application waits", "%d more applications wait"),
        _page("tenants_platformapplication", "state=submitted"), "how_to_reg",
    )  # fmt: skip
    yield Kind(
        organizations.order_by("id"),
        lambda row: Trouble(
            _("Waits to be verified"), row.title, row.created_at,
            _one("tenants_organization", row), "verified",
        ),
        ngettext_lazy("%d more organization to verify", "%d more organizations to verify"),
        _page("tenants_organization", "status=pending"), "verified",
    )  # fmt: skip
    yield Kind(
        Participant.objects.needing_attention().select_related("organization").order_by("updated_at"),
        lambda row: Trouble(
            _registration(row), row.organization.title, row.updated_at,
            _one("peppol_participant", row), "link_off", row.last_error,
        ),
        ngettext_lazy("%d more registration needs a decision",
                      "%d more registrations need a decision"),
        _page("peppol_participant", "attention=yes"), "link_off",
    )  # fmt: skip
    yield from _of_documents()
    yield from _of_webhooks()
    yield Kind(
        _grouped(Mail.objects.filter(state=Mail.State.FAILED), "created_at", "last_error"),
        lambda row: Trouble(
            ngettext_lazy("%d mail could not be sent", "%d mails could not be sent") % row["n"],
            _title(row), row["since"], _page("tenants_mail", f"state=failed&{_of(row)}"),
            "unsubscribe", row["last_error"],
        ),
        ngettext_lazy("Mails of %d more organization", "Mails of %d more organizations"),
        _page("tenants_mail", "state=failed"), "unsubscribe",
    )  # fmt: skip


def _of_documents() -> Iterator[Kind]:
    stuck = Document.objects.filter(
        state__in=(Document.State.ACCEPTED, Document.State.SENDING),
        created_at__lt=timezone.now() - _STUCK,
    )
    yield Kind(
        _grouped(stuck, "created_at"),
        lambda row: Trouble(
            ngettext_lazy("%d document is held up", "%d documents are held up") % row["n"],
            _title(row), row["since"], _one_organization(row), "description",
        ),
        ngettext_lazy("Documents of %d more company", "Documents of %d more companies"),
        _page("tenants_organization"), "description",
    )  # fmt: skip


def _of_webhooks() -> Iterator[Kind]:
    failing = troubled(Endpoint.objects.live()).exclude(first_failure_at=None)
    yield Kind(
        failing.select_related("organization").order_by("first_failure_at"),
        lambda row: Trouble(
            _("Webhook disabled after failures") if row.status == "disabled"
            else _("Webhook fails"),
            row.organization.title, row.first_failure_at,
            _one("webhooks_endpoint", row), "webhook", row.url,
        ),
        ngettext_lazy("%d more webhook fails or is disabled",
                      "%d more webhooks fail or are disabled"),
        _page("webhooks_endpoint", "attention=yes"), "webhook",
    )  # fmt: skip
    yield Kind(
        _grouped(Delivery.objects.filter(state=Delivery.State.EXHAUSTED), "created_at"),
        lambda row: Trouble(
            ngettext_lazy("%d delivery was given up", "%d deliveries were given up") % row["n"],
            _title(row), row["since"], _page("webhooks_delivery", f"state=exhausted&{_of(row)}"),
            "running_with_errors",
        ),
        ngettext_lazy("Deliveries to %d more organization", "Deliveries to %d more organizations"),
        _page("webhooks_delivery", "state=exhausted"), "running_with_errors",
    )  # fmt: skip


_NAMES = ("display_name", "legal_name", "name")


def _grouped(rows: QuerySet[Any], since: str, error: str = "") -> Any:
    """Rows counted by organization, with the time of the oldest and one of their errors."""
    names = ("organization", *(f"organization__{name}" for name in _NAMES))
    facts = {"n": Count("pk"), "since": Min(since), **({error: Min(error)} if error else {})}
    return rows.order_by().values(*names).annotate(**facts).order_by("since")


def _title(row: dict[str, Any]) -> str:
    return next(row[f"organization__{name}"] for name in _NAMES if row[f"organization__{name}"])


def _of(row: dict[str, Any]) -> str:
    return f"organization={row['organization']}"


def _registration(row: Participant) -> Any:
    elsewhere = row.state == Participant.State.ELSEWHERE
    what = _("%(id)s is registered elsewhere") if elsewhere else _("%(id)s could not be registered")
    return what % {"id": row.identifier}


def _service(name: str) -> Any:
    known = {settings.SMP_URL: _("The SMP"), settings.ACCESS_POINT_URL: _("The access point")}
    return next((text for url, text in known.items() if url.rstrip("/") == name), name)


def _page(page: str, query: str = "") -> str:
    return reverse(f"admin:{page}_changelist") + (f"?{query}" if query else "")


def _one(page: str, row: Any) -> str:
    return reverse(f"admin:{page}_change", args=[row.pk])


def _one_organization(row: dict[str, Any]) -> str:
    return reverse("admin:tenants_organization_change", args=[row["organization"]])
