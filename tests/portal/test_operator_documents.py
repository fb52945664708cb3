"""The operator's documents: found by what is wrong with them, and never read."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from peppol.models import ComplianceReport
from tests.portal.conftest import texts
from tests.portal.factories import make_document

LIST = "admin:peppol_document_changelist"


def aged(row, **span):
    type(row).objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(**span))
    return row


@pytest.fixture
def papers(bakery):
    """One document of each fate."""
    return {
        "fine": make_document(bakery, number="fine"),
        "old failure": aged(make_document(bakery, number="old", state="failed"), days=9),
        "failure": make_document(bakery, number="new", state="failed", last_error="Nobody there"),
        "under way": make_document(bakery, number="young", state="sending"),
        "stuck": aged(make_document(bakery, number="stuck", state="accepted"), hours=2),
        "rejected": make_document(bakery, number="rejected", response="rejected"),
    }


@pytest.mark.parametrize(
    "wrong, found",
    [
        ("failed", {"old failure", "failure"}),
        ("lately", {"failure"}),
        ("held_up", {"stuck"}),
        ("rejected", {"rejected"}),
        ("", {"fine", "old failure", "failure", "under way", "stuck", "rejected"}),
    ],
)
def test_documents_are_found_by_what_is_wrong(desk, papers, wrong, found):
    rows = desk.get(reverse(LIST), {"wrong": wrong} if wrong else {}).context["cl"].result_list
    assert {row.pk for row in rows} == {papers[name].pk for name in found}


def test_a_document_says_what_became_of_it_but_not_what_it_says(desk, papers, bakery):
    page = reverse("admin:peppol_document_change", args=[papers["failure"].pk])
    shown = texts(desk.get(page))
    assert "Nobody there" in shown and "Bakery Peeters" in shown and "Download" not in shown
    assert reverse("admin:tenants_organization_change", args=[bakery.pk]) in shown
    with pytest.raises(NoReverseMatch):
        reverse("admin:peppol_document_payload", args=[papers["failure"].pk])


def test_a_platform_is_looked_at_with_its_companies(desk, papers, acme, rivals_company):
    make_document(rivals_company, number="theirs")
    rows = desk.get(reverse(LIST), {"platform": acme.pk}).context["cl"].result_list
    assert {row.pk for row in rows} == {row.pk for row in papers.values()}


def test_reports_to_authorities_are_found_by_state_and_age(desk, bakery):
    def report(number: str, **facts):
        document = make_document(bakery, number=number)
        facts = {"organization": bakery, "document": document, "country": "FR", **facts}
        return ComplianceReport.objects.create(**facts)

    refused = report("1", state="failed", last_error="Number taken")
    late = aged(report("2", next_attempt_at=timezone.now()), hours=3)
    report("3", state="reported", reference="R-3")
    report("4", next_attempt_at=timezone.now())
    page = reverse("admin:peppol_compliancereport_changelist")
    assert list(desk.get(page, {"state": "failed"}).context["cl"].result_list) == [refused]
    assert list(desk.get(page, {"wrong": "overdue"}).context["cl"].result_list) == [late]
    assert "Number taken" in texts(desk.get(page))
    shown = texts(desk.get(reverse("admin:peppol_compliancereport_change", args=[refused.pk])))
    assert reverse("admin:peppol_document_change", args=[refused.document_id]) in shown


def test_documents_are_never_counted(desk, papers):
    """No page of the list asks how many rows there are: that would read them all."""
    with CaptureQueriesContext(connection) as queries:
        desk.get(reverse(LIST), {"wrong": "failed"})
    told = [query["sql"] for query in queries if '"peppol_document"' in query["sql"]]
    assert told and not [sql for sql in told if "COUNT(" in sql]
