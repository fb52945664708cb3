"""Every page that people look at, found in the URL configuration, in a world that has them all."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, get_resolver

from billing.models import Plan, QuotaNotice, StatementRun
from peppol.models import (
    AccessPoint,
    BulkOperation,
    BulkResult,
    Circuit,
    ComplianceReport,
    Document,
    DocumentDraft,
    Evidence,
    Finding,
    NetworkReport,
    Participant,
    RegisteredCompany,
    RegisterImport,
    WatchRound,
)
from peppol.sandbox.models import Fault, Group, SmlEntry, Transmission
from tenants.models import Alert, Company, CustomDomain, Organization, Seal, User
from tenants.services import branding, client_links, impersonation
from tenants.ui import settings_page
from tests import demo_world
from tests.conftest import SYSTEM
from tests.portal.browsing import PASSWORD
from tests.portal.conftest import at, make_rows, signed_in
from tests.screenshots import FATES, NAMES

_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
_ROW = re.compile(r"(portal|admin)/(\w+)/(\w+)/.*<path:object_id>")


class PageIndex:
    """A world of samples, its people's browsers, and the pages that each of them may open."""

    def __init__(self) -> None:
        ids = demo_world.world(NAMES, FATES, PASSWORD)
        self.platform = Organization.objects.get(pk=ids["platform"])
        Organization.objects.filter(pk=self.platform.pk).update(white_label=True)
        company = Company.objects.get(pk=ids["company"])
        self.rows = {
            **make_rows(self.platform, company, "sample").rows,
            "tenants_organization": self.platform,
            "billing_plan": Plan.objects.order_by("-monthly_fee")[0],
            "peppol_documentdraft": DocumentDraft.objects.create(
                organization=company, kind="invoice", content=b"<Invoice/>"
            ),
        }
        olga = User.objects.get(email="olga@acme.example")
        told = {"event": self.rows["tenants_event"], "kind": "document"}
        self.rows["tenants_alert"] = Alert.objects.create(
            organization=self.platform, user=olga, **told
        )
        self.people = {
            "reseller": signed_in(olga),
            "operator": signed_in(User.objects.get(email="sam@op.example")),
            "stranger": Client(),
        }
        _fill_the_admin(self.platform)
        tokens, secrets = _client_links(company)
        self.words = {
            "tab": ["registrations", "keys", "webhooks", "documents", "usage", "users", "client"],
            "name": [page.name for page in settings_page._known.values()],
            "what": ["result"],
            "format": ["csv"],
            "place": ["0"],
            "way": ["view"],
            "word": ["of-an-earlier-visit"],
            "token": tokens,
            "secret": secrets,
            "rest": ["page.pdf"],
            "file": [str(Evidence.objects.order_by("pk")[0].pk)],
        }

    def pages(self, who: str, site: str) -> Iterator[str]:
        """The addresses below `site` at which that person finds a page."""
        client = self.people[who]
        yield from (url for url in self._addresses(site) if _is_page(client.get(url)))
        if site == "portal/":
            yield from _steps(client)

    def _addresses(self, site: str) -> Iterator[str]:
        for route in sorted(set(_routes(get_resolver().url_patterns))):
            # Regular expressions are of Django's own redirects; the steps have a draft each.
            if route.startswith(site) and "(" not in route and "<str:step>" not in route:
                row = self._row(route)
                filled = route.replace("<path:object_id>", str(row and row.pk))
                places = _PLACE.findall(filled)
                for words in product(*(self.words[place] for place in places)):
                    chosen = iter(words)
                    yield "/" + _PLACE.sub(lambda _, chosen=chosen: next(chosen), filled)

    def _row(self, route: str) -> Any:
        """The sample whose page `route` leads to; there has to be one of every kind."""
        match = _ROW.match(route)
        if match is None:
            return None
        site, app, model = match.groups()
        if site == "portal":
            return self.rows[f"{app}_{model}"]
        kind = next(m for m in admin.site._registry if m._meta.label_lower == f"{app}.{model}")
        return kind._default_manager.order_by("pk")[:1].get()


def _routes(patterns: Any, prefix: str = "") -> Iterator[str]:
    for entry in patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield here
        else:
            yield from _routes(entry.url_patterns, here)


def _is_page(answer: Any) -> bool:
    """Neither a file, nor a part of a page, nor a refusal or a redirection. What is gone says so on
    a page of its own."""
    there = answer.status_code in (200, 410)
    return there and not answer.streaming and b"</html>" in answer.content


def _steps(client: Client) -> Iterator[str]:
    """Every step of onboarding a company that nobody knows yet."""
    step = client.post(at("tenants_company", "add"), {"country": "BE", "number": "0123456789"})
    while step.status_code == 302 and "/company/add/" in step.url:
        yield step.url
        if step.url.endswith("/check/"):
            return
        step = client.post(step.url, {"name": "Café Central", "country": "BE", "register": "on"})


def _client_links(company: Organization) -> tuple[list[str], list[str]]:
    """Of links for each purpose: the token of one that was not opened, the secret of a visit. And
    of a link that opens nothing any more."""
    made = [client_links.make(company, one, by=SYSTEM) for one in client_links.PURPOSES]
    visits = [client_links.make(company, one, by=SYSTEM) for one in client_links.PURPOSES]
    over = client_links.revoke(client_links.make(company, "profile", by=SYSTEM), by=SYSTEM)
    addresses = [client_links.address_of(one) for one in (*made, over)]
    tokens = [address.rstrip("/").rpartition("/")[2] for address in addresses]
    return tokens, [client_links.begin_visit(one) for one in visits]


def _fill_the_admin(platform: Organization) -> None:
    """A row of each kind that only staff see."""
    branding.change(platform, {"display_name": "Acme"}, by=SYSTEM)
    CustomDomain.objects.create(organization=platform, host="portal.acme.example", challenge="c")
    olga, sam = (User.objects.get(email=e) for e in ("olga@acme.example", "sam@op.example"))
    impersonation.begin(olga.memberships.get(), staff=sam, reason="Ticket 4711", by=SYSTEM)
    impersonation.leave(sam)
    Seal.objects.create(day=date(2026, 1, 1), count=0, digest="0" * 64, whole=True)
    operation = BulkOperation.objects.order_by("pk")[0]
    Finding.objects.create(
        operation=operation,
        organization=platform,
        identifier="0208:0123456749",
        kind=Finding.Kind.choices[0][0],
        detail="It is not there.",
    )
    row = Participant.objects.order_by("pk")[0]
    BulkResult.objects.create(
        operation=operation, organization=row.organization, participant=row, state="failed"
    )
    findings = ["It is of another month."]
    NetworkReport.objects.create(
        kind="eusr", month=date(2026, 1, 1), state="doubtful", content="<a/>", findings=findings
    )
    WatchRound.objects.create(most=1, state="stopped", last_error="Far too many.")
    Circuit.objects.create(name="https://smp.example", state="open", last_error="ReadTimeout")
    AccessPoint.objects.create(
        url="https://ap.example/as4", certificate="MII", fingerprint="0" * 64
    )
    RegisteredCompany.objects.create(number="0403170701", status="AC", extract=1)
    RegisterImport.objects.create(extract=1, kind="full", snapshot_on="01-11-2026")
    StatementRun.objects.create(month=date(2026, 1, 1), total=1)
    QuotaNotice.objects.create(organization=platform, on=date(2026, 1, 1), percentage=80)
    paper = Document.objects.order_by("pk")[0]
    ComplianceReport.objects.create(organization=paper.organization, document=paper, country="FR")
    Group.objects.create(uri="iso6523-actorid-upis::0208:0123456749")
    SmlEntry.objects.create(uri="iso6523-actorid-upis::0208:0123456749", label="x")
    Transmission.objects.create(
        sbdh_instance_id="4711",
        sender="0208:1",
        receiver="0208:2",
        content=b"<Invoice/>",
        status="sent",
    )
    Fault.objects.create(kind=Fault.Kind.choices[0][0])
