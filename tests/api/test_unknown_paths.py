"""What no view answers: clients that parse JSON get JSON, whatever is wrong with what they ask."""

import gzip
import json

import pytest
from django.test import Client

from config.api import registry
from tests.api.resellers import Reseller
from tests.config.test_outages import WRITES

PREFIXES = [(vendor.name, prefix) for vendor in registry.VENDORS for prefix in vendor.prefixes]
# Of each vendor, where its envelope says what is wrong.
WORD = {vendor: word for vendor, (_, _, word) in WRITES.items()}


def said(answer, vendor) -> str:
    assert answer["Content-Type"].startswith("application/json"), answer.content[:200]
    assert not answer.cookies, "whoever calls an API has no use for a cookie"
    return answer.json()[WORD[vendor]]


@pytest.mark.parametrize(("vendor", "prefix"), PREFIXES)
@pytest.mark.parametrize("path", ["", "/", "/no-such-thing", "/a/b.xml", "/%0a"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_unknown_paths_are_unknown_in_the_vendors_own_words(vendor, prefix, path, method, db):
    """Eleven kB of HTML, and a cookie: SDKs stumbled over the page instead of the status."""
    answer = getattr(Client(), method)(f"/{prefix}{path}", headers={"Accept": "text/html"})
    assert answer.status_code in (401, 404, 405)
    assert said(answer, vendor)


@pytest.mark.parametrize("vendor", list(WORD))
def test_methods_that_a_path_does_not_have_are_refused_in_json(vendor, db):
    route = next(r for r in registry.of(vendor).urls.documented if "<" not in str(r.pattern))
    path = str(route.pattern).strip("^$")
    answer = Client().generic("TRACE", f"/{path}", headers=Reseller("tracer").headers(vendor))
    assert answer.status_code in (403, 405)
    assert said(answer, vendor)


@pytest.mark.parametrize("vendor", list(WORD))
def test_a_packed_body_is_refused_and_not_taken_for_broken_json(vendor, db):
    path, body, _ = WRITES[vendor]
    signed = {**Reseller("packer").headers(vendor), "Content-Encoding": "gzip"}
    packed = gzip.compress(json.dumps(body).encode())
    answer = Client().post(path, packed, content_type="application/json", headers=signed)
    assert answer.status_code == 415
    assert "Content-Encoding" in said(answer, vendor)


def test_people_still_get_a_page(db):
    assert Client().get("/portal-of-nobody/")["Content-Type"].startswith("text/html")
