"""The operator's network: registrations by state, differences repaired, the sandbox's switches."""

import pytest
from django.urls import reverse
from django.utils import timezone

from peppol.identifiers import parse
from peppol.models import AccessPoint, BulkOperation, Finding, Participant, WatchRound
from peppol.sandbox import authority, faults
from peppol.sandbox.models import Fault, Group, Transmission
from peppol.services.registration import bulk
from peppol.smp.dialects import configured_smp
from tests.conftest import SYSTEM, make_company
from tests.portal.conftest import texts


def at(page: str, what: str = "changelist", row=None) -> str:
    return reverse(f"admin:{page}_{what}", args=[row.pk] if row is not None else [])


@pytest.fixture
def registered(acme) -> list[Participant]:
    return [
        Participant.objects.create(
            organization=make_company(acme, f"Company {n}"),
            scheme="9915",
            value=f"c{n}",
            state="active",
            metadata_state="published",
            card_state="published",
        )
        for n in range(3)
    ]


@pytest.fixture
def comparison(registered) -> BulkOperation:
    """A comparison that found one missing, one different, and one that nobody here knows."""
    found = bulk.start(BulkOperation.Kind.RECONCILE, by=SYSTEM)
    BulkOperation.objects.update(state="done", finished_at=timezone.now())
    for participant, kind in zip(registered, ("missing", "different"), strict=False):
        Finding.objects.create(
            operation=found,
            participant=participant,
            organization=participant.organization,
            identifier=participant.identifier,
            kind=kind,
            detail=f"is {kind}",
        )
    Finding.objects.create(operation=found, identifier="9915:stranger", kind="unknown")
    found.refresh_from_db()
    return found


def test_registrations_are_counted_by_state_and_each_number_leads_to_them(desk, registered):
    Participant.objects.filter(pk=registered[0].pk).update(state="failed")
    page = desk.get(at("peppol_participant"))
    told = {str(one["title"]): one for one in page.context["figures"]}
    assert {name: one["number"] for name, one in told.items()} == {"Registered": 2, "Failed": 1}
    found = desk.get(told["Failed"]["link"]).context["cl"].result_list
    assert list(found) == [registered[0]]


def test_registrations_are_published_again_one_or_many(desk, registered):
    one, other, third = registered
    desk.post(at("peppol_participant", "republish", one))
    one.refresh_from_db()
    assert one.metadata_state == "pending"
    Participant.objects.filter(pk=third.pk).update(state="failed")
    form = {"action": "publish_again", "_selected_action": [other.pk, third.pk]}
    answer = texts(desk.post(at("peppol_participant"), form, follow=True))
    other.refresh_from_db()
    assert other.metadata_state == "pending"
    assert "1 is published again." in answer and "is not registered on the network" in answer


def test_a_comparison_tells_what_it_found_and_all_of_it_is_repaired_at_once(desk, comparison):
    page = at("peppol_bulkoperation", "change", comparison)
    shown = texts(desk.get(page))
    for sentence in ("9915:c0", "is missing", "is different", "9915:stranger", "Repair all"):
        assert sentence in shown, sentence
    answer = desk.post(at("peppol_bulkoperation", "repair", comparison), follow=True)
    assert "2 are published again." in texts(answer)
    assert {one.kind for one in Finding.objects.filter(repair_asked_at=None)} == {"unknown"}
    assert "Repair all" not in texts(desk.get(page))
    # It is repaired once that was read back.
    assert not Finding.objects.filter(repaired_at__isnull=False).exists()


def test_a_difference_is_repaired_alone_and_leads_to_its_registration(desk, comparison):
    finding = comparison.findings.get(kind="missing")
    page = texts(desk.get(at("peppol_finding", "change", finding)))
    assert at("peppol_participant", "change", finding.participant) in page
    desk.post(at("peppol_finding", "repair", finding))
    finding.refresh_from_db()
    assert finding.repair_asked_at and not finding.repaired_at
    assert "Under way" in texts(desk.get(at("peppol_finding", "change", finding)))
    Finding.objects.filter(pk=finding.pk).update(repaired_at=timezone.now())
    found = desk.get(at("peppol_finding"), {"operation": comparison.pk, "open": "yes"})
    assert {one.kind for one in found.context["cl"].result_list} == {"different", "unknown"}


def test_the_progress_of_a_bulk_operation_is_followed(desk, registered):
    begun = bulk.start(BulkOperation.Kind.REPUBLISH, by=SYSTEM)
    page = at("peppol_bulkoperation", "change", begun)
    assert "data-over" not in texts(desk.get(page, {"part": "1"}))
    bulk.cancel(begun)
    assert "data-over" in texts(desk.get(page, {"part": "1"}))


def test_an_access_point_is_made_known_to_move_registrations_to_it(desk):
    form = {"url": "https://ap.example/as4", "certificate": "no"}
    refused = desk.post(at("peppol_accesspoint", "add"), form)
    assert "This is not a certificate" in texts(refused)
    certificate = authority.bundle().smp_certificate
    desk.post(at("peppol_accesspoint", "add"), {**form, "certificate": certificate})
    assert AccessPoint.objects.get().url == "https://ap.example/as4"


@pytest.mark.django_db(transaction=True)
def test_what_nobody_knows_is_deleted_at_the_smp(desk, comparison, gate):
    configured_smp().create_service_group(parse("9915:stranger"))
    stranger = comparison.findings.get(kind="unknown")
    faults.switch_on("down")
    refused = desk.post(at("peppol_finding", "take_down", stranger))
    assert refused.status_code == 200 and Group.objects.exists()
    faults.switch_off()
    # Nothing says that it was put there from here: whoever deletes it says that they are sure.
    assert "say that you are sure" in texts(desk.post(at("peppol_finding", "take_down", stranger)))
    desk.post(at("peppol_finding", "take_down", stranger), {"sure": "on"})
    stranger.refresh_from_db()
    assert stranger.repaired_at and not Group.objects.exists()


# --- The sandbox ----------------------------------------------------------------------------------


def test_the_sandbox_is_told_to_misbehave_and_to_stop(desk, db):
    desk.post(at("sandbox_fault", "switch_on"), {"kind": "down"})
    desk.post(at("sandbox_fault", "switch_on"), {"kind": "ap_fails"})
    assert [fault.kind for fault in Fault.objects.all()] == ["ap_fails"]
    assert "It misbehaves" in texts(desk.get(at("sandbox_fault")))
    desk.post(at("sandbox_fault", "switch_off"))
    assert not Fault.objects.exists()
    page = desk.get(at("sandbox_fault"))
    assert "It behaves" in texts(page) and texts(page).count("?kind=") == 2 * len(Fault.Kind)
    form = desk.get(at("sandbox_fault", "switch_on"), {"kind": "sml"})
    assert '<option value="sml" selected>' in texts(form)


def test_a_real_network_is_not_told_to_misbehave(desk, settings):
    settings.PEPPOL_NETWORK = "test"
    assert desk.post(at("sandbox_fault", "switch_on"), {"kind": "down"}).status_code == 403
    assert not Fault.objects.exists()
    front = desk.get(reverse("admin:index"))
    items = [item for group in front.context["sidebar_navigation"] for item in group["items"]]
    assert "Sandbox" not in [str(item["title"]) for item in items if item["has_permission"]]


def test_transmissions_are_found_by_what_became_of_them(desk, db):
    facts = {
        "sender": "9915:a",
        "receiver": "9915:b",
        "document_type": "x",
        "process": "p",
        "media_type": "application/xml",
        "content": b"<Secret/>",
    }
    lost = Transmission.objects.create(
        sbdh_instance_id="i-1", status="permanently_failed", error="Nobody there", **facts
    )
    Transmission.objects.create(sbdh_instance_id="i-2", status="sent", **facts)
    found = desk.get(at("sandbox_transmission"), {"status": "permanently_failed"})
    assert list(found.context["cl"].result_list) == [lost]
    page = texts(desk.get(at("sandbox_transmission", "change", lost)))
    assert "Nobody there" in page and "Secret" not in page


def test_an_operation_in_stages_is_led_from_its_page(desk, registered):
    form = {"kind": "access_point", "url": "https://new.example/as4", "canary": "1"}
    form |= {"stop_at": "10", "contact_url": "mailto:a@b.example"}
    add = at("peppol_bulkoperation", "add")
    assert "both an address and a certificate" in texts(desk.post(add, form))
    desk.post(add, form | {"certificate": authority.bundle().smp_certificate})
    begun = BulkOperation.objects.get()
    assert (begun.canary, begun.access_point.contact_url) == (1, "mailto:a@b.example")
    bulk.advance()
    BulkOperation.objects.update(state="paused", paused_because="canary")
    page = texts(desk.get(at("peppol_bulkoperation", "change", begun)))
    assert "look at them, then go on" in page and "Under way" in page
    desk.post(at("peppol_bulkoperation", "go_on", begun))
    begun.refresh_from_db()
    assert (begun.state, begun.canary) == ("running", 0)
    desk.post(at("peppol_bulkoperation", "pause", begun))
    begun.refresh_from_db()
    assert begun.paused_because == "person"
    results = desk.get(at("peppol_bulkresult"), {"operation": begun.pk})
    assert registered[0].identifier in texts(results)


def test_on_a_phone_a_column_is_called_as_its_heading(desk):
    WatchRound.objects.create(most=1, state="done")
    assert 'data-label="Looked at"' in texts(desk.get(at("peppol_watchround")))
