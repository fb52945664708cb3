"""Branding, custom domain, defaults (FLO-32 to FLO-38)."""

import pytest

from tenants.models import Branding, CustomDomain, Event, Organization
from tests.api.flowie.conftest import Flowie, platform_key

pytestmark = pytest.mark.django_db
PATH = "/platform/settings"
BRANDING = {
    "displayName": "ACME e-Invoice",
    "logoUrl": "https://acme.com/logo.svg",
    "primaryColor": "#0F62FE",
    "supportEmail": "support@acme.com",
}
DEFAULTS = {"preferredFormat": "ubl-xml", "autoCompliance": {"FR": True, "IT": True, "BE": True}}
WANTED = {"branding": BRANDING, "customDomain": "peppol.acme.com", "defaults": DEFAULTS}

_COUNTRIES = ("defaults", "autoCompliance")


@pytest.fixture(autouse=True)
def host(settings):
    settings.CUSTOM_DOMAIN_TARGET = "portal.gatehouse.example"


@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded"])
def test_the_playbooks_call_stores_it_all(entitled, api, content_type):
    """FLO-32, FLO-33, FLO-35, FLO-37."""
    answer = api.patch(PATH, WANTED, content_type=content_type)
    assert answer.status_code == 200, answer.content
    shown = answer.json()
    assert {name: shown[name] for name in WANTED} == WANTED
    challenge = CustomDomain.objects.get().challenge
    assert shown["dnsRecords"] == [
        {"type": "CNAME", "name": "peppol.acme.com", "value": "portal.gatehouse.example"},
        {"type": "TXT", "name": "_gatehouse-challenge.peppol.acme.com", "value": challenge},
    ]
    assert shown["customDomainStatus"] == "pending" and shown["whiteLabel"] is True
    assert api.get(PATH).json() == shown
    # What compliance reads when a document is sent.
    assert Organization.objects.get(pk=entitled.pk).defaults == DEFAULTS


def test_where_nobody_reports_to_an_authority_it_is_said_in_words(entitled, api, settings):
    """FLO-35 holds where a reporter is set up; a promise that nobody keeps is refused."""
    settings.COMPLIANCE_REPORTERS = {"FR": "peppol.sandbox.reporter.report"}
    answer = api.patch(PATH, {"defaults": {"autoCompliance": {"FR": True, "BE": True}}})
    assert answer.status_code == 422
    assert "authority of BE" in answer.content.decode()
    assert "Reported are: FR" in answer.content.decode()
    assert api.patch(PATH, {"defaults": {"autoCompliance": {"FR": True}}}).status_code == 200


@pytest.mark.parametrize(
    ("change", "path", "value"),
    [
        ({"branding": {"displayName": "New"}}, ("branding", "displayName"), "New"),
        ({"branding": {"logoUrl": ""}}, ("branding", "logoUrl"), ""),
        ({"customDomain": "new.acme.com"}, ("customDomain",), "new.acme.com"),
        ({"customDomain": None}, ("customDomain",), None),
        ({"defaults": {"autoCompliance": {"DE": False}}}, (*_COUNTRIES, "DE"), False),
        ({"defaults": {"autoCompliance": {"FR": False}}}, (*_COUNTRIES, "FR"), False),
        ({"defaults": {"preferredFormat": None}}, ("defaults", "preferredFormat"), None),
        ({}, ("customDomain",), "peppol.acme.com"),
    ],
    ids=str,
)
def test_a_later_call_with_one_field_keeps_the_others(entitled, api, change, path, value):
    """FLO-38."""
    api.patch(PATH, WANTED)
    shown = api.patch(PATH, change).json()
    wanted = {name: shown[name] for name in WANTED}
    expected = {
        **WANTED,
        "branding": dict(BRANDING),
        "defaults": {**DEFAULTS, "autoCompliance": dict(DEFAULTS["autoCompliance"])},
    }
    inner = expected
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    assert wanted == expected


def test_without_the_entitlement_branding_and_domain_are_refused_and_defaults_are_not(api, acme):
    """FLO-36."""
    for refused in ({"branding": BRANDING}, {"customDomain": "peppol.acme.com"}, WANTED):
        events = Event.objects.count()
        answer = api.patch(PATH, refused)
        assert (answer.status_code, answer.json()["code"]) == (403, "WHITE_LABEL_REQUIRED")
        assert Event.objects.count() == events
    assert not Branding.objects.exists() and not CustomDomain.objects.exists()
    assert Organization.objects.get(pk=acme.pk).defaults == {}
    assert api.patch(PATH, {"defaults": DEFAULTS}).json()["defaults"] == DEFAULTS


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"branding": {"primaryColor": "blue"}}, "branding.primaryColor"),
        ({"branding": {"logoUrl": "javascript:alert(1)"}}, "branding.logoUrl"),
        ({"branding": {"supportEmail": "nobody"}}, "branding.supportEmail"),
        ({"branding": {"displayName": 5}}, "branding.displayName"),
        ({"branding": []}, "branding"),
        ({"branding": None}, "branding"),
        ({"customDomain": "localhost"}, "customDomain"),
        ({"customDomain": "127.0.0.1"}, "customDomain"),
        ({"customDomain": "portal.gatehouse.example"}, "customDomain"),
        ({"customDomain": {}}, "customDomain"),
        ({"defaults": {"autoCompliance": {"France": True}}}, "defaults.autoCompliance"),
        ({"defaults": {"autoCompliance": {"DE": True}}}, "defaults.autoCompliance"),
        ({"defaults": {"autoCompliance": {"FR": "yes"}}}, "defaults.autoCompliance.FR"),
        ({"defaults": {"preferredFormat": "a b"}}, "defaults.preferredFormat"),
    ],
    ids=str,
)
def test_settings_that_cannot_be_are_named_and_nothing_changes(entitled, api, change, field):
    before = api.get(PATH).json()
    answer = api.patch(PATH, {**WANTED, **change})
    assert answer.status_code == 422, answer.content
    assert answer.json()["errors"][0]["field"] == field
    assert api.get(PATH).json() == before


def test_a_domain_in_use_by_another_platform_is_refused(entitled, api, rival):
    CustomDomain.objects.create(
        organization=rival, host="peppol.acme.com", challenge="x", state="active"
    )
    answer = api.patch(PATH, {"customDomain": "peppol.acme.com"})
    assert (answer.status_code, answer.json()["code"]) == (409, "HOST_TAKEN")


def test_a_platform_sees_and_changes_its_own_settings_alone(entitled, api, rival_api):
    api.patch(PATH, WANTED)
    shown = rival_api.get(PATH).json()
    assert shown["branding"]["displayName"] == "" and shown["customDomain"] is None
    assert shown["dnsRecords"] == [] and shown["defaults"]["autoCompliance"] == {}


def test_a_key_without_the_scope_does_not_read_settings(acme):
    api = Flowie(platform_key(acme, scopes=["send"]))
    for method in ("GET", "PATCH"):
        assert api(method, PATH, {}).json()["code"] == "INSUFFICIENT_SCOPE"
