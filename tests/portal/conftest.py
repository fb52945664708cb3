"""The portal's cast: people of acme and of rival, and one row of each kind on either side."""

import os
import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apikeys.services import keys
from peppol.models import Participant, Transfer
from peppol.services.imports import imports, uploads
from peppol.services.mandates import mandates
from peppol.spreadsheets import Sheet
from tenants.encryption import encrypt
from tenants.models import Company, Event, Membership, Organization, Role, User
from tenants.services import client_links, entitlements, people
from tenants.ui.sites import portal
from tests.conftest import SYSTEM
from tests.portal import factories
from tests.portal.browsing import CHROMIUM, Tab
from tests.portal.factories import (
    make_address,
    make_document,
    make_identification,
    make_member,
    make_run,
    make_statement,
    make_usage,
)
from webhooks.models import Attempt, Delivery, Endpoint
from webhooks.services import endpoints

_PAGES = """
    tenants_company apikeys_apikey peppol_participant peppol_transfer peppol_loss
    webhooks_endpoint peppol_companyimport peppol_companyrun webhooks_delivery tenants_event
    tenants_membership tenants_invitation tenants_clientlink peppol_mandate peppol_document
    peppol_monthlyusage peppol_identification billing_statement billing_billingaddress
"""
PAGES = tuple(_PAGES.split())


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def olga(acme) -> User:
    """An owner of acme."""
    return make_member(acme, Role.OWNER, "olga@acme.example")


@pytest.fixture
def browser(olga) -> Client:
    """Olga's browser, signed in."""
    return signed_in(olga)


@pytest.fixture
def platform(acme, settings, tmp_path) -> Organization:
    """Acme, entitled to looks of its own."""
    settings.MEDIA_ROOT = tmp_path
    acme.white_label = True
    acme.save()
    return acme


@pytest.fixture
def desk(db) -> Client:
    """The browser of a member of the operator's staff."""
    return signed_in(User.objects.create_superuser("staff@operator.example", "x"))


@pytest.fixture(scope="module")
def chromium():
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    # Playwright runs an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def tab(chromium, live_server, olga):
    """Olga's tab, in which nothing may go wrong."""
    tab = Tab(chromium, live_server.url)
    tab.become(signed_in(olga))
    tab.page.goto("/portal/")
    yield tab
    tab.context.close()
    assert tab.troubles == []


@pytest.fixture
def job(tab, record_property):
    """`with job("…"):` does a job from the overview on, and counts what it takes."""

    @contextmanager
    def counted(name: str, clicks: int = 3, of: Tab = tab):
        of.page.goto("/")
        of.clicks = of.keys = 0
        yield of.page
        record_property("job", (name, of.clicks, of.keys))
        assert of.clicks <= clicks, f"{name} takes {of.clicks} clicks"

    return counted


@pytest.fixture
def costs(db, django_assert_max_num_queries):
    """`costs(client, url)`: how many queries a page takes, whichever test ran before."""
    # Django asks for these once in the life of a process.
    ContentType.objects.get_for_models(*apps.get_models())

    def costs(client: Client, url: str) -> int:
        with django_assert_max_num_queries(65) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    return costs


@dataclass
class Rows:
    """One row of every kind that a company and its platform have, marked with a word of its own."""

    word: str
    rows: dict[str, Any]

    def __getitem__(self, page: str) -> Any:
        return self.rows[page]


def make_rows(platform: Organization, company: Organization, word: str) -> Rows:
    """`word` stands in every row's visible text, so that a page gives itself away."""
    entitlements.give(platform, {"identifies_companies": True}, by=SYSTEM)
    key, _secret = keys.issue(company, name=f"Key {word}", by=SYSTEM)
    participant = Participant.objects.create(
        organization=company, scheme="9915", value=f"{word}1", state="failed", last_error=word
    )
    url = f"https://{word}.example/hook"
    endpoint, _ = endpoints.create(company, url=url, event_types=["*"], description=word, by=SYSTEM)
    event = Event.objects.create(
        type="company.updated",
        organization=company,
        platform=platform,
        environment="live",
        actor_kind="user",
        actor_label=f"{word}@people.example",
        reason=word,
    )
    delivery = Delivery.objects.create(
        organization=company, endpoint=endpoint, event=event, state="exhausted", given_up_at=ago()
    )
    Attempt.objects.create(
        organization=company,
        delivery=delivery,
        number=1,
        duration_ms=1,
        status_code=500,
        started_at=event.occurred_at,
        response_body=word,
    )
    transfer = Transfer.objects.create(
        organization=company,
        participant=participant,
        direction="outbound",
        state="ready",
        key=encrypt(f"Key-of-{word}"),
        last_error=word,
    )
    lines = Sheet(["Name", "Country"], [[f"Line {word}", "BE"], [word, "nowhere"]], [2, 3])
    batch = uploads.receive(platform, f"{word}.csv", lines, by=SYSTEM)
    wanted = {"register": True, "with_keys": True, "without_numbers": True, "by": SYSTEM}
    imports.check(batch, batch.mapping, **wanted)
    member = make_member(platform, Role.VIEWER, f"{word}@members.example")
    invitation = people.invite(platform, email=f"{word}@guests.example", role="viewer", by=SYSTEM)
    return Rows(
        word,
        {
            "tenants_company": Company.objects.get(pk=company.pk),
            "apikeys_apikey": key,
            "peppol_participant": participant,
            "peppol_transfer": transfer,
            "peppol_loss": factories.make_loss(participant, word),
            "webhooks_endpoint": endpoint,
            "peppol_companyimport": batch,
            "peppol_companyrun": make_run(company, word),
            "webhooks_delivery": delivery,
            "tenants_event": event,
            "tenants_membership": Membership.objects.get(user=member),
            "tenants_invitation": invitation,
            "peppol_mandate": mandates.draw_up(company, by=SYSTEM),
            "tenants_clientlink": client_links.make(company, "profile", by=SYSTEM),
            "billing_statement": make_statement(platform, word),
            "billing_billingaddress": make_address(company, word),
            "peppol_monthlyusage": make_usage(company),
            "peppol_document": make_document(company, number=word, last_error=word),
            "peppol_identification": make_identification(company, word),
        },
    )


@pytest.fixture
def quiet(bakery) -> Organization:
    """Nothing is wrong: what happened was fanned out."""
    Event.objects.update(distributed_at=timezone.now())
    return bakery


def ago(**span: float) -> datetime:
    return timezone.now() - timedelta(**span)


def make_failing_endpoint(company: Organization, **facts: Any) -> None:
    """Have one webhook fail for hours, and nothing else be wrong."""
    make_rows(company.parent, company, "word")
    Participant.objects.update(state="active")
    Delivery.objects.all().delete()
    Endpoint.objects.update(first_failure_at=ago(hours=3), consecutive_failures=4, **facts)
    Event.objects.update(distributed_at=timezone.now())


@pytest.fixture
def ours(acme, bakery) -> Rows:
    bakery.name = "Bakery Oursword"
    bakery.save()
    return make_rows(acme, bakery, "oursword")


@pytest.fixture
def theirs(rival, rivals_company) -> Rows:
    rivals_company.name = "Company Theirsword"
    rivals_company.save()
    return make_rows(rival, rivals_company, "theirsword")


def at(page: str, what: str = "changelist", row: Model | None = None) -> str:
    """The address of a page of the portal."""
    return reverse(f"portal:{page}_{what}", args=[row.pk] if row else [])


def operations(page: str) -> dict[str, Any]:
    """The operations on rows of a page: address part by method name."""
    pages = {f"{m._meta.app_label}_{m._meta.model_name}": a for m, a in portal._registry.items()}
    admin = pages[page]
    names = admin._extract_action_names(admin.actions_detail)
    return {name: getattr(admin, name) for name in names}


def operation_at(page: str, name: str, row: Model) -> str:
    return reverse(f"portal:{page}_{name}", args=[row.pk])


# What a form of an operation needs before it does anything.
ANSWERS = {"name": "0", "reason": "because", "hours": "24", "role": "admin", "card_name": "New"}


def texts(response: Any) -> str:
    return response.content.decode()


def masked(response: Any, *words: str) -> str:
    """A page without what differs from one request to the next, and without `words`."""
    page = re.sub(r'((csrfmiddlewaretoken" value|nonce)=")[^"]+', r"\1", texts(response))
    for word in words:
        page = page.replace(word, "")
    return page


def walk(client: Client, **answers: str) -> Any:
    """Onboard a company with these answers, step by step; the first page that is no step."""
    page = client.post(at("tenants_company", "add"), answers)
    while page.status_code == 302 and "/company/add/" in page.url:
        page = client.post(page.url, answers)
    return page
