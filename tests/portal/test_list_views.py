"""The list of companies as each person likes it: tabs with counts, columns, saved views."""

import re

import pytest
from django.urls import reverse

from peppol.models import Participant
from tenants.models import ListView, Role
from tenants.services import organizations
from tests.conftest import SYSTEM
from tests.portal.conftest import make_member, signed_in

LIST = reverse("portal:tenants_company_changelist")


@pytest.fixture
def companies(acme):
    """One that is live, one that failed, one without a number, and one that is suspended."""
    found = {}
    for name, number in (("Live", "0403170701"), ("Stuck", "0407919048"), ("Numberless", "")):
        profile = {"name": name, "company_number": number}
        found[name] = organizations.create_company(acme, profile, by=SYSTEM)
    for name, state in (("Live", "active"), ("Stuck", "failed")):
        row = found[name]
        Participant(organization=row, scheme="0208", value=row.company_number, state=state).save()
    stopped = organizations.create_company(acme, {"name": "Stopped"}, by=SYSTEM)
    organizations.suspend(stopped, reason="Unpaid", by=SYSTEM)
    return found


def names(page):
    body = re.search(r"<tbody>.*</tbody>", page, re.DOTALL)
    return {name for name in ("Live", "Stuck", "Numberless", "Stopped") if body and name in body[0]}


def test_each_tab_says_how_many_stand_there_and_lists_them(browser, companies):
    page = browser.get(LIST).content.decode()
    tabs = re.search(r"gh-list-tabs.*?</nav>", page, re.DOTALL)[0]
    said = re.findall(r">\s*([A-Z][\w ]+?)\s*<span class=\"gh-tab-count\">(\d+)<", tabs)
    assert dict(said) == {
        "All": "4",
        "Needs you": "1",
        "Needs the client": "1",
        "Waiting for the network": "0",
        "Live": "1",
        "Suspended": "1",
    }
    for stage, expected in (
        ("needs_you", {"Stuck"}),
        ("needs_client", {"Numberless"}),
        ("live", {"Live"}),
        ("suspended", {"Stopped"}),
        ("waiting", set()),
    ):
        assert names(browser.get(LIST, {"stage": stage}).content.decode()) == expected, stage


def test_columns_and_views_are_one_persons_own(acme, browser, companies):
    answer = browser.post(
        reverse("portal:tenants_company_set_columns"), {"columns": ["place", "this_month"]}
    )
    assert answer.status_code == 302
    page = browser.get(LIST).content.decode()
    assert "field-place" in page and "field-this_month" in page and "field-numbers" not in page
    keep = reverse("portal:tenants_company_keep_view")
    answer = browser.post(f"{keep}?of=stage%3Dneeds_you", {"name": "My worries"})
    assert answer["Location"] == f"{LIST}?stage=needs_you"
    assert "My worries" in browser.get(LIST).content.decode()
    other = signed_in(make_member(acme, Role.ADMIN))
    page = other.get(LIST).content.decode()
    assert "My worries" not in page and "field-numbers" in page
    mine = ListView.objects.get(name="My worries")
    stranger = other.post(reverse("portal:tenants_company_forget_view"), {"view": str(mine.pk)})
    assert stranger.status_code == 200 and ListView.objects.filter(pk=mine.pk).exists()
    browser.post(reverse("portal:tenants_company_forget_view"), {"view": str(mine.pk)})
    assert not ListView.objects.filter(pk=mine.pk).exists()


def test_whatever_an_address_says_is_kept_as_a_narrowing_of_this_list(browser, companies):
    """No database takes a zero byte, and nobody is led elsewhere."""
    keep = reverse("portal:tenants_company_keep_view")
    for of in ("q%3D%00", "%00", "%0d%0aX: 1", "//elsewhere.example", "q=%F0%9F%98%80" * 200):
        answer = browser.post(f"{keep}?of={of}", {"name": "Odd"})
        assert answer["Location"].startswith(f"{LIST}?")
        assert "\x00" not in ListView.objects.get(name="Odd").query
    assert browser.get(LIST).status_code == 200
