"""The portal asks before it sends to somebody who is not there, or takes something else."""

import pytest

from peppol.code_lists import default_document_types
from peppol.models import Document
from peppol.services.documents import drafts
from tests.conftest import SYSTEM
from tests.peppol.test_invoices import BUYER
from tests.peppol.test_reach import registered, smp  # noqa: F401 — the sandbox's SMP over HTTP
from tests.portal.conftest import at, operation_at, texts
from tests.portal.test_documents import ubl, upload

pytestmark = pytest.mark.django_db(transaction=True)
INVOICE, CREDIT_NOTE = (one.value for one in default_document_types())
ADD, ANYWAY = at("peppol_document", "add"), {"unreached": "on"}


@pytest.mark.parametrize(
    "types, said",
    [
        (None, "is not registered on the network"),
        ((CREDIT_NOTE,), "It takes: Peppol BIS Billing UBL Credit Note V3"),
        ((INVOICE,), ""),
    ],
)
@pytest.mark.usefixtures("smp")
def test_whoever_cannot_get_it_is_asked_about(browser, sender, types, said):
    if types is not None:
        registered(BUYER["peppolId"], *types)
    answer = browser.post(ADD, upload(sender, ubl()))
    if said:
        assert said in texts(answer) and "Send it to this receiver all the same" in texts(answer)
        assert not Document.objects.exists()
        answer = browser.post(ADD, {**upload(sender, ubl()), **ANYWAY})
    assert answer.status_code == 302 and Document.objects.count() == 1


@pytest.mark.usefixtures("smp")
def test_both_questions_are_asked_at_once(browser, sender):
    browser.post(ADD, {**upload(sender, ubl()), **ANYWAY})
    draft = drafts.keep(sender, ubl(), by=SYSTEM)
    way = operation_at("peppol_documentdraft", "send", draft)
    for answered in ({}, ANYWAY, {"again": "on"}):
        page = texts(browser.post(way, answered))
        assert "was there before" in page and "is not registered on the network" in page
    assert browser.post(way, {**ANYWAY, "again": "on"}).status_code == 302
    assert Document.objects.count() == 2


@pytest.mark.usefixtures("smp")
def test_a_network_that_is_silent_keeps_nobody_from_sending(browser, sender, settings):
    settings.SMP_URL = "http://127.0.0.1:9/nobody"
    assert browser.post(ADD, upload(sender, ubl())).status_code == 302
