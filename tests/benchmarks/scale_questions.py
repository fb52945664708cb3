"""What is asked of a grown platform: each page of both sites, each list of each API, searches."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client

from tests.benchmarks.scale_world import PASSWORD, World

Ask = Callable[[], Any]
# What the pages of both sites are asked for beside their first page.
_PORTAL = (
    ("overview", ""),
    ("companies", "tenants/company/"),
    ("companies page 100", "tenants/company/?p=100"),
    ("companies suspended", "tenants/company/?status=suspended"),
    ("companies in trouble", "tenants/company/?network=trouble"),
    ("companies that need somebody", "tenants/company/?stage=needs_you"),
    ("companies that are live", "tenants/company/?stage=live"),
    ("companies by name", "tenants/company/?o=1"),
    ("company", "tenants/company/{company}/change/"),
    ("company documents tab", "tenants/company/{company}/tab/documents/"),
    ("company usage tab", "tenants/company/{company}/tab/usage/"),
    ("company history", "tenants/company/{company}/history/"),
    ("registrations", "peppol/participant/"),
    ("registrations failed", "peppol/participant/?state=failed"),
    ("transfers", "peppol/transfer/"),
    ("documents", "peppol/document/"),
    ("documents page 1000", "peppol/document/?p=1000"),
    ("documents failed", "peppol/document/?state=failed"),
    ("documents of a company", "peppol/document/?organization={company}"),
    ("keys", "apikeys/apikey/"),
    ("webhooks", "webhooks/endpoint/"),
    ("webhooks in trouble", "webhooks/endpoint/?attention=yes"),
    ("deliveries", "webhooks/delivery/"),
    ("deliveries given up", "webhooks/delivery/?state=exhausted"),
    ("usage", "peppol/monthlyusage/"),
    ("plan", "billing/plan/"),
    ("statements", "billing/statement/"),
    ("billing addresses", "billing/billingaddress/"),
    ("team", "tenants/membership/"),
    ("invitations", "tenants/invitation/"),
    ("audit trail", "tenants/event/"),
    ("audit trail of a type", "tenants/event/?type=company.updated"),
    ("settings", "tenants/organization/{platform}/change/"),
    ("imports", "peppol/companyimport/"),
)
_ADMIN = (
    ("overview", ""),
    ("organizations", "tenants/organization/"),
    ("organizations of a platform", "tenants/organization/?parent={platform}"),
    ("organization", "tenants/organization/{platform}/change/"),
    ("company", "tenants/organization/{company}/change/"),
    ("users", "tenants/user/"),
    ("keys", "apikeys/apikey/"),
    ("registrations", "peppol/participant/"),
    ("documents", "peppol/document/"),
    ("documents failed", "peppol/document/?state=failed"),
    ("audit trail", "tenants/event/"),
    ("webhooks", "webhooks/endpoint/"),
    ("deliveries", "webhooks/delivery/"),
    ("deliveries given up", "webhooks/delivery/?state=exhausted"),
    ("system status", "system-status/"),
    ("usage", "peppol/monthlyusage/"),
    ("subscriptions", "billing/subscription/"),
)
_SEARCHES = (
    ("name", "search/?s=garage%20{middle}"),
    ("number", "search/?s=BE0{number}"),
    ("number with dots", "search/?s=0400.{dots}"),
    ("document number", "search/?s=INV-{middle}-3"),
    ("word that many have", "search/?s=bakery"),
)
_LISTED = (
    ("companies by name", "tenants/company/?q=gent"),
    ("companies by number", "tenants/company/?q=0{number}"),
    ("documents by number", "peppol/document/?q=INV-{middle}-3"),
    ("registrations by number", "peppol/participant/?q=0{number}"),
    ("autocomplete", "autocomplete/?app_label=peppol&model_name=document"
     "&field_name=organization&term=gar"),
)  # fmt: skip


def _browser() -> Client:
    return Client(headers={"host": urlsplit(settings.BASE_URL).netloc})


def questions(world: World) -> Iterator[tuple[str, Ask]]:
    """Every question by its name."""
    number = 400_000_000 + world.companies // 2
    words = {
        "company": world.company.pk,
        "platform": world.platform.pk,
        "middle": world.companies // 2,
        "number": number,
        "dots": f"{number % 1_000_000:06}"[:3] + "." + f"{number % 1000:03}",
    }
    for site, user, pages in (
        ("portal", world.owner, (*_PORTAL, *_SEARCHES, *_LISTED)),
        ("admin", world.staff, (*_ADMIN, *_SEARCHES)),
    ):
        browser = _browser()
        browser.force_login(user)
        for name, address in pages:
            url = f"/{site}/{address.format(**words)}"
            label = f"{site}: {'search ' if '?s=' in url else ''}{name}"
            yield label, lambda browser=browser, url=url: browser.get(url)
    yield from _of_apis(world, words)


def _of_apis(world: World, words: dict[str, Any]) -> Iterator[tuple[str, Ask]]:
    token = _browser().post(
        "/api/v0/auth",
        {"email": world.owner.email, "password": PASSWORD},
        content_type="application/json",
    )
    bearers = {
        "platform": {"Authorization": f"Bearer {world.secret}"},
        "company": {"Authorization": f"Bearer {world.company_secret}"},
        "goroute": {"X-API-Key": world.secret},
        "fiskaly": {"Authorization": f"Bearer {token.json().get('access_token')}"},
    }
    for name, who, url in (
        ("e-invoice.be tenants", "platform", "/api/admin/tenants"),
        ("e-invoice.be tenants, deep", "platform", "/api/admin/tenants?skip={middle}&limit=50"),
        ("e-invoice.be outbox", "company", "/api/outbox"),
        ("e-invoice.be stats", "company", "/api/stats"),
        ("fiskaly organizations", "fiskaly", "/api/v0/organizations?limit=100"),
        ("fiskaly organizations, deep", "fiskaly", "/api/v0/organizations?offset={middle}"),
        ("GoRoute organizations", "goroute", "/api/v1/organizations"),
        ("GoRoute participants", "goroute", "/api/v1/participants"),
        ("Flowie companies", "platform", "/v1/platform/companies"),
        ("Flowie companies by name", "platform", "/v1/platform/companies?name=garage"),
        ("Flowie documents", "company", "/v1/documents"),
        ("Flowie usage", "platform", "/v1/platform/usage"),
        ("Flowie stats", "company", "/v1/stats"),
    ):
        headers, address = bearers[who], url.format(**words)
        client = _browser()
        yield f"API: {name}", lambda c=client, a=address, h=headers: c.get(a, headers=h)
