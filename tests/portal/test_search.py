"""The search boxes of both sites, and of their lists, find in every spelling."""

import pytest
from django.urls import reverse

from peppol.models import Participant
from tenants import search
from tenants.models import Organization
from tenants.services import organizations
from tests.conftest import SYSTEM
from tests.portal.conftest import texts


@pytest.fixture
def cafe(acme):
    profile = {"name": "Café Léopold-Noord", "country": "BE", "vat_number": "BE0403170701"}
    company = organizations.create_company(acme, profile, by=SYSTEM)
    Participant.objects.create(organization=company, scheme="0208", value="0403170701")
    return company


def test_both_sites_and_their_lists_find_alike(browser, desk, cafe):
    box = reverse("portal:search")
    listed = reverse("portal:tenants_company_changelist")
    staff = reverse("admin:search")
    for text in ("be 0403.170.701", "cafe leo"):
        assert "Café Léopold-Noord" in texts(browser.get(box, {"s": text}))
        assert "Café Léopold-Noord" in texts(desk.get(staff, {"s": text}))
        rows = browser.get(listed, {"q": text}).context["cl"].result_list
        assert [row.pk for row in rows] == [cafe.pk]


def test_a_registration_is_found_by_its_company_too(browser, cafe):
    page = reverse("portal:peppol_participant_changelist")
    for text in ("0403170701", "leopold"):
        rows = browser.get(page, {"q": text}).context["cl"].result_list
        assert [row.value for row in rows] == ["0403170701"]


def test_nobody_finds_a_strangers_row(browser, rivals_company):
    Organization.objects.filter(pk=rivals_company.pk).update(name="Secret")
    search.rebuild(Organization)
    assert "Secret" not in texts(browser.get(reverse("portal:search"), {"s": "secret"}))
