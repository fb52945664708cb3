"""What `check --deploy` says of dangerous settings."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from config import checks, startup
from config.management.commands import web

PRODUCTION = {
    "PEPPOL_NETWORK": "production",
    "SERVED_OVER_TLS": True,
    "SMP_URL": "https://smp.example",
    "ACCESS_POINT_URL": "https://ap.example",
    "DIRECTORY_URL": "https://directory.example",
    "SMP_TRUST_ANCHORS": ["ca.pem"],
    "ACCESS_POINT_CERTIFICATE": "ap.pem",
    "ACCESS_POINT_AS4_URL": "https://ap.example/as4",
    "WEBHOOK_ALLOWED_CIDRS": [],
    "BASE_URL": "https://gatehouse.example",
    "TRUSTED_PROXY_COUNT": 1,
    "BILLING_SELLER": {"name": "Operator NV", "country": "BE"},
}


@pytest.fixture
def production(settings, monkeypatch):
    for name, value in PRODUCTION.items():
        setattr(settings, name, value)
    for name in ("EMAIL_URL", "INBOUND_TOKEN"):
        monkeypatch.setenv(name, "given")
    return settings


def found():
    said = (checks.network, checks.transport, checks.surroundings, checks.several_processes)
    return {message.id for check in said for message in check()}


def test_a_production_installation_in_order_is_fine(production):
    assert found() == set()


def test_a_sandbox_may_be_what_it_is(settings):
    assert found() == set()


@pytest.mark.parametrize(
    "name, value, id",
    [
        ("PEPPOL_NETWORK", "prod", "gatehouse.E001"),
        ("SMP_URL", "https://x.example/sandbox/smp", "gatehouse.E002"),
        ("SMP_TRUST_ANCHORS", [], "gatehouse.E003"),
        ("ACCESS_POINT_CERTIFICATE", "", "gatehouse.E004"),
        ("SERVED_OVER_TLS", False, "gatehouse.E005"),
        ("WEBHOOK_ALLOWED_CIDRS", ["127.0.0.0/8"], "gatehouse.W001"),
        ("PEPPOL_NETWORK", "sandbox", "gatehouse.E008"),
        ("TRUSTED_PROXY_COUNT", None, "gatehouse.E011"),
        ("BILLING_SELLER", {"name": "Gatehouse Sandbox"}, "gatehouse.W004"),
    ],
)
def test_a_dangerous_setting_is_named(production, name, value, id):
    setattr(production, name, value)
    assert id in found()


def test_production_is_warned_of_rules_that_are_not_official(production, db):
    assert [message.id for message in checks.rules(databases=["default"])] == ["gatehouse.W006"]
    production.PEPPOL_NETWORK = "test"
    assert list(checks.rules(databases=["default"])) == []


@pytest.mark.parametrize(
    "name, value",
    [
        ("TECHNICAL_CONTACT_URL", ""),
        ("TECHNICAL_CONTACT_URL", "ops@example.com"),
        ("TECHNICAL_CONTACT_URL", "mailto:The Operator <ops@example.com>"),
        ("TECHNICAL_CONTACT_URL", "https://"),
        ("ACCESS_POINT_AS4_URL", "ap.example.com/as4"),
        ("ACCESS_POINT_AS4_URL", "https://ap.example.com/as4?x=100%"),
        ("ACCESS_POINT_AS4_URL", "mailto:ops@example.com"),
        ("ACCESS_POINT_AS4_URL", "http://ap.example.com/as4"),
    ],
)
def test_an_address_that_no_smp_takes_is_named_and_nothing_starts(production, name, value):
    """Every registration failed, for good, and nobody was told why."""
    assert not list(checks.published_addresses())
    setattr(production, name, value)
    assert [name in str(message.msg) for message in checks.published_addresses()] == [True]
    with pytest.raises(startup.CannotStart, match=name):
        startup.prepare()


@pytest.mark.parametrize("name, id", [("EMAIL_URL", "E009"), ("INBOUND_TOKEN", "E010")])
def test_what_was_not_given_is_named(production, monkeypatch, name, id):
    monkeypatch.delenv(name)
    assert found() == {f"gatehouse.{id}"}


def test_several_web_processes_need_what_they_share(production):
    production.REDIS_URL, production.WEB_CONCURRENCY = "", 1
    assert found() == set()
    production.WEB_CONCURRENCY = 2
    assert "gatehouse.E013" in found()


def test_a_web_server_with_several_processes_that_share_nothing_does_not_start(settings):
    settings.REDIS_URL, settings.WEB_CONCURRENCY = "", 2
    with pytest.raises(CommandError, match="WEB_CONCURRENCY is above 1"):
        call_command("web")


def test_whatever_starts_the_web_server_in_production_asks_the_one_setting():
    """Each named a number of its own, which no check saw."""
    for name in ("Dockerfile", "Procfile", "docs/deploy/gatehouse-web.service"):
        text = (Path(settings.BASE_DIR) / name).read_text()
        assert "manage.py" in text and "granian" not in text and "--workers" not in text, name


def test_as_many_processes_answer_as_the_setting_says(settings):
    settings.WEB_CONCURRENCY = 3
    started = web.command("127.0.0.1", "8000")
    assert started[started.index("--workers") + 1] == "3"
