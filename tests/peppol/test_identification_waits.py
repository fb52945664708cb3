"""What happens by itself: documents wait for their company, and registers are asked about it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from peppol.models import Document, Identification, RegisteredCompany
from peppol.services.identification import confirmations, identification
from tests.peppol.identifying import identified, submitted
from tests.peppol.trading import send, work

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_waits_and_goes_on_its_way_once_that_is_verified(
    settings, network, sender, recipient, by
):
    settings.IDENTIFICATION_POLICY = "before_sending"
    identified(sender)
    row = send(sender)
    Identification.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    work()
    row.refresh_from_db()
    assert (row.state, row.error_code) == ("accepted", "identification_required")
    assert row.can_be_withdrawn and row.attempt_count == 0
    submitted(sender)
    work()
    row.refresh_from_db()
    assert "being reviewed" in row.last_error
    identification.verify(sender, by=by)
    assert list(Document.objects.outbound().due()) == [row]
    work()
    row.refresh_from_db()
    assert (row.state, row.error_code) == ("delivered", "")


def test_registers_confirm_and_contradict_what_was_handed_in(sender):
    """KBO is in the database; in the sandbox VAT numbers go by their check digits."""
    known = RegisteredCompany(number="0403170701", status="AC", extract=1)
    known.names = {"fr": "Boulangerie Peeters", "nl": "Bakkerij Peeters"}
    known.save()
    said = {}
    for name in ("BAKKERIJ PEETERS B.V.", "Somebody Else NV"):
        row = submitted(sender, legal_name=name)
        assert confirmations.look_up_due() == 1 and confirmations.look_up_due() == 0
        row.refresh_from_db()
        said[name] = [one["verdict"] for one in row.confirmations]
    assert list(said.values()) == [["confirms", "confirms"], ["contradicts", "confirms"]]
    assert confirmations.fill(sender)["legal_name"] in known.names.values()
    assert [confirmations.fill(sender)["register_number"]] == ["0403170701"]
