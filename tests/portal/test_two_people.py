"""Two people at the same form: nobody's change is wiped, and both are shown where they collide."""

import re

import pytest
from django.urls import reverse

from billing.models import Plan
from tenants.models import Company, Organization, Role
from tenants.services import organizations
from tests.conftest import SYSTEM
from tests.portal.answers import errors_on
from tests.portal.conftest import at, make_member, signed_in, texts

pytestmark = pytest.mark.django_db


def opened(client, url: str) -> dict[str, str]:
    """The fields of the form of a page, as a browser would send them back."""
    page = client.get(url)
    form = page.context["adminform"].form if page.context.get("adminform") else page.context["form"]
    values = {bound.html_name: bound.value() for bound in form}
    shown = {name: value for name, value in values.items() if value is not None}
    # A box that is not ticked sends nothing.
    return {n: v for n, v in shown.items() if v is not False} | hidden_in(page)


def hidden_in(page) -> dict[str, str]:
    pattern = r'<input type="hidden" name="(seen|once)" value="([^"]*)">'
    return dict(re.findall(pattern, texts(page)))


@pytest.fixture
def other(acme):
    return signed_in(make_member(acme, Role.ADMIN, "ada@acme.example"))


def changed_by_somebody(row: Organization, **fields) -> None:
    organizations.update(Organization.objects.get(pk=row.pk), fields, by=SYSTEM)


@pytest.mark.parametrize("site", ["portal", "admin"])
def test_changes_of_different_fields_both_survive(browser, desk, bakery, site):
    page = {"portal": "portal:tenants_company_change", "admin": "admin:tenants_organization_change"}
    who, url = {"portal": browser, "admin": desk}[site], reverse(page[site], args=[bakery.pk])
    form = opened(who, url)
    changed_by_somebody(bakery, city="Gent", legal_name="Bakery BV")
    assert who.post(url, {**form, "postal_code": "9000"}).status_code == 302
    bakery.refresh_from_db()
    assert (bakery.postal_code, bakery.city, bakery.legal_name) == ("9000", "Gent", "Bakery BV")


@pytest.mark.parametrize("site", ["portal", "admin"])
def test_changes_of_the_same_field_are_both_shown_and_asked_about(browser, desk, bakery, site):
    page = {"portal": "portal:tenants_company_change", "admin": "admin:tenants_organization_change"}
    who, url = {"portal": browser, "admin": desk}[site], reverse(page[site], args=[bakery.pk])
    form = opened(who, url)
    changed_by_somebody(bakery, city="Gent")
    asked = who.post(url, {**form, "city": "Brugge"})
    assert asked.status_code == 200
    assert "to “Gent” meanwhile" in errors_on(asked) and "make it “Brugge”" in errors_on(asked)
    bakery.refresh_from_db()
    assert bakery.city == "Gent", "nothing is written before the person has decided"
    decided = who.post(url, {**form, "city": "Brugge", **hidden_in(asked)})
    bakery.refresh_from_db()
    assert (decided.status_code, bakery.city) == (302, "Brugge")


def test_a_decision_about_one_field_wipes_no_other(browser, bakery):
    """What changed while the question was asked is asked about too."""
    url = at("tenants_company", "change", bakery)
    form = opened(browser, url)
    changed_by_somebody(bakery, city="Gent")
    asked = browser.post(url, {**form, "city": "Brugge"})
    changed_by_somebody(bakery, phone="+32 9 1", city="Aalst")
    again = browser.post(url, {**form, "city": "Brugge", **hidden_in(asked)})
    assert "to “Aalst” meanwhile" in errors_on(again)
    browser.post(url, {**form, "city": "Brugge", **hidden_in(again)})
    bakery.refresh_from_db()
    assert (bakery.city, bakery.phone) == ("Brugge", "+32 9 1")


def test_a_mistake_in_another_field_forgets_nothing_of_what_was_seen(browser, bakery):
    url = at("tenants_company", "change", bakery)
    form = opened(browser, url)
    changed_by_somebody(bakery, city="Gent")
    wrong = browser.post(url, {**form, "email": "nobody"})
    assert wrong.status_code == 200
    browser.post(url, {**form, "email": "a@b.example", **hidden_in(wrong)})
    bakery.refresh_from_db()
    assert (bakery.city, bakery.email) == ("Gent", "a@b.example")


def test_two_who_enter_the_same_do_not_collide(browser, bakery):
    url = at("tenants_company", "change", bakery)
    form = opened(browser, url)
    changed_by_somebody(bakery, city="Gent")
    assert browser.post(url, {**form, "city": "Gent"}).status_code == 302


def test_a_plan_keeps_what_another_of_the_staff_has_changed(desk):
    plan = Plan.objects.create(code="p", name="Plan", monthly_fee=10, overage_price="0.1")
    url = reverse("admin:billing_plan_change", args=[plan.pk])
    form = opened(desk, url)
    Plan.objects.filter(pk=plan.pk).update(monthly_fee=20)
    assert desk.post(url, {**form, "name": "Plan B"}).status_code == 302
    plan.refresh_from_db()
    assert (plan.name, plan.monthly_fee) == ("Plan B", 20)


def test_what_staff_entitle_an_organization_to_is_not_taken_back_by_an_old_form(desk, acme):
    url = reverse("admin:tenants_organization_entitle", args=[acme.pk])
    form = opened(desk, url)
    Organization.objects.filter(pk=acme.pk).update(company_limit=7)
    desk.post(url, {**form, "requests_per_minute": "250", "reason": "asked for it"})
    acme.refresh_from_db()
    assert (acme.company_limit, acme.requests_per_minute) == (7, 250)


def test_every_form_that_changes_a_row_says_what_it_showed(browser, desk, ours):
    """One mixin for all of them, on both sites."""
    company = Company.objects.get(pk=ours["tenants_company"].pk)
    urls = [at(page, "change", ours[page]) for page in ("apikeys_apikey", "webhooks_endpoint")]
    urls += [at("tenants_company", "change", company)]
    urls += [at("tenants_organization", "change", company.parent)]
    urls += [at("billing_billingaddress", "change", ours["billing_billingaddress"])]
    for url in urls:
        assert hidden_in(browser.get(url)).get("seen"), url
    for page in ("branding", "domain"):
        assert browser.get(reverse("portal:setting", args=[page])).status_code == 200
