"""What is wrong with the installation itself, and keeps everybody's work from being done."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Min
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from billing import months
from billing.models import StatementRun
from config.dashboards.parts import Incident, one, page
from config.health import OUTBOX_AGE, WORKER_SILENCE
from peppol.access_point.dialects import access_point_address
from peppol.models import (
    BulkOperation,
    Circuit,
    CompanyImport,
    Document,
    Finding,
    NetworkReport,
    Participant,
    WatchRound,
)
from peppol.sandbox.models import Fault
from peppol.services.registration import certificates
from peppol.smp.dialects import smp_address
from tenants.models import Event, FilePiece, Heartbeat, Mail, Organization, Seal, Trouble
from tenants.ui import display
from webhooks.models import Delivery

_MOST = 20
# A certificate that ends so soon is everybody's trouble.
_GRAVE_DAYS = 7
_TROUBLES: dict[str, Any] = {
    Circuit.Trouble.SILENCE: _("%(name)s does not answer"),
    Circuit.Trouble.CREDENTIALS: _("%(name)s does not accept our credentials"),
    Circuit.Trouble.WRITING: _("%(name)s takes no changes at the moment"),
}
# Whoever was refused a statement longer ago was told of another way.
_RUNS = 3
# A run goes through thousands of organizations in this time.
_RUN_ENDS = timedelta(hours=1)
# And an import through as many lines as a file may have.
_IMPORT_ENDS = timedelta(hours=1)


def now() -> Iterator[Incident]:
    """Everything of the kind, in no order."""
    yield from _workers()
    yield from _queues()
    yield from _circuits()
    yield from _sandbox()
    yield from _seals()
    yield from _operations()
    yield from _watch()
    yield from _certificates()
    yield from _reports()
    yield from _runs()
    yield from _imports()
    yield from _troubles()
    yield from _unknown()


def _workers() -> Iterator[Incident]:
    beat = Heartbeat.objects.filter(name="worker").first()
    if beat is not None and timezone.now() - beat.beat_at > WORKER_SILENCE:
        here = reverse("admin_system_status")
        yield Incident(_("No worker is at work"), "", beat.beat_at, here, "dark_mode", grave=True)


def _queues() -> Iterator[Incident]:
    """Work of which some waits for longer than it would if anybody did it."""
    queues = (
        (
            Event.objects.undistributed(),
            "occurred_at",
            page("tenants_event", "outbox=waiting"),
            "outbox",
            ngettext_lazy("%d event waits to be fanned out", "%d events wait to be fanned out"),
        ),
        (
            # What a receiver that fails holds up is its own; its webhook is told of.
            Delivery.objects.due().filter(endpoint__consecutive_failures=0),
            "next_attempt_at",
            page("webhooks_delivery", "due=yes"),
            "schedule_send",
            ngettext_lazy("%d delivery is overdue", "%d deliveries are overdue"),
        ),
        (
            Mail.objects.due(),
            "next_attempt_at",
            page("tenants_mail", "due=yes"),
            "mail",
            ngettext_lazy("%d mail is overdue", "%d mails are overdue"),
        ),
        (
            FilePiece.objects.waiting(),
            "created_at",
            reverse("admin_system_status"),
            "drive_file_move",
            ngettext_lazy("%d file is not stored yet", "%d files are not stored yet"),
        ),
    )
    for rows, since, link, icon, sentence in queues:
        waiting = rows.order_by().aggregate(n=Count("pk"), since=Min(since))
        if waiting["n"] and timezone.now() - waiting["since"] > OUTBOX_AGE:
            yield Incident(sentence % waiting["n"], "", waiting["since"], link, icon, grave=True)


def _circuits() -> Iterator[Incident]:
    for circuit in Circuit.objects.broken()[:_MOST]:
        what = _TROUBLES[circuit.trouble] % {"name": _service(circuit.name)}
        since = circuit.opened_at or circuit.updated_at
        note = " · ".join(filter(None, (_held_back(circuit.name), circuit.last_error)))
        link = one("peppol_circuit", circuit)
        yield Incident(what, "", since, link, "electric_bolt", note, grave=True)


def _service(name: str) -> Any:
    known = {smp_address(): _("The SMP"), access_point_address(): _("The access point")}
    return next((text for url, text in known.items() if url == name), name)


def _held_back(name: str) -> str:
    """How much waits for the service of this name."""
    if name == smp_address():
        n = Participant.objects.filter(state=Participant.State.WAITING).count()
        return ngettext("%d registration waits", "%d registrations wait", n) % n if n else ""
    if name == access_point_address():
        n = Document.objects.filter(state__in=Document.UNDER_WAY_STATES).count()
        return ngettext("%d document waits", "%d documents wait", n) % n if n else ""
    return ""


def _sandbox() -> Iterator[Incident]:
    fault = Fault.objects.first() if settings.PEPPOL_NETWORK == "sandbox" else None
    if fault is not None:
        what = _("The sandbox misbehaves: a person switched it on")
        link = page("sandbox_fault")
        yield Incident(what, "", fault.since, link, "experiment", fault.get_kind_display())


def _seals() -> Iterator[Incident]:
    for seal in Seal.objects.doubted()[:_MOST]:
        assert seal.doubted_at is not None  # noqa: S101 — the query asked for it
        what = _("The audit trail of %(day)s is not as it was sealed") % {
            "day": display.day(seal.day)
        }
        link = one("tenants_seal", seal)
        yield Incident(what, "", seal.doubted_at, link, "policy", grave=True)


def _operations() -> Iterator[Incident]:
    """Bulk operations that something holds up, and what the latest comparison found."""
    for row in BulkOperation.objects.held_up()[:_MOST]:
        link = one("peppol_bulkoperation", row)
        named = {"operation": row.get_kind_display()}
        if row.state == BulkOperation.State.RUNNING:
            what, note = _("“%(operation)s” is held up") % named, row.last_error
            yield Incident(what, "", row.created_at, link, "dynamic_feed", note)
            continue
        what = _("“%(operation)s” waits for you") % named
        note = f"{row.get_paused_because_display()}. {row.last_error}".strip()
        grave = row.paused_because == BulkOperation.Pause.FAILURES
        yield Incident(what, "", row.created_at, link, "pause_circle", note, grave=grave)
    compared = BulkOperation.objects.filter(kind=BulkOperation.Kind.RECONCILE, platform=None)
    latest = compared.filter(state=BulkOperation.State.DONE).first()
    if latest is None:
        return
    found = Finding.objects.filter(operation=latest).unrepaired().count()
    if found:
        differing = ngettext_lazy(
            "%d registration is not as the SMP shows it",
            "%d registrations are not as the SMP shows them",
        )
        link = one("peppol_bulkoperation", latest)
        yield Incident(differing % found, "", _end(latest), link, "difference")


def _watch() -> Iterator[Incident]:
    """The nightly look at registrations, where it was stopped and nothing counts."""
    last = WatchRound.objects.first()
    if last is not None and last.state == WatchRound.State.STOPPED:
        what = _("The nightly look at registrations was stopped")
        link, note = one("peppol_watchround", last), display.said(last.last_error)
        yield Incident(what, "", last.created_at, link, "visibility_off", note, grave=True)


def _certificates() -> Iterator[Incident]:
    """Certificates of the network that end soon."""
    for found in certificates.near_their_end():
        what = _("The certificate of %(name)s ends on %(day)s") % {
            "name": found.name,
            "day": f"{found.ends_at:%Y-%m-%d}",
        }
        grave = found.stage is not None and found.stage <= _GRAVE_DAYS
        link = reverse("admin:peppol_bulkoperation_add")
        since = found.ends_at - timedelta(days=max(certificates.DAYS))
        yield Incident(what, "", since, link, "verified_user", grave=grave)


def _reports() -> Iterator[Incident]:
    """Reports to OpenPeppol that nobody filed, and whose day draws near."""
    for report in NetworkReport.objects.pressing():
        what = _("%(report)s is not filed") % {"report": report}
        note = _("Due on %(day)s") % {"day": f"{report.due_on:%Y-%m-%d}"}
        link = one("peppol_networkreport", report)
        since = report.created_at
        yield Incident(what, "", since, link, "event_busy", note, grave=report.is_late)


def _end(operation: BulkOperation) -> datetime:
    return operation.finished_at or operation.created_at


def _runs() -> Iterator[Incident]:
    """Who has no statement of the latest months, and runs that do not come to an end."""
    runs = list(StatementRun.objects.order_by("-month")[:_RUNS])
    refused = {run: list(run.refused.items())[:_MOST] for run in runs}
    named = Organization.objects.in_bulk([pk for some in refused.values() for pk, _why in some])
    for run, some in refused.items():
        link, month = one("billing_statementrun", run), {"month": months.name(run.month)}
        for pk, why in some:
            what = _("%(month)s could not be billed") % month
            whom = named[pk].title if pk in named else ""
            since = run.finished_at or run.started_at
            yield Incident(what, whom, since, link, "receipt_long", why)
        if run.finished_at is None and timezone.now() - run.started_at > _RUN_ENDS:
            what = _("The statements of %(month)s do not come to an end") % month
            yield Incident(what, "", run.started_at, link, "receipt_long")


def _imports() -> Iterator[Incident]:
    """Imports that go on no more; one of a suspended platform waits for it."""
    late = CompanyImport.objects.running().filter(started_at__lt=timezone.now() - _IMPORT_ENDS)
    for row in late.select_related("organization__parent")[:_MOST]:
        closed = _("It goes on when the organization is active again.")
        note = "" if row.organization.is_open else closed
        link = one("tenants_organization", row.organization)
        what = _("The import of “%(file)s” does not come to an end") % {"file": row.filename}
        since = row.started_at or row.created_at
        yield Incident(what, row.organization.title, since, link, "upload_file", note)


def _troubles() -> Iterator[Incident]:
    """Rows that background work stumbled over, and went on with the others."""
    for trouble in Trouble.objects.present()[:_MOST]:
        what = _("Background work stumbled: %(work)s") % {"work": trouble.work}
        app, _dot, model = trouble.model.partition(".")
        try:
            link = reverse(f"admin:{app}_{model}_change", args=[trouble.key])
        except NoReverseMatch:
            link = reverse("admin_system_status")
        yield Incident(what, trouble.row, trouble.since, link, "build", trouble.said)


def _unknown() -> Iterator[Incident]:
    """Documents of which somebody has to find out whether they arrived."""
    found = Document.objects.unknown().aggregate(n=Count("pk"), since=Min("created_at"))
    if n := found["n"]:
        what = ngettext(
            "Nobody knows whether %d document arrived",
            "Nobody knows whether %d documents arrived",
            n,
        )
        link = page("peppol_document", "wrong=unknown")
        yield Incident(what % n, "", found["since"], link, "contact_support", grave=True)
