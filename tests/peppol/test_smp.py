"""The SMP client against an SMP over HTTP: the contract of phoss SMP's REST interface.

The same tests run against a real phoss SMP when `PHOSS_URL` and its credentials are set in the
environment; what only the sandbox can be told to do is skipped there.
"""

import os
from base64 import b64encode
from urllib.parse import quote

import pytest
import requests
from django.conf import settings

from peppol.identifiers import DEFAULT_DOCUMENT_TYPES, parse
from peppol.sandbox import authority, faults
from peppol.sandbox.models import SmlEntry
from peppol.services.registration.desired import own_endpoint
from peppol.smp import documents
from peppol.smp.client import (
    ApEndpoint,
    BusinessCard,
    Entity,
    OutOfOrder,
    RegisteredElsewhere,
    ShownEndpoint,
    Unavailable,
    Untrusted,
)
from peppol.smp.dialects import configured_smp
from peppol.smp.phoss import PhossSmp

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
INVOICE, CREDIT_NOTE = DEFAULT_DOCUMENT_TYPES
PHOSS = os.environ.get("PHOSS_URL", "")
sandbox_only = pytest.mark.skipif(bool(PHOSS), reason="a real SMP cannot be told to fail")
CARD = BusinessCard(
    [Entity({"nl": "Bakkerij Peeters", "": "Peeters"}, "BE", identifiers=[("VAT", "BE0403170701")])]
)


@pytest.fixture
def smp_url(live_server, settings):
    settings.SMP_URL = PHOSS or f"{live_server.url}/sandbox/smp"
    if PHOSS:
        settings.SMP_USERNAME = os.environ.get("PHOSS_USERNAME", "")
        settings.SMP_PASSWORD = os.environ.get("PHOSS_PASSWORD", "")
        settings.SMP_TOKEN = os.environ.get("PHOSS_TOKEN", "")
        settings.SMP_TRUST_ANCHORS = os.environ.get("PHOSS_ANCHORS", "").split()
    return settings.SMP_URL


def credentials():
    """What whoever calls by hand shows."""
    if settings.SMP_TOKEN:
        return {"Authorization": f"Bearer {settings.SMP_TOKEN}"}
    basic = b64encode(f"{settings.SMP_USERNAME}:{settings.SMP_PASSWORD}".encode()).decode()
    return {"Authorization": f"Basic {basic}"}


@pytest.fixture
def smp(smp_url):
    return configured_smp()


@pytest.fixture
def endpoint():
    return own_endpoint()


@pytest.fixture
def pid(smp):
    pid = parse("0208:0403170701")
    yield pid
    faults.switch_off()
    smp.delete_service_group(pid)


@pytest.fixture
def registered(smp, pid, endpoint):
    smp.create_service_group(pid)
    smp.put_service_metadata(pid, INVOICE, endpoint)
    return pid


def test_an_unknown_participant_is_none(smp, pid):
    assert smp.service_group(pid) is None
    assert smp.service_metadata(pid, INVOICE) is None
    assert smp.business_card(pid) is None


def test_a_registration_reads_back_as_it_was_given(smp, pid, endpoint):
    smp.create_service_group(pid)
    assert smp.service_group(pid) == []
    for document_type in DEFAULT_DOCUMENT_TYPES:
        smp.put_service_metadata(pid, document_type, endpoint)
    assert set(smp.service_group(pid)) == {INVOICE.uri, CREDIT_NOTE.uri}
    shown = smp.service_metadata(pid, INVOICE)
    assert shown.endpoints == [
        ShownEndpoint(process, endpoint.url, endpoint.certificate, contact=endpoint.contact_url)
        for process in INVOICE.processes
    ]


def test_a_second_put_of_a_document_type_replaces_the_first(smp, registered, endpoint):
    other = ApEndpoint(
        "https://ap.example/as4", endpoint.certificate, "Other", "mailto:a@b.example"
    )
    smp.put_service_metadata(registered, INVOICE, other)
    shown = smp.service_metadata(registered, INVOICE)
    assert {one.url for one in shown.endpoints} == {"https://ap.example/as4"}


def test_case_makes_no_other_participant(smp, endpoint):
    upper, lower = parse("9925:BE0403170701"), parse("9925:be0403170701")
    smp.create_service_group(upper)
    smp.put_service_metadata(upper, INVOICE, endpoint)
    assert smp.service_group(lower) == [INVOICE.uri]
    assert smp.service_metadata(lower, INVOICE)
    smp.delete_service_group(lower)
    assert smp.service_group(upper) is None


def test_a_business_card_reads_back_and_goes(smp, registered):
    smp.put_business_card(registered, CARD)
    assert smp.business_card(registered) == CARD
    smp.push_business_card(registered)
    smp.delete_business_card(registered)
    assert smp.business_card(registered) is None
    smp.delete_business_card(registered)


def test_deleting_a_participant_takes_everything_along_and_may_be_repeated(smp, registered):
    smp.put_business_card(registered, CARD)
    smp.delete_service_group(registered)
    smp.delete_service_group(registered)
    assert smp.service_group(registered) is None
    assert smp.business_card(registered) is None


def test_a_document_type_can_be_taken_out(smp, registered):
    smp.delete_service_metadata(registered, INVOICE)
    smp.delete_service_metadata(registered, INVOICE)
    assert smp.service_group(registered) == []


def test_a_process_can_be_taken_out_of_a_document_type(smp_url, smp, registered):
    first, *others = INVOICE.processes
    base = f"{smp_url}/{quote(registered.uri, safe='')}/services/{quote(INVOICE.uri, safe='')}"

    def delete(process):
        path = f"{base}/{quote(f'{process.scheme}::{process.value}', safe='')}"
        return requests.delete(path, headers=credentials(), timeout=5).status_code

    taken_out = delete(first)
    if PHOSS and taken_out == 405:
        pytest.skip("phoss SMP learned this with 8.1.8")
    assert (taken_out, delete(first)) == (200, 404)
    shown = smp.service_metadata(registered, INVOICE)
    assert {one.process for one in shown.endpoints} == set(others)
    assert [delete(process) for process in others] == [200] * len(others)
    assert smp.service_metadata(registered, INVOICE) is None


def test_all_participants_can_be_listed_for_reconciliation(smp, registered):
    assert registered.uri in smp.service_group_ids()


def test_our_organization_can_be_noted_at_the_participant(smp, registered):
    smp.put_property(registered, "organization", "o-1")


def test_an_smp_that_is_there_takes_a_ping_and_one_that_is_not_does_not(smp):
    smp.ping()
    with pytest.raises(Unavailable), PhossSmp("http://127.0.0.1:1") as nobody:
        nobody.ping()


def test_metadata_of_an_unknown_participant_is_not_the_last_word(smp, pid, endpoint):
    """It was there a moment ago, as somebody said: the registration begins again."""
    with pytest.raises(Unavailable) as answer:
        smp.put_service_metadata(pid, INVOICE, endpoint)
    assert not answer.value.silent and answer.value.answer.startswith("404 ")


@pytest.mark.parametrize("token", ["", "wrong"])
def test_every_failure_to_authenticate_is_a_403(smp_url, pid, token):
    with pytest.raises(OutOfOrder) as refusal:
        PhossSmp(smp_url, token=token).create_service_group(pid)
    assert refusal.value.trouble == "credentials" and refusal.value.answer.startswith("403 ")


@pytest.mark.parametrize(
    "path, body, content_type, status",
    [
        # The kind of content is not looked at, and the body before the id in the path.
        ("{sg}", b"<x/>", "application/json", 500),
        ("{sg}", b"<x/>", "", 500),
        ("{sg}", b"<x/>", "text/xml", 500),
        ("nonsense", b"<x/>", "text/xml", 500),
        ("nonsense", documents.service_group(parse("0208:0403170701")), "text/xml", 400),
        ("businesscard/{sg}", b"<x/>", "text/xml", 404),
        ("{sg}", documents.service_group(parse("0208:0999999922")), "text/xml", 400),
        ("{sg}", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///x">]><x>&e;</x>', "text/xml", 400),
    ],
)
def test_what_cannot_be_done_is_refused_as_a_phoss_does(
    smp_url, pid, smp, path, body, content_type, status
):
    sg = pid.uri.replace(":", "%3A")
    answer = requests.put(
        f"{smp_url}/{path.format(sg=sg)}",
        data=body,
        headers={**credentials(), "Content-Type": content_type},
        timeout=5,
    )
    assert answer.status_code == status
    # What is invalid is not said to be; the container fills the page.
    assert ("Apache Tomcat" in answer.text) == (status == 500)
    assert smp.service_group(pid) is None


def test_a_card_that_is_invalid_is_a_400(smp_url, registered):
    path = f"{smp_url}/businesscard/{quote(registered.uri, safe='')}"
    for body in (b"<x/>", b"<x"):
        answer = requests.put(path, data=body, headers=credentials(), timeout=5)
        assert answer.status_code == 400


@sandbox_only
def test_a_participant_moves_between_smps_by_its_key(smp, registered):
    key = smp.start_migration(registered)
    smp.finish_migration(registered)
    assert smp.service_group(registered) is None
    with pytest.raises(Unavailable):
        smp.migrate_in(registered, "Wrong00##key")
    smp.migrate_in(registered, key)
    assert smp.service_group(registered) == []


@sandbox_only
def test_a_cancelled_move_leaves_the_participant(smp, registered):
    smp.start_migration(registered)
    smp.cancel_migration(registered)
    assert smp.service_group(registered) == [INVOICE.uri]


@sandbox_only
def test_a_repair_leaves_the_sml_alone(smp, pid):
    smp.create_service_group(pid, in_sml=False)
    assert not SmlEntry.objects.exists()
    with pytest.raises(Unavailable):
        smp.delete_service_group(pid)
    smp.delete_service_group(pid, in_sml=False)
    assert smp.service_group(pid) is None


@sandbox_only
@pytest.mark.parametrize(
    "fault, error",
    [
        ("down", Unavailable),
        ("sml", Unavailable),
        ("elsewhere", RegisteredElsewhere),
        ("read_only", OutOfOrder),
        ("credentials", OutOfOrder),
        ("disabled", OutOfOrder),
    ],
)
def test_a_fault_of_the_smp_is_sorted_by_what_it_means(smp, pid, fault, error):
    faults.switch_on(fault)
    with pytest.raises(error):
        smp.create_service_group(pid)
    faults.switch_off()
    assert smp.service_group(pid) is None


@sandbox_only
def test_an_answer_whose_signature_does_not_hold_is_not_believed(smp, registered):
    faults.switch_on("signature")
    with pytest.raises(Untrusted):
        smp.service_metadata(registered, INVOICE)


def test_an_answer_signed_by_a_stranger_is_not_believed(smp_url, registered):
    stranger = authority.make().ca_certificate.encode()
    for anchors in ([], [stranger]):
        with pytest.raises(Untrusted):
            PhossSmp(smp_url, anchors=anchors).service_metadata(registered, INVOICE)
