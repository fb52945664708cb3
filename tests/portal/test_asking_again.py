"""The portal asks before it sends a number that was sent before, wherever it sends."""

import pytest

from peppol.models import Document, DocumentDraft
from peppol.services.documents import drafts
from tests.conftest import SYSTEM
from tests.portal.conftest import at, operation_at, texts
from tests.portal.test_documents import ubl, upload

DOCUMENTS, DRAFTS = "peppol_document", "peppol_documentdraft"


@pytest.fixture
def sent(browser, sender):
    browser.post(at(DOCUMENTS, "add"), upload(sender, ubl()))
    return Document.objects.get()


def test_a_draft_is_asked_about_and_sent_all_the_same(browser, sender, sent):
    draft = drafts.keep(sender, ubl(), by=SYSTEM)
    page = texts(browser.post(operation_at(DRAFTS, "send", draft)))
    assert "was there before" in page and "Send it all the same" in page
    assert Document.objects.count() == 1 and DocumentDraft.objects.exists()
    assert browser.post(operation_at(DRAFTS, "send", draft), {"again": "on"}).status_code == 302
    assert Document.objects.count() == 2 and not DocumentDraft.objects.exists()


def test_a_draft_with_a_number_of_its_own_is_sent_at_once(browser, sender, sent):
    draft = drafts.keep(sender, ubl(number="2026-0043"), by=SYSTEM)
    assert browser.post(operation_at(DRAFTS, "send", draft)).status_code == 302
    assert Document.objects.count() == 2


def test_what_failed_is_asked_about_where_its_number_went_out_since(browser, sender, sent):
    Document.objects.update(state="failed")
    browser.post(at(DOCUMENTS, "add"), upload(sender, ubl()))
    again = operation_at(DOCUMENTS, "send_again", sent)
    assert "was there before" in texts(browser.post(again))
    assert Document.objects.count() == 2
    assert browser.post(again, {"again": "on"}).status_code == 302
    assert Document.objects.count() == 3
