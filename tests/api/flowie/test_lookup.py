"""Is my customer on Peppol? Asked through the API, before anything is sent."""

import pytest
from django.core.cache import cache

from config.api.flowie.requests.lookup import TYPES
from peppol.sandbox.models import Service
from tests.peppol.trading import put_up

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def smp(live_server, settings):
    settings.SMP_URL = f"{live_server.url}/sandbox/smp"
    cache.clear()
    group = put_up("9925:BE0202239951")
    uri = f"busdox-docid-qns::{TYPES['invoice']}"
    Service.objects.create(group=group, document_type=uri, information="<a/>")
    yield uri
    cache.clear()


@pytest.mark.parametrize(
    "query, verdict, instead",
    [
        ({"peppolId": "9925:BE0202239951"}, "takes", None),
        ({"peppolId": "9925:BE0202239951", "type": "invoice"}, "takes", None),
        ({"peppolId": "9925:BE0202239951", "type": "credit_note"}, "takes_other", None),
        ({"peppolId": "0208:0202239951", "type": "invoice"}, "absent", "9925:BE0202239951"),
        ({"peppolId": "0208:0403170701"}, "absent", None),
    ],
)
def test_the_network_is_asked(smp, tenant, query, verdict, instead):
    answer = tenant.get("/lookup?" + "&".join(f"{k}={v}" for k, v in query.items()))
    assert answer.status_code == 200, answer.content
    shown = answer.json()
    assert (shown["verdict"], shown["instead"]) == (verdict, instead)
    assert shown["registered"] is (verdict != "absent")
    if shown["registered"]:
        (one,) = shown["documentTypes"]
        assert one == {"id": smp, "name": "Peppol BIS Billing UBL Invoice V3"}


@pytest.mark.parametrize("query", ["", "peppolId=x", "peppolId=0208:0403170701&type=poem"])
def test_what_cannot_be_asked_is_named(smp, tenant, query):
    assert tenant.get(f"/lookup?{query}").status_code == 422
