"""Links of accounts, which never come from the request, and what a custom domain is good for."""

import re

import pytest
from django.core import mail as outbox
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.api import registry
from tenants.models import Role, User
from tenants.services import mails, people
from tests.conftest import SYSTEM
from tests.portal.browsing import PASSWORD
from tests.portal.conftest import make_member, masked, signed_in, texts

HOST, HOME = "books.acme.example", "https://books.acme.example"
RESET = "/accounts/password/reset/"
LOGIN = "/accounts/login/"


@pytest.fixture
def staff(db) -> User:
    return User.objects.create_superuser("staff@operator.example", PASSWORD)


@pytest.fixture
def people_of(branded, bakery, rival, staff):
    """Somebody of each kind, under what they are to Acme."""
    both = make_member(bakery, Role.OWNER, "both@bakery.example")
    people.join(rival, both, role=Role.VIEWER, by=SYSTEM)
    return {
        "its own": make_member(branded, Role.OWNER),
        "its company's": make_member(bakery, Role.OWNER),
        "a rival's": make_member(rival, Role.OWNER),
        "of two platforms": both,
        "nobody's": User.objects.create_user("nobody@else.example", PASSWORD),
        "the operator's": staff,
    }


def link_in_the_mail() -> str:
    return re.search(r"^https?://\S+$", outbox.outbox[-1].body, re.M)[0]


def reset(user: User, host: str) -> str:
    assert Client().post(RESET, {"email": user.email}, headers={"host": host}).status_code == 302
    return link_in_the_mail()


@pytest.mark.parametrize(
    "who, at_home",
    [
        ("its own", True),
        ("its company's", True),
        ("a rival's", False),
        ("of two platforms", False),
        ("nobody's", False),
        ("the operator's", False),
    ],
)
@pytest.mark.parametrize("host", ["testserver", "localhost"])
def test_a_reset_leads_to_the_persons_own_address_of_us(people_of, settings, who, at_home, host):
    link = reset(people_of[who], host)
    assert link.startswith(f"{HOME if at_home else settings.BASE_URL}{RESET}key/")


@pytest.mark.parametrize("who", ["a rival's", "nobody's", "the operator's"])
def test_a_custom_domain_resets_nobody_elses_password(people_of, settings, who):
    """One who asked there for the operator's password got a link of theirs to the own host."""
    link = reset(people_of[who], HOST)
    assert link == f"{settings.BASE_URL}/accounts/signup/"
    assert "No account" in outbox.outbox[-1].subject


def test_headless_calls_mail_the_same_links(branded, bakery, settings):
    """For programs, which may send any host name of ours."""
    person = make_member(bakery, Role.OWNER)
    Client().post(
        "/_allauth/app/v1/auth/password/request",
        {"email": person.email},
        content_type="application/json",
        headers={"host": "localhost"},
    )
    assert link_in_the_mail().startswith(f"{HOME}{RESET}key/")


def test_a_confirmation_leads_home_too(branded, bakery):
    person = make_member(bakery, Role.OWNER)
    signed_in(person).post(
        "/accounts/email/",
        {"email": person.email, "action_send": ""},
        headers={"host": "localhost"},
    )
    assert link_in_the_mail().startswith(f"{HOME}/accounts/confirm-email/")


def test_a_suspended_platforms_domain_is_no_address(branded, bakery, settings):
    """It answers nobody, so that a link there is lost."""
    person = make_member(bakery, Role.OWNER)
    branded.status = "suspended"
    branded.save()
    assert reset(person, "testserver").startswith(settings.BASE_URL)


def test_who_has_an_account_elsewhere_is_invited_at_our_address(branded, rival, settings):
    """At the platform's domain they could not sign in."""
    make_member(rival, Role.OWNER, "ines@rival.example")
    people.invite(branded, email="Ines@rival.example", role=Role.VIEWER, by=SYSTEM)
    mails.drain()
    assert f"{settings.BASE_URL}/invitations/" in outbox.outbox[0].body


def sign_in(user: User) -> Client:
    client = Client(headers={"host": HOST})
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    return client


@pytest.mark.parametrize(
    "who, opens",
    [
        ("its own", True),
        ("its company's", True),
        ("of two platforms", True),
        ("a rival's", False),
        ("nobody's", False),
        ("the operator's", False),
    ],
)
def test_a_custom_domain_signs_its_own_people_in_only(people_of, who, opens):
    client = sign_in(people_of[who])
    assert client.get("/portal/").status_code == (200 if opens else 302)
    assert ("_auth_user_id" in client.session) is opens
    # Nor does a session from elsewhere open anything there.
    brought = signed_in(people_of[who])
    assert brought.get("/portal/", headers={"host": HOST}).status_code == (200 if opens else 302)


def test_at_a_custom_domain_one_acts_for_its_organizations_only(people_of, bakery, rival):
    page = sign_in(people_of["of two platforms"]).get("/portal/")
    assert page.context["organization"] == bakery and "Rival" not in texts(page)
    switch = signed_in(people_of["of two platforms"])
    answer = switch.post("/portal/switch/", {"organization": rival.pk}, headers={"host": HOST})
    assert answer.status_code == 403


def test_an_invitation_of_another_platform_is_unknown_there(branded, bakery, rival):
    for organization, status in ((bakery, 200), (rival, 404)):
        made = people.invite(organization, email="i@i.example", role=Role.VIEWER, by=SYSTEM)
        link = reverse("invitation", args=[people.token_of(made)])
        assert Client().get(link, headers={"host": HOST}).status_code == status


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/login/",
        "/admin",
        "/identity/o/api/token",
        "/.well-known/openid-configuration",
        "/_allauth/app/v1/auth/login",
        "/_allauth/app/v1/auth/signup",
        "/internal/peppol/inbound",
        "/internal/tls/ask?domain=books.acme.example",
        "/health/readiness",
        "/sandbox/smp/",
        "/api/docs/",
        *(f"/{prefix}/" for vendor in registry.VENDORS for prefix in vendor.prefixes),
    ],
)
def test_everything_else_is_not_there_at_a_custom_domain(branded, staff, path):
    assert signed_in(staff).get(path, headers={"host": HOST}).status_code == 404


def test_nobody_signs_up_at_a_custom_domain(branded):
    form = {"email": "new@else.example", "password1": PASSWORD}
    Client().post("/accounts/signup/", form, headers={"host": HOST})
    assert not User.objects.filter(email="new@else.example").exists()


# --- The sign-in of a custom domain is no oracle -------------------------------------------------
@pytest.fixture
def guessing():
    """Whoever guesses is locked out for a while, and the next test is not."""
    cache.clear()
    yield
    cache.clear()


def try_at(host, email, password):
    form = {"login": email, "password": password}
    return Client().post(LOGIN, form, headers={"host": host})


def test_who_does_not_belong_there_learns_nothing_of_a_password(people_of, guessing):
    """A right one was answered as a wrong one, but was not counted as a failure."""
    outsider, other = people_of["a rival's"].email, people_of["nobody's"].email
    right, wrong = try_at(HOST, outsider, PASSWORD), try_at(HOST, other, "wrong")
    assert masked(right, outsider) == masked(wrong, other)
    answers = [try_at(HOST, outsider, PASSWORD) for _ in range(12)]
    assert "Too many" in texts(answers[-1])


def test_what_a_right_password_costs_a_wrong_one_costs_too(people_of, guessing):
    """The same questions to the database; of passwords one is hashed for each."""
    email, costs = people_of["a rival's"].email, []
    for password in ("first", PASSWORD, "wrong"):
        with CaptureQueriesContext(connection) as captured:
            assert try_at(HOST, email, password).status_code == 200
        asked = [query["sql"].split("WHERE")[0] for query in captured]
        costs.append([re.sub(r"_django_curs_\w+", "", sql) for sql in asked])
    assert costs[1] == costs[2]
    assert try_at(HOST, people_of["its own"].email, PASSWORD).status_code == 302
