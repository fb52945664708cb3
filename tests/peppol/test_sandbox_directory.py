"""The sandbox's Directory: what it learns of cards, and what becomes of those it does not take."""

import pytest
import requests

from peppol.sandbox import faults
from peppol.sandbox.models import Card
from peppol.smp.client import Unavailable
from tests.peppol.test_smp import CARD, endpoint, pid, registered, sandbox_only, smp, smp_url

assert endpoint and pid and registered and smp and smp_url
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once, sandbox_only]


def test_a_directory_that_takes_no_card_does_not_fail_the_card(smp, registered):
    faults.switch_on("directory")
    smp.put_business_card(registered, CARD)
    assert Card.objects.get().indexed_at is None
    with pytest.raises(Unavailable):
        smp.push_business_card(registered)
    faults.switch_off()
    smp.push_business_card(registered)
    assert Card.objects.get().indexed_at


def test_the_directory_finds_a_card_by_name(smp, registered, live_server):
    smp.put_business_card(registered, CARD)
    url = f"{live_server.url}/sandbox/directory/search/1.0/json"
    found = requests.get(url, params={"name": "bakkerij"}, timeout=5).json()
    assert [m["participantID"]["value"] for m in found["matches"]] == ["0208:0403170701"]
    assert requests.get(url, params={"q": "nobody"}, timeout=5).json()["total-result-count"] == 0
    assert requests.get(url, params={"rpi": "x", "rpc": "-1"}, timeout=5).status_code == 200
