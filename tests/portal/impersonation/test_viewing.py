"""Staff see the portal as one of its people: they look, they touch nothing, and it is told."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import URLPattern, get_resolver, reverse

from apikeys.models import ApiKey
from apikeys.portal import KeyPage
from tenants.models import Event, Role, User
from tenants.services import people
from tenants.ui.impersonation import _only_reads
from tests.conftest import SYSTEM
from tests.portal.conftest import PAGES, at, make_member, texts
from tests.portal.impersonation.conftest import begin

REFUSED = "You are only viewing"


def addresses(patterns, prefix: str = "/") -> list[str]:
    """Every address that the URL configuration has below `prefix`, with some id in each place."""
    found = []
    for entry in patterns:
        route = getattr(entry.pattern, "_route", entry.pattern.regex.pattern.lstrip("^"))
        here = prefix + route
        if isinstance(entry, URLPattern):
            found.append(here)
        else:
            found += addresses(entry.url_patterns, here)
    return found


def portal_addresses() -> list[str]:
    row = "0193aaaa-0000-7000-8000-000000000000"
    known = [a for a in addresses(get_resolver().url_patterns) if a.startswith("/portal/")]
    return sorted({re.sub(r"<[^>]+>|\(\?P<[^)]+\)", row, a).rstrip("$") for a in known})


def test_staff_see_what_the_person_sees(viewing, desk, olga, browser, ours, theirs):
    for page in PAGES:
        seen, hers = texts(viewing.get(at(page))), texts(browser.get(at(page)))
        assert ("oursword" in seen.lower()) == ("oursword" in hers.lower())
        assert "theirsword" not in seen.lower()
        assert viewing.get(at(page, "change", theirs[page])).status_code == 404


def test_the_role_of_the_person_binds_staff_too(desk, acme, ours):
    viewer = make_member(acme, Role.VIEWER, "vera@acme.example")
    begin(desk, viewer)
    page = texts(desk.get(at("tenants_company", "change", ours["tenants_company"])))
    assert 'name="_save"' not in page and "/suspend/" not in page


def test_staff_see_the_one_organization_that_they_gave_a_reason_for(desk, olga, rival):
    people.join(rival, olga, role=Role.OWNER, by=SYSTEM)
    begin(desk, olga)
    page = desk.get("/portal/")
    assert "Acme Accounting" in texts(page) and "Rival ERP" not in texts(page)


@pytest.mark.parametrize("page", ["/portal/", "/admin/", "/portal/nothing/", "/accounts/2fa/"])
def test_every_page_says_so_and_ends_it(viewing, page):
    shown = texts(viewing.get(page))
    assert "olga@acme.example" in shown and 'class="gh-view-as"' in shown
    assert f'action="{reverse("admin:impersonation_end")}"' in shown


def test_no_page_says_so_otherwise(desk, browser):
    assert 'class="gh-view-as"' not in texts(desk.get("/admin/"))
    assert 'class="gh-view-as"' not in texts(browser.get("/portal/"))


def test_the_walk_finds_the_portal():
    found = portal_addresses()
    assert len(found) > 80
    assert {"/portal/switch/", "/portal/apikeys/apikey/add/", "/portal/logout/"} <= set(found)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_of_the_portal_takes_a_write(viewing, ours, method):
    before = Event.objects.count()
    # A POST at every address there is; of the seldom ones a sample is enough.
    for address in portal_addresses()[:: 1 if method == "post" else 9]:
        answer = getattr(viewing, method)(address)
        assert answer.status_code == 403 and REFUSED in texts(answer), address
    assert Event.objects.count() == before


def test_no_operation_on_a_real_row_is_done_and_no_secret_is_shown(viewing, ours, acme):
    company, key = ours["tenants_company"], ours["apikeys_apikey"]
    keys = ApiKey.objects.count()
    for address, form in (
        (at("tenants_company", "suspend", company), {"reason": "because"}),
        (at("tenants_company", "change", company), {"name": "Changed", "country": "BE"}),
        (at("apikeys_apikey", "add"), {"name": "Mine", "environment": "live", "reach": "own"}),
        (at("apikeys_apikey", "rotate", key), {"hours": "24"}),
        (at("webhooks_endpoint", "rotate", ours["webhooks_endpoint"]), {"hours": "24"}),
        (
            at("peppol_participant"),
            {"action": "try_again", "_selected_action": [ours["peppol_participant"].pk]},
        ),
    ):
        answer = viewing.post(address, form)
        assert answer.status_code == 403 and "secret-1" not in texts(answer)
    company.refresh_from_db()
    assert company.status == "active" and company.name != "Changed"
    assert ApiKey.objects.count() == keys


def test_the_admin_is_looked_at_and_not_written_meanwhile(viewing, acme):
    assert viewing.get("/admin/").status_code == 200
    address = reverse("admin:tenants_organization_suspend", args=[acme.pk])
    assert viewing.post(address, {"reason": "because"}).status_code == 403
    acme.refresh_from_db()
    assert acme.status == "active"


@pytest.mark.parametrize("page", ["account_email", "mfa_index", "account_change_password"])
def test_pages_of_ones_own_account_are_closed_meanwhile(viewing, page):
    """They would be the staff's own, under somebody else's name."""
    assert viewing.get(reverse(page)).status_code == 403
    assert viewing.post(reverse(page)).status_code == 403


def test_a_page_that_wrote_while_it_is_looked_at_is_refused(viewing, monkeypatch):
    """The second wall: the database itself takes nothing."""

    def write(self, request):
        with transaction.atomic():
            User.objects.filter(pk=request.user.pk).update(first_name="Written")
        return ApiKey.objects.none()

    monkeypatch.setattr(KeyPage, "get_queryset", write)
    assert viewing.get(at("apikeys_apikey")).status_code == 403
    assert not User.objects.filter(first_name="Written").exists()


@pytest.mark.parametrize("sql", ["update x set y = 1", " (delete from x)", "insert into x", "drop"])
def test_only_what_reads_reaches_the_database(db, sql):
    with connection.execute_wrapper(_only_reads), connection.cursor() as cursor:
        cursor.execute("select 1")
        with pytest.raises(PermissionDenied):
            cursor.execute(sql)


def test_a_dialog_that_is_sent_off_says_why_nothing_happened(viewing, ours):
    address = at("tenants_company", "suspend", ours["tenants_company"])
    headers = {"HX-Request": "true", "HX-Current-URL": "http://evil.example/portal/?x=1"}
    answer = viewing.post(address, {"reason": "because"}, headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (403, "/portal/")
    assert "You are only viewing" in texts(viewing.get("/portal/"))
