"""Documents that were kept before their rows had names are looked into, and found by them."""

import pytest
from django.core.files.storage import Storage

from peppol.models import Document
from peppol.services.documents import drafts, naming
from tests.conftest import SYSTEM
from tests.peppol.test_invoices import BUYER, INVOICE
from tests.peppol.trading import send
from tests.portal.conftest import at, make_member, signed_in, texts
from tests.portal.test_documents import ubl

pytestmark = pytest.mark.django_db


def aged(**facts) -> None:
    """Have all documents be as they were before."""
    old = {"sender_name": "", "receiver_name": "", "net": None, "tax": None, "partner_key": None}
    Document.objects.update(**{**old, **facts})


def test_an_old_document_is_named_and_found_by_its_partner(sender, acme):
    row = send(sender)
    aged()
    assert naming.name_old() == 1 and naming.name_old() == 0
    row.refresh_from_db()
    assert (row.receiver_name, row.sender_name) == (BUYER["name"], "Bakkerij Peeters BV")
    assert (row.net, row.partner_key) == (25, "studiolumieresarl")
    browser = signed_in(make_member(acme, "owner", "olga@acme.example"))
    for term, found in (("studio LUMIÈRE", True), ("Lumi", False), ("Bakkerij", False)):
        page = texts(browser.get(at("peppol_document"), {"q": term}))
        assert (INVOICE["number"] in page) is found, term


def test_what_a_row_says_already_stays(sender):
    row = send(sender)
    aged(receiver_name="Another name")
    naming.name_old()
    row.refresh_from_db()
    assert (row.receiver_name, row.partner_key) == ("Another name", "anothername")


def test_a_payload_that_cannot_be_read_keeps_no_other_waiting(sender, monkeypatch):
    gone, kept = send(sender), send(sender, {**INVOICE, "number": "2"} | {"seller": {}})
    aged()
    opened = Storage.open

    def fail(self, name, mode="rb"):
        if name == gone.payload.name:
            raise OSError("The storage is away.")
        return opened(self, name, mode)

    monkeypatch.setattr(Storage, "open", fail)
    assert naming.name_old() == 1
    keys = dict(Document.objects.values_list("pk", "partner_key"))
    assert keys == {gone.pk: None, kept.pk: "studiolumieresarl"}


def test_a_draft_shows_whom_it_is_for(bakery, acme):
    browser = signed_in(make_member(acme, "owner", "olga@acme.example"))
    drafts.keep(bakery, ubl(), by=SYSTEM)
    assert BUYER["name"] in texts(browser.get(at("peppol_documentdraft"), {"q": "lumière"}))
