"""Rows that went no further, and what people do about them on the pages of both sites."""

import pytest
from django.urls import reverse

from peppol.models import Circuit, ComplianceReport, Document, DocumentDraft, Participant
from peppol.services.documents import drafts
from tenants.models import Event, Mail, Organization
from tests.conftest import SYSTEM
from tests.peppol.test_participants import NUMBER, having
from tests.portal.conftest import at, operation_at, texts
from tests.portal.factories import make_document

pytestmark = pytest.mark.django_db
UBL = b"""<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>D-1</cbc:ID></Invoice>"""


def do(client, name: str, row, site: str = "portal", **answers):
    page = f"{row._meta.app_label}_{row._meta.model_name}"
    answer = client.post(reverse(f"{site}:{page}_{name}", args=[row.pk]), answers)
    row.refresh_from_db()
    return answer


@pytest.mark.parametrize("state", ["failed", "elsewhere", "draft"])
@pytest.mark.parametrize("site", ["portal", "admin"])
def test_an_identifier_is_dismissed(browser, desk, bakery, state, site):
    row = having(bakery, state)
    who = {"portal": browser, "admin": desk}[site]
    assert "Dismiss" in texts(who.get(reverse(f"{site}:peppol_participant_change", args=[row.pk])))
    do(who, "dismiss", row, site)
    assert row.state == ("unregistered" if state == "draft" else "unregistering")


def test_a_noted_identifier_is_registered(browser, bakery):
    row = having(bakery, "draft")
    do(browser, "register_noted", row)
    assert row.state == "pending"


def test_one_of_a_company_that_waits_says_when(browser, bakery):
    Organization.objects.filter(pk=bakery.pk).update(status="pending")
    form = {"organization": bakery.pk, "identifier": NUMBER}
    page = browser.post(at("peppol_participant", "add"), form, follow=True)
    assert "is registered once Bakery Peeters is verified" in texts(page)
    assert Participant.objects.get().is_awaited


def test_a_document_that_nobody_has_yet_is_not_sent(browser, bakery):
    row = make_document(bakery, state="accepted")
    do(browser, "withdraw", row, reason="wrong customer")
    assert (row.state, row.last_error, row.next_attempt_at) == ("failed", "wrong customer", None)
    assert Event.objects.latest("id").type == "document.failed"


def test_a_document_that_may_be_out_is_not_withdrawn(browser, bakery):
    row = make_document(bakery, state="sending", attempt_count=1)
    answer = do(browser, "withdraw", row, reason="wrong customer")
    assert "may be with the access point" in texts(answer) and row.state == "sending"
    do(browser, "try_now", row)
    assert row in Document.objects.due()


def test_drafts_are_listed_and_thrown_away(browser, bakery, rivals_company, costs):
    mine = drafts.keep(bakery, UBL, by=SYSTEM)
    drafts.keep(rivals_company, UBL.replace(b"D-1", b"THEIRS"), by=SYSTEM)
    page = texts(browser.get(at("peppol_documentdraft")))
    assert "D-1" in page and "THEIRS" not in page
    one = costs(browser, at("peppol_documentdraft"))
    for n in range(5):
        drafts.keep(bakery, UBL.replace(b"D-1", b"D-%d" % n), by=SYSTEM)
    assert costs(browser, at("peppol_documentdraft")) == one
    gone = browser.post(operation_at("peppol_documentdraft", "discard", mine), follow=True)
    assert "is thrown away" in texts(gone)
    assert not DocumentDraft.objects.filter(pk=mine.pk).exists()


def test_a_report_that_failed_is_made_again(desk, bakery):
    row = ComplianceReport.objects.create(
        organization=bakery, document=make_document(bakery), country="FR", state="failed"
    )
    do(desk, "report_again", row, "admin")
    assert row.state == "pending" and row.next_attempt_at is not None


def test_a_mail_is_sent_again_or_not_at_all(desk, bakery):
    row = Mail.objects.create(organization=bakery, to="a@b.example", template="x", state="failed")
    do(desk, "send_again", row, "admin")
    assert (row.state, row.attempt_count) == ("pending", 0)
    do(desk, "drop", row, "admin")
    assert (row.state, row.next_attempt_at) == ("dropped", None)


def test_a_service_that_is_held_back_is_tried_now(desk):
    row = Circuit.objects.create(name="https://smp.example", state="open")
    do(desk, "probe", row, "admin")
    assert row.next_probe_at is not None


def test_staff_verify_or_refuse_who_waits(desk, bakery, rivals_company):
    Organization.objects.filter(pk__in=[bakery.pk, rivals_company.pk]).update(status="pending")
    page = texts(desk.get(at("tenants_organization", "change", bakery).replace("portal", "admin")))
    assert "Verify" in page and "Refuse" in page
    do(desk, "activate", bakery, "admin")
    do(desk, "refuse", rivals_company, "admin", reason="no such company")
    assert bakery.status == "active"
    assert (rivals_company.status, rivals_company.status_reason) == ("closed", "no such company")
