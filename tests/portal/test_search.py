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
    for text in ("be 0403.170.701", "BE0403170701", "0208:0403170701", "0403 170 701", "cafe leo"):
        assert "Café Léopold-Noord" in texts(browser.get(box, {"s": text}))
        assert "Café Léopold-Noord" in texts(desk.get(staff, {"s": text}))
        rows = browser.get(listed, {"q": text}).context["cl"].result_list
        assert [row.pk for row in rows] == [cafe.pk]


def test_a_registration_is_found_by_its_company_too(browser, cafe):
    page = reverse("portal:peppol_participant_changelist")
    for text in ("0403170701", "leopold", "cafe leopold"):
        rows = browser.get(page, {"q": text}).context["cl"].result_list
        assert [row.value for row in rows] == ["0403170701"]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("first 9915", True),  # its company's word, its own number
        ("9915 first", True),
        ("first 42", True),  # both are its company's
        ("first 42 9915", True),
        ("second 9915", False),
        ("first 43", False),
        ("43 42", False),
    ],
)
def test_words_of_a_registration_and_of_its_company_are_found_together(
    browser, acme, text, is_found
):
    for n, value in ((42, "9915001"), (43, "8815002")):
        name = f"{'First' if n == 42 else 'Second'} {n}"
        company = organizations.create_company(acme, {"name": name, "country": "BE"}, by=SYSTEM)
        Participant.objects.create(organization=company, scheme="9999", value=value)
    page = reverse("portal:peppol_participant_changelist")
    rows = browser.get(page, {"q": text}).context["cl"].result_list
    assert [row.value for row in rows] == (["9915001"] if is_found else [])


def test_nobody_finds_a_strangers_row(browser, rivals_company):
    Organization.objects.filter(pk=rivals_company.pk).update(name="Secret")
    search.rebuild(Organization)
    assert "Secret" not in texts(browser.get(reverse("portal:search"), {"s": "secret"}))


def test_what_is_called_the_same_is_told_apart_by_its_number(browser, acme):
    for number in ("BE0403170701", "BE0407919048"):
        profile = {"name": "Bakkerij Désiré", "country": "BE", "vat_number": number}
        organizations.create_company(acme, profile, by=SYSTEM)
    found = browser.get(reverse("portal:search"), {"s": "desire"})
    assert {one.number for one in found.context["results"]} == {"BE0403170701", "BE0407919048"}
    assert "BE0407919048" in texts(found)
