"""The sandbox's Directory answers as the public one does, in both of its forms."""

import pytest
from django.utils import timezone
from lxml import etree

from peppol.identifiers import DEFAULT_DOCUMENT_TYPES, parse
from peppol.sandbox.models import Card, Group, Service
from peppol.smp import documents
from peppol.smp.client import BusinessCard, Contact, Entity

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PID = parse("0208:0403170701")
SEARCH = "/sandbox/directory/search/1.0"
ENTITY = Entity(
    {"nl": "Bakkerij Peeters", "": "Peeters & Zonen"},
    "BE",
    location="Leuven",
    identifiers=[("VAT", "BE0403170701")],
    websites=["https://peeters.example"],
    contacts=[Contact("desk", "Ann", "", "ann@peeters.example")],
    registered_on="2026-11-30",
)


@pytest.fixture
def card():
    group = Group.objects.create(uri=PID.uri)
    Service.objects.create(group=group, document_type=DEFAULT_DOCUMENT_TYPES[0].uri)
    body = documents.business_card(PID, BusinessCard([ENTITY])).decode()
    return Card.objects.create(group=group, body=body, indexed_at=timezone.now())


def test_both_forms_say_the_same(client, card):
    asked = {"name": "bakkerij", "country": "BE"}
    (match,) = client.get(f"{SEARCH}/json", asked).json()["matches"]
    answer = client.get(f"{SEARCH}/xml", asked)
    root = etree.fromstring(answer.content)
    assert answer["Content-Type"].startswith("text/xml") and root.tag == "resultlist"
    assert (root.get("version"), root.get("total-result-count")) == ("1.0", "1")
    assert root.get("query-terms") == "bakkerij BE" and root.get("creation-dt")
    assert [(e.tag, e.text, dict(e.attrib)) for e in root.find("match")[:2]] == [
        ("participantID", match["participantID"]["value"], {"scheme": "iso6523-actorid-upis"}),
        ("docTypeID", match["docTypes"][0]["value"], {"scheme": "busdox-docid-qns"}),
    ]
    (entity,) = match["entities"]
    assert [(e.tag, e.text, dict(e.attrib)) for e in root.find("match/entity")] == [
        ("name", "Bakkerij Peeters", {"language": "nl"}),
        ("name", "Peeters & Zonen", {}),
        ("countryCode", entity["countryCode"], {}),
        ("geoInfo", entity["geoInfo"], {}),
        ("identifier", "BE0403170701", {"scheme": "VAT"}),
        ("website", entity["websites"][0], {}),
        ("contact", None, {"type": "desk", "name": "Ann", "email": "ann@peeters.example"}),
        ("regDate", entity["regDate"], {}),
    ]


def test_nothing_is_found_in_both_forms_alike(client, card):
    asked = {"q": "nobody"}
    assert client.get(f"{SEARCH}/json", asked).json()["matches"] == []
    root = etree.fromstring(client.get(f"{SEARCH}/xml", asked).content)
    assert (len(root), root.get("total-result-count")) == (0, "0")
    assert client.get(f"{SEARCH}/csv", asked).status_code == 404
