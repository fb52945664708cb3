"""Custom domains: which names are taken, what DNS has to say, when they are served."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config import hosts as served_hosts
from tenants.errors import Conflict, Forbidden, Invalid
from tenants.hosts import normalize
from tenants.models import CustomDomain, Event, Organization
from tenants.services import domains
from tests.conftest import SYSTEM
from tests.tenants.domains.name_server import HOST, prove


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1",
        "[::1]",
        "localhost",
        "com",
        "co.uk",
        "a b.com",
        "-x.com",
        "",
        "x" * 300 + ".com",
        "https://acme.com",
        "acme.com/path",
        "acme..com",
        "127.0.0.1:80",
        "portal.gatehouse.example",
    ],
)
def test_a_name_that_nobody_can_own_is_refused(settings, text):
    settings.CUSTOM_DOMAIN_TARGET = "portal.gatehouse.example"
    with pytest.raises(Invalid):
        normalize(text)


@pytest.mark.parametrize(
    "text, host",
    [(" Peppol.ACME.com. ", "peppol.acme.com"), ("bücher.de", "xn--bcher-kva.de")],
)
def test_a_name_is_stored_in_one_spelling(text, host):
    assert normalize(text) == host


def test_a_custom_domain_needs_the_entitlement(acme):
    with pytest.raises(Forbidden):
        domains.claim(acme, HOST, by=SYSTEM)


def test_both_records_prove_a_domain(name_server, domain):
    assert domains.check(domain).state == "pending"
    prove(name_server, domain)
    assert domains.check(domain).state == "active"
    assert Event.objects.filter(type="domain.proven").count() == 1


@pytest.mark.parametrize("record", ["TXT", "CNAME"])
def test_one_record_alone_proves_nothing(name_server, domain, record):
    prove(name_server, domain)
    name_server.records = {k: v for k, v in name_server.records.items() if k[1] != record}
    after = domains.check(domain)
    assert after.state == "pending" and after.last_error


def test_an_address_record_to_our_address_is_as_good(name_server, domain):
    prove(name_server, domain)
    del name_server.records[(HOST, "CNAME")]
    name_server.records[(HOST, "A")] = "192.0.2.7"
    assert domains.check(domain).state == "pending"
    name_server.records[("portal.gatehouse.example", "A")] = "192.0.2.7"
    assert domains.check(domain).state == "active"


def test_a_silent_name_server_changes_nothing(name_server, domain):
    prove(name_server, domain)
    domains.check(domain)
    name_server.broken = True
    after = domains.check(domain)
    assert after.state == "active" and "did not answer" in after.last_error


def test_what_was_found_is_kept_beside_what_is_missing(name_server, domain):
    name_server.records[(f"_gatehouse-challenge.{HOST}", "TXT")] = '"of another try"'
    name_server.records[(HOST, "A")] = "192.0.2.9"
    after = domains.check(domain)
    assert (after.found_texts, after.found_leads) == (["of another try"], ["192.0.2.9"])
    assert after.checked_at and not after.leads_here


def test_a_domain_is_looked_at_when_somebody_asks(name_server, domain):
    prove(name_server, domain)
    domains.drain()
    name_server.records.clear()
    assert domains.drain() == 0
    domains.check_soon(domain)
    assert domains.drain() == 1
    assert CustomDomain.objects.get().state == "failing"


def test_missing_records_are_served_for_a_week_and_no_longer(name_server, domain, time_machine):
    prove(name_server, domain)
    domains.check(domain)
    name_server.records.clear()
    assert domains.check(domain).state == "failing"
    assert CustomDomain.objects.serving(HOST).exists()
    time_machine.move_to(timezone.now() + timedelta(days=7, minutes=1))
    assert domains.check(domain).state == "released"
    assert not CustomDomain.objects.serving(HOST).exists()


def test_the_first_to_prove_a_host_has_it(name_server, domain, rival):
    Organization.objects.filter(pk=rival.pk).update(white_label=True)
    theirs = domains.claim(rival, HOST, by=SYSTEM)
    prove(name_server, domain)
    domains.check(domain)
    name_server.records[(f"_gatehouse-challenge.{HOST}", "TXT")] = f'"{theirs.challenge}"'
    after = domains.check(theirs)
    assert after.state == "pending" and "another platform" in after.last_error
    with pytest.raises(Conflict):
        domains.release(theirs, by=SYSTEM)
        domains.claim(rival, HOST, by=SYSTEM)


def test_a_released_host_rests_before_another_platform_may_have_it(
    name_server, domain, rival, time_machine
):
    Organization.objects.filter(pk=rival.pk).update(white_label=True)
    prove(name_server, domain)
    domains.check(domain)
    domains.release(domain, by=SYSTEM)
    with pytest.raises(Conflict):
        domains.claim(rival, HOST, by=SYSTEM)
    time_machine.move_to(timezone.now() + timedelta(days=30, minutes=1))
    assert domains.claim(rival, HOST, by=SYSTEM)


def test_a_resting_host_is_not_proven_by_a_claim_that_could_not_see_it(name_server, domain, rival):
    """Behind row-level security a claim finds no domain of others."""
    prove(name_server, domain)
    domains.check(domain)
    domains.release(domain, by=SYSTEM)
    unseen = CustomDomain.objects.create(organization=rival, host=HOST, challenge="theirs")
    prove(name_server, unseen)
    after = domains.check(unseen)
    assert after.state == "pending" and "another platform" in after.last_error
    assert after.proven_at is None


def test_a_new_host_takes_the_place_of_the_old_one(platform, domain):
    domains.claim(platform, "other.acme-accounting.com", by=SYSTEM)
    assert [d.host for d in CustomDomain.objects.current()] == ["other.acme-accounting.com"]


def test_due_domains_are_checked_by_one_worker_and_again_tomorrow(name_server, domain):
    prove(name_server, domain)
    assert domains.drain() == 1
    assert domains.drain() == 0
    after = CustomDomain.objects.get()
    assert timedelta(hours=23) < after.next_check_at - timezone.now() < timedelta(hours=25)


def test_the_tls_proxy_is_told_of_proven_domains_only(client, name_server, domain):
    ask = "/internal/tls/ask?domain="
    assert client.get(f"{ask}{HOST}").status_code == 404
    prove(name_server, domain)
    domains.check(domain)
    served_hosts._known.clear()
    assert client.get(f"{ask}{HOST.upper()}").status_code == 200
    assert client.get(f"{ask}nobody.example").status_code == 404
    assert client.get(ask).status_code == 404


def test_only_this_machine_may_ask(client, domain):
    path = f"/internal/tls/ask?domain={HOST}"
    assert client.get(path, REMOTE_ADDR="192.0.2.1").status_code == 403
    assert client.get(path, headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403


def test_a_proxy_on_another_machine_asks_with_a_token(client, domain, settings, name_server):
    prove(name_server, domain)
    domains.check(domain)
    served_hosts._known.clear()

    def ask(token, host=HOST):
        path = f"/internal/tls/ask?token={token}&domain={host}"
        headers = {"X-Forwarded-For": "192.0.2.1", "Host": "web:8000"}
        return client.get(path, REMOTE_ADDR="172.18.0.5", headers=headers).status_code

    assert ask("") == ask("hunter2") == 403
    settings.TLS_ASK_TOKEN = "hunter2"
    assert (ask("hunter2"), ask("hunter2", "nobody.example")) == (200, 404)
    assert ask("") == ask("hunter") == ask("hüter") == 403


def test_names_too_long_for_dns_are_neither_asked_about_nor_kept(
    client, db, django_assert_num_queries
):
    served_hosts._known.clear()
    with django_assert_num_queries(0):
        for n in range(5):
            host = f"{n}{'a' * 390_000}.example"
            assert client.get("/accounts/login/", headers={"Host": host}).status_code == 400
            assert client.get(f"/internal/tls/ask?domain={host}").status_code == 404
    assert not served_hosts._known


def test_of_many_names_the_one_asked_about_longest_ago_is_forgotten(db, monkeypatch):
    served_hosts._known.clear()
    monkeypatch.setattr(served_hosts, "_MOST_NAMES", 3)
    for name in ("a.example", "b.example", "c.example", "a.example", "d.example"):
        served_hosts.is_served(name)
    assert list(served_hosts._known) == ["c.example", "a.example", "d.example"]


def test_an_unknown_name_costs_one_query_a_minute(client, db, django_assert_num_queries):
    with django_assert_num_queries(1):
        for _ in range(3):
            client.get("/internal/tls/ask?domain=nobody.example")


def test_the_site_answers_on_proven_domains_and_its_own(client, name_server, domain):
    assert client.get("/accounts/login/").status_code == 200
    assert client.get("/accounts/login/", headers={"Host": HOST}).status_code == 400
    prove(name_server, domain)
    domains.check(domain)
    served_hosts._known.clear()
    assert client.get("/accounts/login/", headers={"Host": HOST}).status_code == 200


@pytest.mark.parametrize("page", ["/accounts/login/", "/static/tenants/none.css"])
def test_a_customers_domain_promises_nothing_for_the_names_below_it(
    client, name_server, domain, settings, page
):
    """A browser kept to TLS for the whole of the customer's domain would find sites broken."""
    prove(name_server, domain)
    domains.check(domain)
    settings.SECURE_HSTS_SECONDS = 1000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    ours, theirs = (
        client.get(page, secure=True, headers={"Host": host}).headers["Strict-Transport-Security"]
        for host in ("testserver", HOST)
    )
    assert (ours, theirs) == ("max-age=1000; includeSubDomains; preload", "max-age=1000")


@pytest.mark.parametrize("host", ["", "a b", "x:y:z", "evil.example", "[", "%00"])
def test_a_name_that_is_none_is_refused_and_no_fault(client, db, host):
    assert client.get("/portal/", headers={"Host": host}).status_code == 400
