"""Changes to many participants at once, and comparisons with the SMP."""

import base64

import pytest
from django.utils import timezone

from peppol import code_lists
from peppol.identifiers import DEFAULT_DOCUMENT_TYPES, parse
from peppol.models import BulkOperation, Finding, Participant
from peppol.sandbox import authority, faults
from peppol.sandbox.models import Card, Group, Service
from peppol.services.registration import (
    access_points,
    bulk,
    participants,
    reconciliation,
    strangers,
    worker,
)
from peppol.smp.client import BusinessCard, Entity
from peppol.smp.dialects import configured_smp
from tenants.errors import Invalid, WrongState
from tests.conftest import make_company

pytestmark = pytest.mark.django_db(transaction=True)
State = Participant.State
Kind = BulkOperation.Kind
INVOICE, CREDIT_NOTE = DEFAULT_DOCUMENT_TYPES
RESPONSE = next(t for t in code_lists.document_types() if "Response" in t.name)


SELF_BILLED = next(t for t in code_lists.document_types() if "Self-Billing" in t.name)


@pytest.fixture
def registered(gate, acme, by) -> list[Participant]:
    """Three companies of acme on the network."""
    rows = [
        participants.register(make_company(acme, f"c{n}"), f"0208:000000000{n}", by=by)
        for n in range(3)
    ]
    worker.drain(seconds=20)
    return rows


def certificate() -> str:
    """Some other certificate than the access point's."""
    return authority.bundle().smp_certificate


def run(operation: BulkOperation) -> BulkOperation:
    """Do what the workers do, until it is over."""
    for _ in range(10):
        bulk.advance()
        reconciliation.advance()
        worker.drain(seconds=20)
        operation.refresh_from_db()
        if operation.state == BulkOperation.State.DONE:
            return operation
    raise AssertionError(operation.progress())


def shown(row: Participant, document_type=INVOICE) -> set[tuple[str, str]]:
    """Which address and certificate the SMP shows."""
    metadata = configured_smp().service_metadata(parse(row.identifier), document_type)
    return {(one.url, one.certificate) for one in metadata.endpoints} if metadata else set()


def test_the_access_point_of_all_participants_is_changed(registered, by):
    point = access_points.know("https://new.example.org/as4", certificate())
    operation = run(bulk.start(Kind.ACCESS_POINT, access_point=point, by=by))
    assert operation.progress() == {"total": 3, "succeeded": 3, "failed": 0, "left": 0}
    for row in registered:
        assert shown(row) == {("https://new.example.org/as4", point.certificate)}
        row.refresh_from_db()
        assert row.is_registered
    back = run(bulk.start(Kind.ACCESS_POINT, by=by))
    assert back.succeeded == 3
    assert "new.example.org" not in str(shown(registered[0]))


def test_a_certificate_is_read_in_any_of_its_spellings(db):
    pem = certificate()
    base = "".join(pem.strip().splitlines()[1:-1])
    first = access_points.know("https://new.example.org/as4", pem)
    assert access_points.know("https://new.example.org/as4", base) == first
    assert base64.b64decode(first.certificate)
    for broken in ("", "nonsense", base[:40]):
        with pytest.raises(Invalid):
            access_points.know("https://new.example.org/as4", broken)


def test_a_document_type_is_added_and_removed_again(registered, by):
    both = [RESPONSE.name, SELF_BILLED.uri]
    run(bulk.start(Kind.ADD_DOCUMENT_TYPE, document_types=both, by=by))
    assert all(shown(row, RESPONSE) and shown(row, SELF_BILLED) for row in registered)
    run(bulk.start(Kind.REMOVE_DOCUMENT_TYPE, document_type=SELF_BILLED.uri, by=by))
    assert all(shown(row, RESPONSE) and shown(row) for row in registered)
    run(bulk.start(Kind.REMOVE_DOCUMENT_TYPE, document_type=RESPONSE.uri, by=by))
    assert not any(shown(row, RESPONSE) for row in registered)
    registered[0].refresh_from_db()
    assert registered[0].document_types == [], "the usual set again"


def test_the_last_document_type_is_not_removed(registered, by):
    run(bulk.start(Kind.REMOVE_DOCUMENT_TYPE, document_type=CREDIT_NOTE.uri, by=by))
    operation = run(bulk.start(Kind.REMOVE_DOCUMENT_TYPE, document_type=INVOICE.uri, by=by))
    assert (operation.succeeded, operation.failed) == (0, 3)
    assert shown(registered[0])


def test_an_unknown_document_type_is_refused_with_the_known_ones(db, by):
    with pytest.raises(Invalid, match="Invoice Response"):
        bulk.start(Kind.ADD_DOCUMENT_TYPE, document_type="nonsense", by=by)


def test_only_the_companies_of_a_platform_are_changed(registered, rivals_company, rival, by):
    theirs = participants.register(rivals_company, "0208:0000000009", by=by)
    worker.drain(seconds=20)
    point = access_points.know("https://new.example.org/as4", certificate())
    operation = run(bulk.start(Kind.ACCESS_POINT, access_point=point, platform=rival, by=by))
    assert operation.total == 1
    assert "new.example.org" in str(shown(theirs))
    assert "new.example.org" not in str(shown(registered[0]))


def test_one_that_registers_meanwhile_is_published_with_the_change(registered, gate, acme, by):
    company = make_company(acme, "late")
    late = participants.register(company, "0208:0000000009", by=by)
    point = access_points.know("https://new.example.org/as4", certificate())

    def change_midway(line: str) -> None:
        if line.startswith("PUT") and "businesscard" in line:
            gate.on_request = lambda line: None
            bulk.start(Kind.ACCESS_POINT, access_point=point, by=by)
            bulk.advance()

    gate.on_request = change_midway
    worker.drain(seconds=20)
    assert shown(late) == {("https://new.example.org/as4", point.certificate)}


def test_an_operation_visits_a_window_at_a_time_and_goes_on_after_a_crash(
    registered, by, monkeypatch
):
    monkeypatch.setattr(bulk, "WINDOW", 2)
    operation = bulk.start(Kind.REPUBLISH, by=by)
    bulk.advance()
    bulk.advance()
    operation.refresh_from_db()
    assert operation.progress() == {"total": 3, "succeeded": 0, "failed": 0, "left": 3}
    assert Participant.objects.filter(metadata_state="pending").count() == 2
    # Whatever happened to the workers, the rows say how to go on.
    assert run(operation).succeeded == 3


def test_a_cancelled_operation_visits_nobody_else(registered, by):
    operation = bulk.cancel(bulk.start(Kind.REPUBLISH, by=by))
    bulk.advance()
    assert not Participant.objects.filter(metadata_state="pending").exists()
    with pytest.raises(WrongState):
        bulk.cancel(operation)


def test_nobody_is_counted_who_was_visited_since_one_looked(registered, by):
    """A progress of −3: as many were pending as were visited after the row was read."""
    looked_at = bulk.start(Kind.REPUBLISH, by=by)
    bulk.advance()
    assert looked_at.progress() == {"total": 3, "succeeded": 0, "failed": 0, "left": 3}


def test_what_the_smp_refuses_is_counted_and_said(registered, gate, by):
    operation = bulk.start(Kind.REPUBLISH, by=by)
    gate.on_request = lambda line: (415, b"no") if line.startswith("PUT") else None
    assert run(operation).failed == 3
    row = Participant.objects.first()
    assert (row.state, row.metadata_state) == ("active", "failed")
    assert (row.error_code, row.raw_answer) == ("smp_refused", "415 no")
    gate.on_request = lambda line: None
    participants.retry(row, by=by)
    worker.drain(seconds=20)
    row.refresh_from_db()
    assert (row.metadata_state, row.publication_error) == ("published", "")


def test_registrations_come_before_an_operation(registered, gate, acme, by):
    run(bulk.start(Kind.REPUBLISH, by=by))
    bulk.start(Kind.REPUBLISH, by=by)
    bulk.advance()
    participants.register(make_company(acme, "new"), "0208:0000000009", by=by)
    assert worker.claims.take().participant.identifier == "0208:0000000009"


def reconcile(by, **scope) -> dict[str, str]:
    operation = run(bulk.start(Kind.RECONCILE, by=by, **scope))
    return {f.identifier: f.kind for f in operation.findings.all()}


def test_an_smp_that_agrees_yields_no_findings(registered, by):
    assert reconcile(by) == {}
    assert BulkOperation.objects.get().progress()["succeeded"] == 3


def test_a_comparison_finds_what_is_missing_unknown_and_different(registered, by):
    smp = configured_smp()
    first, second, third = registered
    smp.delete_service_group(parse(first.identifier))
    smp.put_business_card(parse(second.identifier), BusinessCard([Entity({"": "Other"}, "BE")]))
    Service.objects.filter(group__uri=parse(third.identifier).uri).first().delete()
    smp.create_service_group(parse("0208:0000000099"))
    assert reconcile(by) == {
        first.identifier: "missing",
        second.identifier: "different",
        third.identifier: "different",
        "0208:0000000099": "unknown",
    }
    for finding in Finding.objects.exclude(kind="unknown"):
        reconciliation.repair(finding, by=by)
    worker.drain(seconds=20)
    assert reconcile(by) == {"0208:0000000099": "unknown"}
    assert Card.objects.count() == 3


def test_what_is_unknown_here_is_taken_down_when_a_person_says_so(registered, by):
    configured_smp().create_service_group(parse("0208:0000000099"))
    reconcile(by)
    finding = Finding.objects.get()
    with pytest.raises(WrongState):
        reconciliation.repair(finding, by=by)
    strangers.take_down(finding, sure=True)
    assert Group.objects.count() == 3
    Finding.objects.update(identifier=registered[0].identifier)
    with pytest.raises(WrongState):
        strangers.take_down(Finding.objects.get(), sure=True)


def test_a_comparison_waits_for_an_smp_that_is_down_and_goes_on(registered, by):
    operation = bulk.start(Kind.RECONCILE, by=by)
    faults.switch_on("down")
    reconciliation.advance()
    operation.refresh_from_db()
    assert operation.state == BulkOperation.State.RUNNING
    assert "503" in operation.last_error
    assert operation.next_attempt_at > timezone.now()
    faults.switch_off()
    BulkOperation.objects.update(next_attempt_at=timezone.now())
    assert run(operation).succeeded == 3


def test_a_comparison_goes_on_where_it_stopped(registered, gate, by):
    operation = bulk.start(Kind.RECONCILE, by=by)
    reconciliation.advance(seconds=0)
    operation.refresh_from_db()
    assert (operation.visited, operation.state) == (1, "running")
    gate.seen.clear()
    run(operation)
    assert not [line for line in gate.seen if registered[0].value in line]
