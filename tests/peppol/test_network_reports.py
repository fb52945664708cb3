"""Reports to OpenPeppol: fetched, judged, compared with what we count, and asked about in time."""

import calendar
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from config import health
from config.dashboards.operator import outages
from peppol import statistics_reports
from peppol.access_point.dialects import configured_access_point
from peppol.models import Document, NetworkReport
from peppol.rules import installed
from peppol.sandbox import faults
from peppol.sandbox.models import Transmission
from peppol.services import network_reports
from tenants.errors import Invalid, WrongState
from tenants.ids import uuid7
from tenants.models import Organization, User
from tenants.services import mails
from tests.peppol.judged import JAR, OFFICIAL, needs_official
from tests.peppol.trading import SHAPE, send, work

pytestmark = pytest.mark.django_db
JANUARY = date(2022, 1, 1), date(2022, 1, 31)
OFFICIAL_ONES = sorted(OFFICIAL.glob("examples/reporting/*/*/*.xml")) if JAR else []


def example(kind: str, name: str) -> bytes:
    return next(path for path in OFFICIAL_ONES if path.name == name).read_bytes()


def days_of(content: bytes, kind: str) -> tuple[date, date]:
    found = statistics_reports.read(kind, content)
    return date.fromisoformat(found.start), date.fromisoformat(found.end)


@pytest.fixture
def official():
    call_command("rules", "install", str(JAR))
    installed.forget()
    yield
    installed.forget()


@needs_official
def test_the_official_examples_are_judged_right(official):
    assert statistics_reports.is_judged_officially()
    for path in OFFICIAL_ONES:
        kind, content = path.parent.parent.name, path.read_bytes()
        if "template" not in path.name:
            assert statistics_reports.judge(kind, content, *days_of(content, kind)) == [], path
    minimal = example("tsr", "transaction-statistics-minimal.xml")
    broken = minimal.replace(b"<Incoming>0</Incoming>", b"<Incoming>7</Incoming>")
    assert any("SCH-TSR" in one for one in statistics_reports.judge("tsr", broken, *JANUARY))
    without = minimal.replace(b"<Outgoing>0</Outgoing>", b"")
    assert any("Outgoing" in one for one in statistics_reports.judge("tsr", without, *JANUARY))


@needs_official
def test_the_sandboxs_reports_are_right_by_the_official_rules(official, network, recipient, sender):
    send(sender, SHAPE)
    work()
    today = timezone.now().date()
    first = today.replace(day=1)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    with configured_access_point() as access_point:
        for kind in ("eusr", "tsr"):
            content = access_point.statistics(kind, first.year, first.month)
            assert statistics_reports.judge(kind, content, first, last) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no xml", "XML"),
        (b"<EndUserStatisticsReport/>", "it follows"),
        (
            b"<R><Header><ReportPeriod><StartDate>2021-12-01</StartDate></ReportPeriod></Header></R>",
            "not of 2022-01-01 to 2022-01-31",
        ),
        (
            b"<R><FullSet><SendingEndUsers>5</SendingEndUsers><ReceivingEndUsers>3"
            b"</ReceivingEndUsers><SendingOrReceivingEndUsers>9</SendingOrReceivingEndUsers>"
            b"</FullSet></R>",
            "cannot be 5 who sent and 3 who received",
        ),
    ],
)
def test_what_cannot_be_is_seen_without_official_rules(content, sentence):
    assert sentence in " ".join(statistics_reports.judge("eusr", content, *JANUARY))


@pytest.fixture
def month(network, recipient, sender, settings) -> date:
    """The month before this one, in which a company sent under two identifiers."""
    settings.NETWORK_REPORTS = True
    send(sender, SHAPE)
    work()
    first = (timezone.now().date().replace(day=1) - timedelta(days=1)).replace(day=1)
    when = datetime.combine(first + timedelta(days=2), time(), UTC)
    sent = Document.objects.get(direction="outbound")
    sent.pk, sent.sender, sent.instance_id = uuid7(), "9925:be0403170701", "another"
    Document.objects.bulk_create([sent])
    Document.objects.update(created_at=when, finished_at=when)
    Transmission.objects.update(created_at=when)
    Organization.objects.update(created_at=when)
    return first


def test_one_company_with_two_identifiers_counts_once(month):
    network_reports.attend()
    eusr, tsr = NetworkReport.objects.all()
    assert eusr.own_figures == {"sending": 1, "receiving": 1, "either": 2}
    assert (eusr.state, eusr.figures, eusr.findings) == ("ready", eusr.own_figures, [])
    assert tsr.own_figures["outgoing"] == 2 and tsr.state == "doubtful"
    assert "outgoing: 1 in the report, 2 here." in tsr.findings


def test_an_access_point_that_is_down_is_asked_again(month):
    faults.switch_on("ap_down")
    network_reports.attend()
    report = NetworkReport.objects.first()
    assert report.state == "due" and report.last_error
    assert report.next_attempt_at > timezone.now()
    faults.switch_off()
    network_reports.fetch(report)
    report.refresh_from_db()
    assert report.fetched_at and not report.last_error


def test_a_report_that_was_filed_meanwhile_stays_as_it_was(month, by):
    network_reports.plan(month)
    report = NetworkReport.objects.first()
    network_reports.file(NetworkReport.objects.get(pk=report.pk), by=by)
    network_reports.fetch(report)
    report.refresh_from_db()
    assert (report.state, report.content) == ("filed", "")
    with pytest.raises(WrongState):
        network_reports.file(report, by=by)


def test_what_is_not_filed_by_the_tenth_is_asked_about_once(month, by, mailoutbox):
    User.objects.create_user("staff@gatehouse.example", is_staff=True)
    network_reports.plan(month)
    after = (month + timedelta(days=31)).replace(day=1)
    pressing = NetworkReport.objects.pressing
    assert not pressing(after.replace(day=9)).exists()
    assert pressing(after.replace(day=10)).count() == 2
    assert pressing((after + timedelta(days=31)).replace(day=1)).count() == 2, "and ever since"
    NetworkReport.objects.update(month=(month - timedelta(days=1)).replace(day=1))
    assert network_reports.remind() == 1 and network_reports.remind() == 0
    mails.drain()
    assert "are due on" in mailoutbox[0].subject and "EUSR" in mailoutbox[0].body
    assert len(list(outages._reports())) == 2
    assert "is not filed" in health.examine()["checks"]["network_reports"]["detail"]
    for report in NetworkReport.objects.all():
        assert network_reports.file(report, by=by).is_late
    assert health.examine()["checks"]["network_reports"] == {"ok": True}


def test_a_month_that_is_not_over_has_no_reports(month):
    with pytest.raises(Invalid):
        network_reports.ask_for(timezone.now().date())
    with pytest.raises(Invalid):
        network_reports.ask_for(date(2020, 1, 1))


def test_staff_see_what_is_filed_or_late_and_the_file(month, client):
    staff = User.objects.create_superuser("staff@gatehouse.example", password="staff")
    client.force_login(staff)
    network_reports.attend()
    report = NetworkReport.objects.first()
    stem = "admin:peppol_networkreport_"
    listed = client.get(reverse(f"{stem}changelist")).content.decode()
    assert "Ready to be filed" in listed and "In doubt" in listed
    file = client.get(reverse(f"{stem}xml", args=[report.pk]))
    assert b"EndUserStatisticsReport" in b"".join(file)
    filed = client.post(reverse(f"{stem}file", args=[report.pk]), {"reference": "M-1"})
    assert filed.status_code == 302
    page = client.get(reverse(f"{stem}change", args=[report.pk])).content.decode()
    assert "M-1" in page and "eusr-" in page
