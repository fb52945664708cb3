"""Calls that neither a route nor a page names by itself: other hosts, signed links, people in
special roles, words of a query. The sweep says which filters are met by no call: here is where
those calls go."""

import json
from collections.abc import Iterator
from typing import Any

from django.core import signing
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from config.api.einvoice.tenant.responses.documents import SALT
from peppol.portal.company_tabs import _TABS
from tenants.models import Logo
from tenants.ui import settings_page
from tenants.ui.sites import portal
from tests.api.einvoice.tenant.documents.test_json import FLAT
from tests.api.einvoice.tenant.documents.test_pdf import belgian, hybrid
from tests.mutations.calls import Call
from tests.mutations.worlds import BUSINESS, MEMBER, OWNER, STAFF, Worlds

_FORM = "application/x-www-form-urlencoded"
_APPLICATION = {
    "motivation": "140 shops",
    "expectedConnectedBusinesses": 140,
    "expectedMonthlyTransactionVolume": 9000,
    "technicalContactEmail": "tech@walker.example",
    "termsOfServiceAccepted": True,
}


def further_calls(worlds: Worlds) -> Iterator[Call]:
    """All of them, as calls of the platform, of its company and of a business of its own."""
    yield from _tabs(worlds)
    yield from _settings()
    yield from _searches()
    yield from _usage_by_company(worlds)
    yield from _names(worlds)
    yield from _people(worlds)
    yield from _links(worlds)
    yield from _files(worlds)
    yield from _uploads()
    yield from _invoices(worlds)
    yield from _through_other_doors(worlds)
    yield from _of_a_business(worlds)


def _page(whose: str, session: int, path: str, body: bytes | None = None, **more: Any) -> Call:
    method = "GET" if body is None else "POST"
    given = {"content_type": _FORM, "session": session, **more}
    return Call(method, path.lstrip("/"), whose, body or b"", **given)


def _api(
    method: str, path: str, whose: str, headers: dict[str, str], body: Any = None, **more: str
) -> Call:
    sent = b"" if body is None else json.dumps(body).encode()
    return Call(method, path, whose, sent, headers={**headers, **more})


def _tabs(worlds: Worlds) -> Iterator[Call]:
    """Every tab of a company's page."""
    for session, whose in ((OWNER, "platform"), (MEMBER, "company")):
        rows = [worlds.own.branch, worlds.peer.branch]
        for row in [*rows, *([worlds.sibling.company] if whose == "company" else [])]:
            for tab in _TABS:
                path = reverse("portal:tenants_company_tab", args=[row.pk, tab])
                yield _page(whose, session, path)


def _settings() -> Iterator[Call]:
    """Every page of settings that there is."""
    for name in settings_page._known:
        path = reverse("portal:setting", args=[name])
        for session, whose in ((OWNER, "platform"), (MEMBER, "company")):
            yield _page(whose, session, path)
            yield _page(whose, session, path, b"")


def _searches() -> Iterator[Call]:
    """Every list by a number, of which there are few, beside a word, of which there are many."""
    for model in portal._registry:
        name = f"portal:{model._meta.app_label}_{model._meta.model_name}_changelist"
        for session, whose in ((OWNER, "platform"), (MEMBER, "company")):
            yield _page(whose, session, f"{reverse(name)}?q=company+0403")


def _usage_by_company(worlds: Worlds) -> Iterator[Call]:
    """Flowie's usage, one row a company."""
    signed = worlds.own.signed["flowie"][0]
    for period in ("month", "day"):
        path = f"exchange/v1/platform/usage?groupBy=company&period={period}"
        yield _api("GET", path, "platform", signed)


def _names(worlds: Worlds) -> Iterator[Call]:
    """Companies under names and numbers that are taken, by ourselves or by a stranger."""
    signed = worlds.own.signed["einvoice"][0]
    for one in (worlds.own, worlds.peer):
        body = {"name": f"{one.name}-company", "company_name": "C", "country": "BE"}
        yield _api("POST", "api/admin/tenants", "platform", signed, body)
    # Of an identifier on the network it is no secret that it is: only ours is asked for.
    path = f"api/admin/tenants/{worlds.own.ids('tenant_id')[0]}"
    yield _api("PUT", path, "platform", signed, {"peppol_ids": ["9915:walker"]})
    flowie = worlds.own.signed["flowie"][0]
    body = {"name": "W", "vatNumber": "BE0403170701", "peppolId": f"9915:{worlds.own.name}held"}
    yield _api("POST", "exchange/v1/platform/companies", "platform", flowie, body)
    for change in (
        {"customDomain": None},
        {"branding": {"displayName": "W", "logoUrl": ""}},
        {"branding": {"displayName": "W", "logoUrl": "https://walker.example/logo.png"}},
    ):
        yield _api("PATCH", "exchange/v1/platform/settings", "platform", flowie, change)


def _people(worlds: Worlds) -> Iterator[Call]:
    """People whom a body names, and people who may do little: a developer invites the first."""
    path = f"api/v0/organizations/{worlds.own.company.pk}"
    for one in (worlds.own, worlds.peer):
        body = {"contact_person_id": str(one.user.pk)}
        yield _api("PATCH", path, "platform", worlds.own.signed["fiskaly"][0], body)
        options = {"bill_to_organization": str(one.branch.pk)}
        body = {"billing_options": options}
        yield _api("PATCH", path, "platform", worlds.own.signed["fiskaly"][0], body)
    invited = {"email": "walker@walker.example", "role": "ADMIN"}
    yield _api("POST", f"{path}/users", "platform", worlds.own.developers, invited)
    branch = {"name": "W", "country": "SA", "taxId": "3", "adminEmail": "walker@walker.example"}
    path = "api/v2/identity/connected-businesses"
    yield _api("POST", path, "platform", worlds.own.developers_token, branch)


def _links(worlds: Worlds) -> Iterator[Call]:
    """Links to a document, signed for our company, whosever document is in them."""
    own = str(worlds.own.company.pk)
    for one in (worlds.own, worlds.peer, worlds.sibling):
        for row in (one.document, one.draft):
            token = signing.dumps({"organization": own, "document": str(row.pk)}, salt=SALT)
            yield Call("GET", f"{reverse('einvoice-ubl').lstrip('/')}?token={token}", "company")


def _files(worlds: Worlds) -> Iterator[Call]:
    """A logo, which anybody may see."""
    with worlds.alone.entered():
        logo = Logo.objects.get(organization=worlds.own.platform)
        path = reverse("logo", args=[worlds.own.platform.pk, logo.version])
    yield Call("GET", path.lstrip("/"), "platform")


def _uploads() -> Iterator[Call]:
    """Files that are handed in: a table of companies, a logo."""
    table = b"name,country\nWalker,BE\n"
    for session, whose in ((OWNER, "platform"), (MEMBER, "company")):
        # The first step of a company with a number that somebody has.
        number = b"country=BE&number=BE0403170701"
        yield _page(whose, session, reverse("portal:tenants_company_create"), number)
        for path, name, content in (
            (reverse("portal:peppol_companyimport_add"), "companies.csv", table),
            (reverse("portal:setting", args=["branding"]), "logo.png", _PNG),
        ):
            field = "file" if name.endswith("csv") else "logo"
            given = {field: _File(name, content), "display_name": "Walker"}
            body = encode_multipart(BOUNDARY, given)
            yield _page(whose, session, path, body, content_type=MULTIPART_CONTENT)


def _invoices(worlds: Worlds) -> Iterator[Call]:
    """An invoice in JSON that does not say who sends it, and one inside of a PDF."""
    own = worlds.own.signed["einvoice"][1]
    yield _api("POST", "api/documents/", "company", own, FLAT)
    body = encode_multipart(BOUNDARY, {"file": _File("invoice.pdf", hybrid(belgian()))})
    more = {"content_type": MULTIPART_CONTENT, "headers": own}
    yield Call("POST", "api/conversion/pdf", "company", body, **more)


class _File:
    """As much of a file as a form takes."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name, self.content = name, content

    def read(self) -> bytes:
        return self.content


_PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f"
    b"\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\x0f\x04\x00\x09\xfb\x03\xfd\xfb\x5e\x6b\x2b\x00"
    b"\x00\x00\x00IEND\xaeB`\x82"
)


def _through_other_doors(worlds: Worlds) -> Iterator[Call]:
    """At the platform's own domain, and as staff who view the portal as its owner."""
    at_home = {"Host": f"books.{worlds.own.name}.example"}
    for path in ("/portal/", reverse("portal:tenants_company_changelist")):
        for session, whose in ((OWNER, "platform"), (MEMBER, "company")):
            yield _page(whose, session, path, headers=at_home)
        yield _page("platform", STAFF, path)
    for stranger in (worlds.peer.branch, worlds.peer.platform):
        path = reverse("portal:tenants_company_change", args=[stranger.pk])
        yield _page("platform", STAFF, path)


def _of_a_business(worlds: Worlds) -> Iterator[Call]:
    """A business that nobody manages looks around, and applies to become a platform."""
    token = worlds.own.business_token
    path = "api/identity/v2/registration/platform-application"
    yield _api("GET", path, "business", token)
    yield _api("POST", path, "business", token, _APPLICATION)
    for name in settings_page._known:
        yield _page("business", BUSINESS, reverse("portal:setting", args=[name]))
    for name in ("start", "start_profile", "start_details", "start_plan", "start_done"):
        yield _page("business", BUSINESS, reverse(name))
    yield _page("business", BUSINESS, reverse("portal:index"))
