"""Reports to tax authorities, for companies whose platform asks for their country (FLO-35)."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop

from peppol.models import ComplianceReport, Document
from peppol.services.documents import events, usage
from tenants import background, leases, loops
from tenants.actors import Actor
from tenants.errors import WrongState

logger = logging.getLogger(__name__)
State = ComplianceReport.State
REPORTER = Actor.system("compliance")
# Seconds until a claimed report is looked at again, and between attempts.
_LEASE = timedelta(seconds=60)
_BACKOFF = (30, 120, 600, 3600, 6 * 3600)
_PATIENCE = 8
_UNREACHED = gettext_noop("The report did not get through to the authority.")


class Rejected(Exception):
    """The authority refuses the report, and will refuse it again; says why."""


def countries() -> frozenset[str]:
    """The countries whose authorities somebody reports to here."""
    return frozenset(settings.COMPLIANCE_REPORTERS)


def unreported(nobody: list[str]) -> str:
    """Why nothing can be reported in countries where nobody does."""
    known = ", ".join(sorted(countries())) or "none"
    return (
        f"Nothing is reported to the tax authority of {', '.join(nobody)} from here: no reporter "
        f"is set up for it. Reported are: {known}."
    )


def ask_for(document: Document) -> None:
    """Have `document` reported if its platform asks for it; within the caller's transaction."""
    company = document.organization
    if not document.is_counted:
        return
    asked: Any = (company.parent or company).defaults.get("autoCompliance") or {}
    if asked.get(company.country) and company.country in settings.COMPLIANCE_REPORTERS:
        ComplianceReport.objects.create(
            organization=company,
            document=document,
            country=company.country,
            next_attempt_at=timezone.now(),
        )


@transaction.atomic
def report_again(report: ComplianceReport, *, by: Actor) -> ComplianceReport:
    """Have a report that failed made once more, as if for the first time. Raises WrongState."""
    row = ComplianceReport.objects.select_for_update(no_key=True).get(pk=report.pk)
    if row.state != State.FAILED:
        raise WrongState("This report did not fail.", code="not_failed")
    row.state, row.attempt_count, row.next_attempt_at = State.PENDING, 0, timezone.now()
    row.save(update_fields=["state", "attempt_count", "next_attempt_at", "updated_at"])
    events.announce_report(row, events.REPORT_RETRIED, by=by)
    background.wake("documents")
    return row


def report_due(*, limit: int = 50) -> int:
    """Make the reports that are due; how many were tried."""
    tried = 0
    for _ in range(limit):
        report = _claim()
        if report is None:
            break
        loops.each("report documents", [report], lambda one: _settle(one, _attempt(one)))
        tried += 1
    return tried


def _claim() -> ComplianceReport | None:
    due = ComplianceReport.objects.filter(next_attempt_at__lte=timezone.now())
    if not due.exists():
        return None
    with transaction.atomic():
        report = (
            due.select_related("document__organization__parent")
            .select_for_update(of=("self",), skip_locked=True, no_key=True)
            .order_by("next_attempt_at")
            .first()
        )
        if report is not None:
            attempts = report.attempt_count + 1
            leases.take(report, "next_attempt_at", _LEASE, attempt_count=attempts)
    return report


def _attempt(report: ComplianceReport) -> tuple[str, str]:
    """The state that the report is in now, and the authority's reference or what went wrong."""
    reporter: Callable[[Document], str] = import_string(
        settings.COMPLIANCE_REPORTERS[report.country]
    )
    try:
        return State.REPORTED, reporter(report.document)
    except Rejected as rejection:
        return State.FAILED, str(rejection)
    except Exception:
        logger.exception("The report of document %s did not get through.", report.document_id)
        gave_up = report.attempt_count >= _PATIENCE
        return (State.FAILED if gave_up else State.PENDING), _UNREACHED


@transaction.atomic
def _settle(report: ComplianceReport, outcome: tuple[str, str]) -> None:
    held = leases.held(report, "next_attempt_at").filter(state=State.PENDING)
    if held.select_for_update(no_key=True).first() is None:
        return
    report.state, said = outcome
    if report.state == State.PENDING:
        pause = _BACKOFF[min(report.attempt_count, len(_BACKOFF)) - 1]
        report.last_error = said
        report.next_attempt_at = timezone.now() + timedelta(seconds=pause)
    else:
        report.next_attempt_at = None
        report.reference, report.last_error = (
            (said, "") if report.state == State.REPORTED else ("", said)
        )
    report.save()
    _tell(report, said)


def _tell(report: ComplianceReport, said: str) -> None:
    document = report.document
    if report.state == State.REPORTED:
        usage.count(
            document.organization, document.environment, "compliance_reports", timezone.now()
        )
        events.announce_report(report, events.REPORTED, by=REPORTER)
    elif report.state == State.FAILED:
        events.announce_report(report, events.REPORT_FAILED, by=REPORTER, reason=said)
