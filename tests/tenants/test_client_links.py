"""Links by which a company's own people do one thing without an account."""

import logging
from datetime import timedelta

import pytest
from django.conf import settings as installation
from django.test import Client

from config.logs import redact
from tenants.errors import DomainError
from tenants.models import ClientLink, Event, Mail, Organization
from tenants.services import client_links, client_origins, mails, organizations, settings
from tests.conftest import SYSTEM, make_company

APP = "https://app.acme.example"
ANSWERS = {
    "legal_name": "Bakkerij Peeters BV",
    "country": "BE",
    "company_number": "0202239951",
    "address_line1": "Markt 1",
    "postal_code": "9000",
    "city": "Gent",
    "email": "els@bakery.example",
}


@pytest.fixture
def acme(acme) -> Organization:
    """A platform with a site of its own."""
    return settings.change(acme, defaults={"clientLinks": {"origins": [APP]}}, by=SYSTEM)


@pytest.fixture
def link(bakery) -> ClientLink:
    return client_links.make(bakery, "profile", return_url=f"{APP}/done?for=1", by=SYSTEM)


@pytest.fixture
def phone() -> Client:
    """A browser that nobody is signed in with, and that is strict about forged forms."""
    return Client(enforce_csrf_checks=True)


def path_of(link: ClientLink) -> str:
    return client_links.address_of(link).removeprefix(str(installation.BASE_URL))


def opened(phone: Client, link: ClientLink) -> str:
    """The address of the visit that opening the link begins."""
    answer = phone.post(path_of(link))
    assert answer.status_code == 302, answer.content
    return answer.headers["Location"]


def test_a_client_does_what_the_link_is_for_and_the_link_is_used_up(phone, link, bakery):
    page = phone.get(path_of(link))
    assert page.status_code == 200 and b"Acme Accounting" in page.content
    visit = opened(phone, link)
    assert b'name="city"' in phone.get(visit).content
    done = phone.post(visit, ANSWERS)
    assert done.status_code == 200 and f'href="{APP}/done?for=1"' in done.content.decode()
    bakery.refresh_from_db()
    assert (bakery.city, bakery.company_number) == ("Gent", "0202239951")
    changed, used = Event.objects.filter(organization=bakery).order_by("-id")[:2]
    assert {changed.type, used.type} == {"company.updated", "company.link_used"}
    assert {changed.actor_kind, changed.actor_id} == {"link", str(link.pk)}
    for again in (phone.get(visit), phone.post(visit, ANSWERS), phone.post(path_of(link))):
        assert again.status_code == 410 and b"Gent" not in again.content


def test_what_looks_through_mails_uses_no_link_up(phone, link):
    for method in (phone.get, phone.head, phone.get):
        assert method(path_of(link)).status_code == 200
    assert phone.options(path_of(link)).status_code == 405
    assert ClientLink.objects.open().filter(pk=link.pk).exists()


def test_a_link_opens_once_and_whoever_opened_it_comes_back(phone, link):
    visit = opened(phone, link)
    assert phone.get(path_of(link)).headers["Location"] == visit
    stranger = Client()
    assert stranger.get(path_of(link)).status_code == 410
    assert stranger.post(path_of(link)).status_code == 410
    stranger.cookies["client_visit"] = "guessed"
    assert stranger.get(path_of(link)).status_code == 410


def test_a_form_with_a_fault_uses_nothing_up(phone, link):
    visit = opened(phone, link)
    page = phone.post(visit, {**ANSWERS, "email": "no address"})
    assert page.status_code == 200 and "email" in page.context["form"].errors
    assert phone.post(visit, ANSWERS).status_code == 200


def test_a_client_chooses_its_language_without_a_cookie(phone, link):
    page = phone.get(f"{path_of(link)}?language=nl")
    assert page.headers["Content-Language"] == "nl" and b"Doorgaan" in page.content
    assert not phone.cookies
    visit = phone.post(f"{path_of(link)}?language=nl").headers["Location"]
    assert b"Postcode" in phone.get(visit).content
    assert phone.get("/accounts/login/").headers["Content-Language"] == "en"
    other = phone.get(visit.replace("language=nl", "language=xx"))
    assert other.headers["Content-Language"] == "en"


def test_a_link_never_touches_another_company(phone, link, bakery, acme, rivals_company):
    sister = make_company(acme, "Sister")
    visit = opened(phone, link)
    named = {"organization": str(sister.pk), "company": str(sister.pk), "id": str(sister.pk)}
    phone.post(visit, {**ANSWERS, **named})
    for other in (sister, acme, rivals_company):
        other.refresh_from_db()
        assert other.city == ""


def test_a_client_does_not_change_what_the_company_is_known_by(phone, link, bakery):
    organizations.update(bakery, {"vat_number": "BE0202239951"}, by=SYSTEM)
    phone.post(opened(phone, link), {**ANSWERS, "vat_number": "BE0999999999", "country": "DE"})
    bakery.refresh_from_db()
    assert (bakery.vat_number, bakery.country) == ("BE0202239951", "BE")


def _suspend(one: Organization) -> None:
    organizations.suspend(one, reason="because", by=SYSTEM)


def _age(link: ClientLink) -> None:
    ClientLink.objects.update(expires_at=link.created_at)
    visited = ClientLink.objects.filter(opened_at__isnull=False)
    visited.update(session_ends_at=link.created_at)


@pytest.mark.parametrize(
    "end",
    [
        lambda link: client_links.revoke(link, by=SYSTEM),
        lambda link: _suspend(link.organization),
        lambda link: _suspend(link.organization.parent),
        lambda link: organizations.delete(link.organization, by=SYSTEM),
        _age,
    ],
    ids=["revoked", "company suspended", "platform suspended", "deleted", "over"],
)
def test_a_link_and_its_visit_end_at_once(phone, link, end):
    visited = client_links.make(link.organization, "profile", by=SYSTEM)
    visit = opened(phone, visited)
    end(link)
    if link.revoked_at:
        end(visited)
    for address in (visit, path_of(link), path_of(visited)):
        for answer in (phone.get(address), phone.post(address, ANSWERS)):
            assert answer.status_code in (404, 410) and b'name="city"' not in answer.content
    link.organization.refresh_from_db()
    assert link.organization.city == ""


def test_secrets_are_nowhere_but_in_the_address(phone, link, bakery, caplog):
    token = path_of(link).strip("/").split("/")[1]
    with caplog.at_level(logging.INFO):
        visit = opened(phone, link)
    secret = visit.strip("/").split("/")[2]
    row = str(ClientLink.objects.filter(pk=link.pk).values().get())
    trail = str(list(Event.objects.values("data", "changes", "actor_id", "actor_label")))
    for word in (token, secret):
        assert word not in row and word not in trail
        assert all(word not in redact(one.getMessage()) for one in caplog.records)
        assert word not in redact(f'{{"path": "/client/{word}/", "at": "/client/at/{word}/x"}}')
    page = phone.get(visit)
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("token", ["x", "at", "a" * 43, "%00", "%ED%A0%80", "é" * 9000])
def test_what_is_no_token_finds_nothing(phone, db, token):
    for answer in (phone.get(f"/client/{token}/"), phone.get(f"/client/at/{token}/")):
        assert answer.status_code in (400, 404)


def test_pages_are_framed_where_the_platform_allows_and_nowhere_else(phone, link, acme):
    page = phone.get(path_of(link))
    assert f"frame-ancestors {APP};" in page.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in page
    settings.change(acme, defaults={"clientLinks": {"origins": []}}, by=SYSTEM)
    for address in (path_of(link), "/client/none/"):
        page = phone.get(address)
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["X-Frame-Options"] == "DENY"
    # The origin is not allowed any more: nobody is sent there either.
    assert APP.encode() not in phone.post(opened(phone, link), ANSWERS).content


BAD_URLS = [
    "http://app.acme.example/",
    "https://evil.example/",
    "https://app.acme.example.evil.example/",
    "https://app.acme.example@evil.example/",
    "https://evil.example\\@app.acme.example/",
    "https://app.acme.example\\.evil.example",
    "https://app.acme.example:8443/",
    "//app.acme.example/",
    "javascript:alert(1)//https://app.acme.example",
    "https://app.acme.example\t.evil.example/",
    "https://[::1/",
    "https://app.acme.example:99999/",
]


@pytest.mark.parametrize("url", BAD_URLS)
def test_nobody_is_sent_where_the_platform_does_not_allow(bakery, acme, url):
    with pytest.raises(DomainError) as refused:
        client_links.make(bakery, "profile", return_url=url, by=SYSTEM)
    assert refused.value.code == "return_url_refused"


def test_what_is_kept_as_an_origin_and_is_none_goes_into_no_header(acme):
    kept = {"clientLinks": {"origins": ["*", "https://a.example; script-src *", 3, APP, None]}}
    settings.change(acme, defaults=kept, by=SYSTEM)
    acme.refresh_from_db()
    assert client_origins.of(acme) == (APP,)
    assert client_origins.read([" https://App.Acme.example:443/ ", APP]) == [APP]
    for line in ("https://*.acme.example", "https://app.acme.example/path", "https://localhost"):
        with pytest.raises(DomainError):
            client_origins.read([line])


def test_no_link_is_made_that_could_open_nothing(bakery, acme, rival):
    for company, options, code in (
        (acme, {}, "not_active"),
        (bakery, {"purpose": "anything"}, "invalid"),
        (bakery, {"valid_for": timedelta(days=15)}, "bad_duration"),
        (bakery, {"valid_for": timedelta(seconds=-1)}, "bad_duration"),
    ):
        with pytest.raises(DomainError) as refused:
            client_links.make(company, **{"purpose": "profile", "by": SYSTEM, **options})
        assert refused.value.code == code
    assert not ClientLink.objects.exists()


def test_a_link_is_sent_by_mail_in_the_words_of_the_platform(bakery, mailoutbox):
    link = client_links.make(bakery, "profile", send_to="els@bakery.example", by=SYSTEM)
    assert "token" not in str(Mail.objects.get().context)
    mails.drain()
    (mail,) = mailoutbox
    assert client_links.address_of(link) in mail.body and "Bakery Peeters" in mail.body
    late = client_links.make(bakery, "profile", send_to="els@bakery.example", by=SYSTEM)
    client_links.revoke(late, by=SYSTEM)
    mails.drain()
    assert len(mailoutbox) == 1


def test_links_of_long_ago_are_forgotten(bakery):
    old, new = (client_links.make(bakery, "profile", by=SYSTEM) for _ in range(2))
    ClientLink.objects.filter(pk=old.pk).update(expires_at=old.created_at - timedelta(days=91))
    assert client_links.forget_old() == 1
    assert ClientLink.objects.get() == new


def test_names_are_text_on_every_page(phone, acme, link, bakery):
    word = "<script>alert(1)</script>"
    organizations.update(bakery, {"name": word}, by=SYSTEM)
    organizations.update(acme, {"name": word}, by=SYSTEM)
    pages = [phone.get(path_of(link)), phone.get(visit := opened(phone, link))]
    for page in [*pages, phone.post(visit, ANSWERS)]:
        assert word not in page.content.decode()
