"""Mandates: what a company authorises its platform to do, and what waits until it has."""

import io
import re
import struct
import time
import zipfile
from datetime import timedelta

import pytest
from django.conf import settings as installation
from django.test import Client
from django.utils import timezone

from peppol import workbook_bounds
from peppol.models import Mandate, MandateFile, Participant
from peppol.readable import mandate as paper
from peppol.services.identification.evidence import HandedIn
from peppol.services.mandates import copies, mandates, texts
from peppol.services.mandates.mandates import Signature
from peppol.services.registration import follow_up, participants
from peppol.tasks import end_mandates
from tenants import ids
from tenants.errors import DomainError
from tenants.models import Event
from tenants.services import client_links, entitlements, organizations
from tests.conftest import SYSTEM, make_company

PDF = b"%PDF-1.7 a signed copy"


def signed(company, **changes) -> Mandate:
    drawn = mandates.draw_up(company, by=SYSTEM, **changes)
    said = Signature("An Peeters", "director", "192.0.2.7", drawn.text_digest, drawn.language)
    return mandates.confirm(company, said, by=SYSTEM)


def asks(platform, policy: str) -> None:
    entitlements.give(platform, {"mandate_policy": policy}, by=SYSTEM)


def code_of(refused) -> str:
    return str(refused.value.code)


def test_a_registration_waits_for_the_mandate_where_the_operator_wants_it(acme, bakery):
    asks(acme, "before_registering")
    row = participants.register(bakery, "0208:0403170701", by=SYSTEM)
    assert (row.state, row.error_code) == ("draft", "mandate_required")
    follow_up.register_identified()
    row.refresh_from_db()
    assert row.state == "draft"
    signed(bakery)
    follow_up.register_identified()
    row.refresh_from_db()
    assert row.state == "pending"


@pytest.mark.parametrize("policy, code", [("", None), ("none", None), ("before_sending", None)])
def test_a_registration_waits_for_none_elsewhere(acme, bakery, policy, code):
    asks(acme, policy)
    assert participants.register(bakery, "0208:0403170701", by=SYSTEM).state == "pending"


def test_nothing_is_sent_before_the_mandate_nor_for_what_it_is_not_for(acme, bakery):
    from peppol.services.identification import gate

    def refusal():
        bakery.refresh_from_db()
        found = gate.obstacle(bakery, gate.Act.SEND, "0208:0403170701")
        return found and found.code

    assert refusal() is None
    for policy in ("before_sending", "before_registering"):
        asks(acme, policy)
        assert refusal() == "mandate_required"
    row = signed(bakery, scope=["receive", "register"])
    assert refusal() == "mandate_required"
    mandates.revoke(row, reason="another one", by=SYSTEM)
    row = signed(bakery)
    assert refusal() is None
    mandates.revoke(row, reason="the client left", by=SYSTEM)
    assert refusal() == "mandate_required"
    assert row.ends_on is None
    with pytest.raises(DomainError) as refused:
        mandates.revoke(row, reason="again", by=SYSTEM)
    assert code_of(refused) == "ended"


def visit_of(phone: Client, company) -> str:
    link = client_links.make(company, "mandate", by=SYSTEM)
    path = client_links.address_of(link).removeprefix(str(installation.BASE_URL))
    return str(phone.post(path).headers["Location"])


def test_a_client_reads_the_mandate_and_confirms_it(bakery):
    phone = Client(enforce_csrf_checks=True, headers={"accept-language": "nl"})
    visit = visit_of(phone, bakery)
    page = phone.get(visit)
    row = page.context["mandate"]
    assert row.text.split("\n")[1] in page.content.decode() and not Mandate.objects.exists()
    form = {"name": "An <b>Peeters</b>", "capacity": "zaakvoerder", "agreed": "on"}
    seen = {"seen": row.text_digest, "language": row.language}
    refused = phone.post(visit, {**form, **seen, "agreed": ""})
    assert "agreed" in refused.context["form"].errors
    assert phone.post(visit, {**form, **seen, "seen": "0" * 64}).context["form"].errors
    assert phone.post(visit, {**form, **seen}).status_code == 200
    kept = Mandate.objects.get()
    assert (kept.state, kept.method, kept.language) == ("signed", "link", "nl")
    assert (kept.signed_by, kept.signed_from) == ("An <b>Peeters</b>", "127.0.0.1")
    assert texts.digest(kept.text) == kept.text_digest == row.text_digest
    event = Event.objects.get(type="company.mandate_signed")
    assert event.actor_kind == "link" and "Peeters" not in str(event.data["mandate"])
    assert phone.post(visit, {**form, **seen}).status_code == 410


def test_what_was_changed_after_it_was_read_is_not_signed(acme, bakery):
    read = mandates.draw_up(bakery, by=SYSTEM).text_digest
    organizations.update(acme, {"name": "Quite Another"}, by=SYSTEM)
    said = Signature("An", "", "192.0.2.7", read, "en")
    with pytest.raises(DomainError) as refused:
        mandates.confirm(bakery, said, by=SYSTEM)
    assert code_of(refused) == "text_changed" and Mandate.objects.get().state == "asked"


def test_a_mandate_is_on_paper_in_every_language(bakery):
    found = Mandate.objects.select_related("organization__parent")
    for language in texts.LANGUAGES:
        mandates.draw_up(bakery, language=language, by=SYSTEM)
        row = found.get()
        assert paper.write(row).startswith(b"%PDF-") and paper.write(row) == paper.write(row)
    signed(bakery)
    assert paper.write(found.get()).startswith(b"%PDF-")


def packed(*files: tuple[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return sink.getvalue()


def test_signed_copies_come_by_the_thousand_and_each_finds_its_company(
    acme, bakery, rival, rivals_company
):
    organizations.update(bakery, {"company_number": "0403.170.701"}, by=SYSTEM)
    butcher = make_company(acme, "Butcher", vat_number="BE0202239951")
    twins = [make_company(acme, f"Twin {n}", company_number="77") for n in range(2)]
    organizations.update(rivals_company, {"company_number": "0999999999"}, by=SYSTEM)
    files = packed(
        ("signed/0403170701.pdf", PDF + b"1"),
        ("signed/0202239951_mandate 2026.pdf", PDF + b"2"),
        (f"{ids.spell('tenant', twins[0].pk)}.pdf", PDF + b"3"),
        ("77.pdf", PDF),
        ("0999999999.pdf", PDF),
        (f"{rivals_company.pk}.pdf", PDF),
        ("../../../0403170701_again.pdf", PDF + b"1"),
        (f"{twins[1].pk}.pdf", b"<script>alert(1)</script>"),
        ("__MACOSX/._0403170701.pdf", b"x"),
        ("signed/", b""),
    )
    found = copies.receive(acme, files, by=SYSTEM)
    taken = [one.company for one in found if one.refusal is None]
    assert taken == [bakery, butcher, twins[0]]
    said = [str(one.refusal) for one in found if one.refusal]
    wanted = ("Several", "No company", "No company", "taken already", "Only PDF")
    assert [any(word in one for word in wanted) for one in said] == [True] * 5
    assert set(MandateFile.objects.values_list("organization", flat=True)) == {
        one.pk for one in (bakery, butcher, twins[0])
    }
    kept = MandateFile.objects.get(organization=bakery)
    assert kept.opened() == PDF + b"1" and PDF not in bytes(kept.content)
    assert re.fullmatch(r"[0-9a-f]{64}", kept.digest)


def test_a_directory_of_many_files_is_not_even_read(acme):
    entry = b"PK\x01\x02\x14\0\x14".ljust(28, b"\0") + b"\x01".ljust(18, b"\0") + b"a"
    directory = entry * (8 * 2**20 // len(entry))
    ending = b"PK\x05\x06\0\0\0\0" + b"\xff" * 4 + struct.pack("<LLH", len(directory), 0, 0)
    with pytest.raises(DomainError) as refused:
        copies.receive(acme, directory + ending, by=SYSTEM)
    assert code_of(refused) == "too_much"
    began = time.thread_time()
    with pytest.raises(workbook_bounds.TooMuch):
        workbook_bounds.check(directory + ending, most_rows=1)
    assert time.thread_time() - began < 0.2


def test_bombs_and_what_is_no_archive_are_refused_unread(acme, bakery):
    bomb = packed(*((f"{n}.pdf", b"\0" * (25 * 2**20)) for n in range(9)))
    assert len(bomb) < 2**20
    many = packed(*((f"{n}.pdf", b"x") for n in range(copies.MOST_FILES + 1)))
    for content, code in ((bomb, "too_much"), (many, "too_much"), (b"PK\x03\x04", "no_zip")):
        with pytest.raises(DomainError) as refused:
            copies.receive(acme, content, by=SYSTEM)
        assert code_of(refused) == code
    large = packed((f"{bakery.pk}.pdf", PDF + b"\0" * (11 * 2**20)))
    (one,) = copies.receive(acme, large, by=SYSTEM)
    assert "larger than 10 MB" in str(one.refusal) and not Mandate.objects.exists()
    broken = bytearray(packed((f"{bakery.pk}.pdf", PDF * 50)))
    broken[70:80] = b"\xff" * 10
    (one,) = copies.receive(acme, bytes(broken), by=SYSTEM)
    assert one.refusal and not Mandate.objects.exists()


def test_a_mandate_that_ends_is_told_once_and_then_ends(bakery):
    today = timezone.localdate()
    row = signed(bakery, ends_on=today + timedelta(days=29))
    far = signed(make_company(bakery.parent, "Far"), ends_on=today + timedelta(days=31))
    for _ in range(2):
        end_mandates()
    assert Event.objects.get(type="company.mandate_expiring").organization == bakery
    Mandate.objects.filter(pk=row.pk).update(
        ends_on=today - timedelta(days=1), starts_on=today - timedelta(days=9)
    )
    for _ in range(2):
        end_mandates()
    row.refresh_from_db()
    far.refresh_from_db()
    assert (row.state, far.state) == ("expired", "signed")
    assert Event.objects.filter(type="company.mandate_expired").count() == 1


def test_a_mandate_for_nothing_or_for_no_days_is_refused(acme, bakery):
    today = timezone.localdate()
    for company, options in (
        (bakery, {"scope": []}),
        (bakery, {"ends_on": today - timedelta(days=1)}),
        (bakery, {"starts_on": today + timedelta(days=9), "ends_on": today}),
        (bakery, {"ends_on": today + timedelta(days=9999)}),
        (acme, {}),
    ):
        with pytest.raises(DomainError):
            mandates.draw_up(company, by=SYSTEM, **options)
    assert not Mandate.objects.exists()
    copy = HandedIn("copy.png", b"\x89PNG\r\n\x1a\n")
    assert mandates.keep_copy(bakery, copy, by=SYSTEM).method == "file"
    assert MandateFile.objects.get().name == "copy.png"
    assert not Participant.objects.exists()
