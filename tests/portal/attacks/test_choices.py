"""Ways to another organization's rows by choices of forms (9-16) and by filters (17-21)."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from apikeys.models import ApiKey
from peppol.models import Participant
from tenants.access import memberships
from tenants.models import User
from tenants.ui.scoped import ScopedAdmin, scope
from tenants.ui.sites import portal
from tests.portal.attacks.targets import MAKERS
from tests.portal.conftest import (
    at,
    texts,
)
from webhooks.models import Endpoint

# --- 09–16: choices of foreign keys ---------------------------------------------------------------


@pytest.mark.parametrize("page", MAKERS)
def test_09_a_form_offers_no_foreign_row(browser, ours, theirs, page):
    assert browser.get(at(page, "add")).status_code == 200
    assert "theirsword" not in texts(browser.get(at(page, "add"))).lower()


@pytest.mark.parametrize(
    "page, answers",
    [
        ("apikeys_apikey", {"name": "k", "environment": "live", "kind": "company"}),
        ("peppol_participant", {"identifier": "0208:0403170701"}),
        (
            "webhooks_endpoint",
            {
                "url": "https://a.example",
                "environment": "live",
                "event_types": ["*"],
                "dialect": "standard",
            },
        ),
    ],
)
def test_10_and_13_a_foreign_id_is_no_choice(browser, bakery, rivals_company, page, answers):
    model = {"apikeys_apikey": ApiKey, "peppol_participant": Participant}.get(page, Endpoint)
    posted = browser.post(at(page, "add"), {**answers, "organization": rivals_company.pk})
    assert "Select a valid choice" in texts(posted)
    assert not model.objects.exists()
    browser.post(at(page, "add"), {**answers, "organization": bakery.pk})
    assert model.objects.get().organization == bakery


def test_11_every_relation_of_every_page_is_narrowed(olga, ours, theirs, rf):
    request = rf.get("/portal/")
    request.user, request.session = olga, {}
    seen = 0
    for model, admin in portal._registry.items():
        for field in (*model._meta.fields, *model._meta.many_to_many):
            if field.is_relation:
                offered = admin.get_field_queryset(None, field, request)
                known = scope(field.remote_field.model, request)
                if field.name == "billing_contact":
                    known = memberships.colleagues(request)
                assert list(offered) == list(known)
                assert "theirsword" not in repr(list(offered)).lower()
                seen += 1
    assert seen > 10
    # Users are nobody's rows: no form offers any but one's colleagues.
    assert not scope(User, request).exists()


@pytest.mark.parametrize(
    "page, field, model",
    [
        ("apikeys_apikey", "organization", "apikeys"),
        ("peppol_participant", "organization", "peppol"),
        ("webhooks_endpoint", "organization", "webhooks"),
        ("webhooks_delivery", "endpoint", "webhooks"),
    ],
)
def test_12_typing_finds_ones_own_rows_only(browser, ours, theirs, page, field, model):
    app, name = page.split("_")
    query = {"app_label": app, "model_name": name, "field_name": field}

    def found(term: str) -> int:
        answer = browser.get(reverse("portal:autocomplete"), {**query, "term": term})
        return len(answer.json()["results"])

    assert (found("oursword"), found("theirsword")) == (1, 0)


@pytest.mark.parametrize("page", MAKERS)
def test_14_a_prefilled_form_does_not_name_a_foreign_row(browser, ours, theirs, page):
    for rows, shown in ((ours, True), (theirs, False)):
        company = rows["tenants_company"]
        form = texts(browser.get(at(page, "add"), {"organization": company.pk}))
        assert (company.name in form) == shown


def test_15_and_16_raw_ids_are_refused_when_the_page_is_made():
    raw = type("RawPage", (ScopedAdmin,), {"raw_id_fields": ("organization",)})
    with pytest.raises((AssertionError, ImproperlyConfigured)):
        raw(ApiKey, portal)


# --- 17–21: filters and lookups -------------------------------------------------------------------


@pytest.mark.parametrize("page", [*MAKERS, "tenants_event"])
def test_17_a_related_filter_shows_no_foreign_row(browser, ours, theirs, page):
    url = at(page)
    mine, foreign = ours["tenants_company"], theirs["tenants_company"]
    assert "oursword" in texts(browser.get(url, {"organization": mine.pk})).lower()
    filtered = texts(browser.get(url, {"organization": foreign.pk})).lower()
    assert "theirsword" not in filtered and "oursword" not in filtered


@pytest.mark.parametrize(
    "page, lookup",
    [
        ("apikeys_apikey", "digest__startswith"),
        ("apikeys_apikey", "digest"),
        ("apikeys_apikey", "metadata__icontains"),
        ("apikeys_apikey", "created_by__password__startswith"),
        ("apikeys_apikey", "organization__parent__name__startswith"),
        ("webhooks_endpoint", "secret__startswith"),
        ("webhooks_endpoint", "organization__status_reason__contains"),
        ("webhooks_delivery", "endpoint__secret__startswith"),
        ("tenants_invitation", "token_digest__startswith"),
        ("tenants_membership", "user__password__startswith"),
        ("tenants_company", "name_key__startswith"),
        ("tenants_company", "parent__requests_per_hour__gt"),
        ("tenants_event", "data__company__name"),
    ],
)
def test_18_to_21_a_hidden_column_cannot_be_guessed_by_lookups(browser, ours, page, lookup):
    assert browser.get(at(page), {lookup: "a"}).status_code == 400
    assert browser.get(at(page)).status_code == 200
