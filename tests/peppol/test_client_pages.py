"""What a company's own people do by a link: hand in who it is, see its documents; and no more."""

import pytest
from django.conf import settings as installation
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from peppol.models import Evidence, Identification
from tenants.models import ClientLink, Event
from tenants.services import client_links
from tests.api.flowie.test_onboarding import in_parallel
from tests.conftest import SYSTEM
from tests.peppol.identifying import FACTS, PDF
from tests.portal.factories import make_document


def path_of(link) -> str:
    return client_links.address_of(link).removeprefix(str(installation.BASE_URL))


def visit_of(company, purpose: str) -> str:
    link = client_links.make(company, purpose, by=SYSTEM)
    return str(Client().post(path_of(link)).headers["Location"])


def test_a_client_hands_in_who_its_company_is_and_does_not_vouch_for_itself(bakery):
    visit, phone = visit_of(bakery, "identify"), Client(enforce_csrf_checks=True)
    assert b"multipart/form-data" in phone.get(visit).content
    files = {"evidence": SimpleUploadedFile("extract.pdf", PDF.content)}
    vouched = phone.post(visit, {**FACTS, "method": "platform", **files})
    assert "method" in vouched.context["form"].errors
    bad = {"evidence": SimpleUploadedFile("extract.pdf", b"<html>")}
    assert "evidence" in phone.post(visit, {**FACTS, **bad}).context["form"].errors
    assert not Identification.objects.exists()
    files["evidence"].seek(0)
    assert phone.post(visit, {**FACTS, **files}).status_code == 200
    row = Identification.objects.get()
    assert (row.organization, row.state) == (bakery, "in_review") and Evidence.objects.count() == 1
    assert Event.objects.get(type="company.verification_submitted").actor_kind == "link"
    assert phone.post(visit, {**FACTS, **files}).status_code == 410


def test_a_client_sees_its_own_documents_and_no_others(bakery, rivals_company, acme):
    own = make_document(bakery, number="OURS-1")
    others = [make_document(one, number="THEIRS-1") for one in (rivals_company, acme)]
    visit, phone = visit_of(bakery, "invoices"), Client()
    page = phone.get(visit).content.decode()
    assert "OURS-1" in page and "THEIRS" not in page and f"{own.pk}.pdf" in page
    for row in others:
        assert phone.get(f"{visit}{row.pk}.pdf").status_code == 404
    for rest in ("x", "../x", f"{own.pk}", f"{own.pk}.xml", "%00.pdf"):
        assert phone.get(f"{visit}{rest}").status_code in (400, 404)
    # A page of one purpose does nothing of another.
    assert phone.post(visit, {"name": "An", "agreed": "on"}).status_code == 404
    assert phone.get(f"{visit_of(bakery, 'profile')}{own.pk}.pdf").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_a_link_at_once_one_gets_in(bakery):
    link = client_links.make(bakery, "profile", by=SYSTEM)
    found = in_parallel(4, lambda _: Client().post(path_of(link)).status_code)
    assert sorted(found) == [302, 410, 410, 410]
    assert ClientLink.objects.get().state == "opened"


def test_over_tls_the_cookie_of_a_visit_is_for_tls_alone(bakery, settings):
    settings.SESSION_COOKIE_SECURE = True
    link = client_links.make(bakery, "profile", by=SYSTEM)
    cookie = Client().post(path_of(link)).cookies["client_visit"]
    assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax"
    assert cookie["path"] == "/client/"
