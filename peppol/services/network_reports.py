"""Reports to OpenPeppol: fetched from the access point, judged, compared with our own counts.

Filing is the access point's, which sends them itself; here a person says that it was done. What
is not filed by the tenth is asked about.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from peppol import statistics_reports
from peppol.access_point.client import AccessPointError
from peppol.access_point.dialects import configured_access_point
from peppol.models import Document, NetworkReport
from tenants import background, leases, loops
from tenants.actors import Actor
from tenants.errors import Invalid, WrongState
from tenants.models import Environment, Mail, Organization, User
from tenants.services import mails

Kind = NetworkReport.Kind
State = NetworkReport.State
_LEASE = timedelta(minutes=5)
# Until it is filed, what comes late changes it: it is fetched again.
_AGAIN, _RETRY = timedelta(days=1), timedelta(hours=1)


def attend() -> None:
    """See to the reports of the month that is over: fetched daily until filed, and asked about."""
    if not settings.NETWORK_REPORTS:
        return
    plan(_month_before(timezone.now().date()))
    due = NetworkReport.objects.unfiled().filter(next_attempt_at__lte=timezone.now())
    loops.each("fetch reports to OpenPeppol", due, fetch)
    if NetworkReport.objects.pressing().filter(reminded_at=None).exists():
        remind()


@transaction.atomic
def plan(month: date) -> None:
    """Note that the reports of a month are owed, where there was anybody to report of."""
    month = month.replace(day=1)
    end = (month + timedelta(days=31)).replace(day=1)
    if not Organization.objects.filter(created_at__lt=_midnight(end)).exists():
        return
    for kind in Kind:
        NetworkReport.objects.get_or_create(
            month=month, kind=kind, defaults={"next_attempt_at": timezone.now()}
        )


@transaction.atomic
def ask_for(month: date) -> NetworkReport:
    """Have the reports of a month fetched. Raises Invalid for one that is not over."""
    if month.replace(day=1) >= timezone.now().date().replace(day=1):
        raise Invalid("This month is not over.", code="month_not_over")
    plan(month)
    rows = NetworkReport.objects.filter(month=month.replace(day=1))
    rows.unfiled().update(next_attempt_at=timezone.now())
    background.wake("duties")
    found = rows.first()
    if found is None:
        raise Invalid("Nobody was here in that month.", code="nobody_there")
    return found


def fetch(report: NetworkReport) -> None:
    """Fetch a report, judge it, and compare it; what came of it is in its row."""
    if not leases.take(report, "next_attempt_at", _LEASE):
        return
    try:
        with configured_access_point() as access_point:
            content = access_point.statistics(report.kind, report.month.year, report.month.month)
    except AccessPointError as error:
        _ours(report).update(next_attempt_at=timezone.now() + _RETRY, last_error=error.in_full)
        return
    found = statistics_reports.judge(report.kind, content, report.month, report.last_day)
    own = own_figures(report)
    figures = dict(statistics_reports.read(report.kind, content).figures) if not found else {}
    found += [
        f"{name}: {figures[name]} in the report, {own[name]} here."
        for name in own
        if name in figures and figures[name] != own[name]
    ]
    _ours(report).update(
        state=State.DOUBTFUL if found else State.READY,
        content=content.decode("utf-8", "replace"),
        findings=found[:100],
        figures=figures,
        own_figures=own,
        officially=statistics_reports.is_judged_officially(),
        last_error="",
        fetched_at=timezone.now(),
        next_attempt_at=timezone.now() + _AGAIN,
    )


def own_figures(report: NetworkReport) -> dict[str, int]:
    """What we count of the month. A company counts once, under however many identifiers."""
    start, end = _midnight(report.month), _midnight(report.last_day + timedelta(days=1))
    live = Document.objects.filter(environment=Environment.LIVE)
    sent = live.filter(
        direction=Document.Direction.OUTBOUND,
        state=Document.State.DELIVERED,
        finished_at__gte=start,
        finished_at__lt=end,
    )
    received = live.filter(
        direction=Document.Direction.INBOUND, created_at__gte=start, created_at__lt=end
    )
    if report.kind == Kind.TSR:
        return {"incoming": received.count(), "outgoing": sent.count()}
    senders, receivers = (
        set(rows.order_by().values_list("organization", flat=True).distinct())
        for rows in (sent, received)
    )
    return {
        "sending": len(senders),
        "receiving": len(receivers),
        "either": len(senders | receivers),
    }


@transaction.atomic
def file(report: NetworkReport, *, by: Actor, reference: str = "") -> NetworkReport:
    """Note that a report was filed. Raises WrongState when it was before."""
    filed = NetworkReport.objects.unfiled().filter(pk=report.pk)
    facts = {"filed_at": timezone.now(), "filed_by": by.label, "reference": reference}
    if not filed.update(state=State.FILED, next_attempt_at=None, **facts):
        raise WrongState("This report was filed.", code="filed")
    report.refresh_from_db()
    return report


@transaction.atomic
def remind() -> int:
    """Write to the staff of reports that nobody filed; how many mails."""
    pressing = NetworkReport.objects.pressing().select_for_update(no_key=True)
    rows = list(pressing.filter(reminded_at=None))
    about = Organization.objects.platforms().order_by("created_at").first()
    NetworkReport.objects.filter(pk__in=[one.pk for one in rows]).update(reminded_at=timezone.now())
    if not rows or about is None:
        return 0
    staff = User.objects.filter(is_staff=True, is_active=True).exclude(email="")
    for address in (found := list(staff.values_list("email", flat=True))):
        mails.post(about, MAIL, to=address, context={})
    return len(found)


def _ours(report: NetworkReport) -> Any:
    return leases.held(report, "next_attempt_at").exclude(state=State.FILED)


def _month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _letter(mail: Mail) -> mails.Context | None:
    """What is not filed by now; None when all of it was."""
    rows = list(NetworkReport.objects.pressing())
    if not rows:
        return None
    page = reverse("admin:peppol_networkreport_changelist")
    return {"reports": rows, "due_on": rows[0].due_on, "link": f"{settings.BASE_URL}{page}"}


MAIL = mails.declare("reports_unfiled", _letter, from_us=True)
