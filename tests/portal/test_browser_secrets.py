"""Forms on pages whose address or text is secret, in a browser: it says where a form is from."""

import re

import pytest
from django.urls import reverse

from tenants.models import Membership, Role
from tenants.services import people
from tests.conftest import SYSTEM
from tests.portal.browsing import MARKS, PASSWORD, Tab
from tests.portal.conftest import make_member, signed_in

pytestmark = MARKS


@pytest.fixture
def link(acme) -> str:
    invited = people.invite(acme, email="ines@acme.example", role=Role.DEVELOPER, by=SYSTEM)
    return reverse("invitation", args=[people.token_of(invited)])


@pytest.fixture
def strangers_tab(chromium, live_server):
    """A tab of somebody who is not signed in, in which nothing may go wrong."""
    tab = Tab(chromium, live_server.url)
    yield tab
    tab.context.close()
    assert tab.troubles == []


def test_a_newcomer_accepts_an_invitation(strangers_tab, link):
    page = strangers_tab.page
    page.goto(link)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Accept the invitation").click()
    page.wait_for_url(re.compile("/portal/$"))
    assert Membership.objects.get().user.email == "ines@acme.example"


def test_somebody_with_an_account_accepts_an_invitation(strangers_tab, rival, link):
    strangers_tab.become(signed_in(make_member(rival, Role.VIEWER, "ines@acme.example")))
    page = strangers_tab.page
    page.goto(link)
    page.get_by_role("button", name="Accept the invitation").click()
    page.wait_for_url(re.compile("/portal/$"))
    assert Membership.objects.filter(user__email="ines@acme.example").count() == 2


def test_the_language_of_an_invitation_is_chosen(strangers_tab, link):
    page = strangers_tab.page
    page.goto(link)
    page.get_by_role("button", name="Deutsch").click()
    page.wait_for_selector("html[lang=de]")
    assert page.url.endswith(link)


def test_who_is_somebody_else_signs_out_and_accepts(tab, link):
    page = tab.page
    page.goto(link)
    page.get_by_role("button", name="Sign out and go on").click()
    page.get_by_role("button", name="Accept the invitation").wait_for()


def test_one_signs_out_from_the_page_that_shows_a_secret(tab):
    page = tab.page
    page.goto("/portal/apikeys/apikey/add/")
    page.get_by_label("Name", exact=False).first.fill("Till")
    page.get_by_role("button", name="Issue").click()
    page.locator("#secret-1").wait_for()
    page.locator("[aria-haspopup=true]", has_text="olga@acme.example").click()
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("button", name="Sign In").wait_for()
