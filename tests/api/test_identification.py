"""A company that has to be identified: each surface refuses in its own words, until it is."""

import pytest

from apikeys.services import keys
from peppol.models import Document
from tests.api.conftest import Caller
from tests.api.einvoice.tenant.documents.conftest import draft
from tests.api.test_document_limits import SURFACES, by_einvoice
from tests.conftest import SYSTEM
from tests.peppol.identifying import identified

pytestmark = pytest.mark.django_db
SENTENCE = (
    "This company has to be identified before it sends: hand in who it is, on its page under "
    "Identification."
)


@pytest.fixture(autouse=True)
def asks(settings):
    settings.IDENTIFICATION_POLICY = "before_sending"


@pytest.mark.parametrize("call, said", SURFACES)
def test_sending_is_refused_until_it_is_identified(call, said, sender):
    answer = call(sender)
    assert answer.status_code == (400 if call is by_einvoice else 409)
    told = answer.json()
    assert SENTENCE in str(told)
    assert call is by_einvoice or "identification_required" in str(told).lower()
    identified(sender)
    assert call(sender).status_code in (200, 201, 202)


def test_the_refusal_is_not_the_answer_to_the_same_call_later(sender):
    own = Caller(keys.issue(sender, name="own", by=SYSTEM)[1])
    path, headers = f"/api/documents/{draft(own)['id']}/send", {"Idempotency-Key": "k-1"}
    assert own.post(path, headers=headers).status_code == 400
    identified(sender)
    assert own.post(path, headers=headers).status_code == 200
    assert Document.objects.count() == 1
