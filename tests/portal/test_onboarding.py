"""Onboarding in the portal: what the register knows need not be typed."""

import pytest
from django.urls import reverse

from peppol.models import RegisteredCompany
from tenants.models import Organization

ANSWERS = {"country": "BE", "company_number": "0403.170.701"}


@pytest.fixture
def page():
    return reverse("portal:tenants_company_add")


def test_a_number_is_enough_for_a_belgian_company(browser, acme, page):
    RegisteredCompany.objects.create(
        number="0403170701", status="AC", names={"nl": "Bakkerij Peeters"}, street="Korenmarkt 5",
        postal_code="9000", city="Gent", extract=1,
    )  # fmt: skip
    assert browser.post(page, {**ANSWERS, "city": "Gent-Centrum"}).status_code == 302
    company = Organization.objects.under(acme).get()
    assert (company.name, company.address_line1) == ("Bakkerij Peeters", "Korenmarkt 5")
    assert company.city == "Gent-Centrum"


def test_what_the_register_does_not_know_is_said_at_the_number(browser, acme, page, settings):
    settings.PEPPOL_NETWORK = "production"
    answer = browser.post(page, ANSWERS)
    assert answer.status_code == 200 and "not found" in answer.content.decode()
    assert not Organization.objects.under(acme).exists()


@pytest.mark.parametrize("answers", [{"country": "BE"}, {"country": "SA", "company_number": "1"}])
def test_without_a_register_to_ask_a_name_is_needed(browser, acme, page, answers):
    answer = browser.post(page, answers)
    assert answer.status_code == 200 and "This field is required." in answer.content.decode()
    assert not Organization.objects.under(acme).exists()
