"""The portal inside PostgreSQL's row-level security: a forgotten filter shows nothing foreign."""

import pytest
from django.urls import reverse

from apikeys.models import ApiKey
from apikeys.portal import KeyPage
from peppol.models import Participant
from tenants.models import Membership, Organization, Role
from tenants.services import people
from tests.conftest import SYSTEM
from tests.ordinary_role import ON_POSTGRESQL
from tests.portal.conftest import PAGES, at, make_member, operation_at, operations, signed_in, texts
from webhooks.models import Endpoint

pytestmark = ON_POSTGRESQL


def test_a_page_that_forgets_where_to_start_shows_nothing_foreign(
    browser, ours, theirs, monkeypatch
):
    monkeypatch.setattr(KeyPage, "get_queryset", lambda self, request: ApiKey.objects.all())
    page = texts(browser.get(at("apikeys_apikey"))).lower()
    assert "oursword" in page and "theirsword" not in page
    assert ApiKey.objects.count() == 2


@pytest.mark.parametrize("page", PAGES)
def test_every_page_works_inside_the_wall(browser, ours, page):
    assert "oursword" in texts(browser.get(at(page))).lower()
    assert browser.get(at(page, "change", ours[page])).status_code == 200
    for name in operations(page):
        assert browser.get(operation_at(page, name, ours[page])).status_code == 200


def test_a_companys_member_works_though_the_platform_is_hidden(acme, bakery):
    Organization.objects.filter(pk=acme.pk).update(defaults={"clientPortal": {"connect": True}})
    baker = signed_in(make_member(bakery, Role.OWNER, "baker@bakery.example"))
    assert baker.get(reverse("portal:index")).status_code == 200
    forms = {
        "apikeys_apikey": {"name": "Till", "environment": "live"},
        "peppol_participant": {"identifier": "0208:0403170701"},
        "webhooks_endpoint": {
            "url": "https://hooks.example",
            "environment": "live",
            "event_types": ["*"],
            "dialect": "standard",
        },
    }
    for page, form in forms.items():
        answer = baker.post(at(page, "add"), form)
        assert answer.status_code == 302 or 'id="secret-1"' in texts(answer), page
    for model in (ApiKey, Participant, Endpoint):
        assert model.objects.get().organization_id == bakery.pk
    settings = at("tenants_organization", "change", Organization.objects.get(pk=bakery.pk))
    assert baker.post(settings, {"name": "Bakery", "country": "BE"}).status_code == 302
    invite = {"email": "new@bakery.example", "role": "viewer"}
    assert baker.post(reverse("portal:tenants_membership_invite"), invite).status_code == 302


def test_one_switches_to_an_organization_that_the_wall_hides(browser, olga, acme, rival):
    people.join(rival, olga, role="viewer", by=SYSTEM)
    browser.post(reverse("portal:switch"), {"organization": rival.pk})
    page = texts(browser.get(reverse("portal:index")))
    assert "Rival ERP" in page and "Acme Accounting" in page
    assert Membership.objects.filter(user=olga).count() == 2
