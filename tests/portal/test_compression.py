"""Pages go compressed, unless a secret is on them; static files are kept for long."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from config.compression import Compression
from tests.conftest import make_company
from tests.portal.conftest import at

pytestmark = pytest.mark.django_db
ACCEPTING = {"accept-encoding": "gzip, deflate, br"}


def test_a_list_is_compressed_and_is_the_same(browser, ours):
    plain = browser.get(at("tenants_company"))
    packed = browser.get(at("tenants_company"), headers=ACCEPTING)
    assert packed["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed["Vary"]
    assert "Oursword" in gzip.decompress(packed.content).decode()
    assert len(packed.content) * 4 < len(plain.content)
    assert not plain.has_header("Content-Encoding")


def test_one_page_is_never_as_long_twice(browser, ours):
    """Django pads it, so that a length says nothing of a letter."""
    url = at("tenants_company")
    lengths = {len(browser.get(url, headers=ACCEPTING).content) for _ in range(12)}
    assert len(lengths) > 1


def test_a_page_that_shows_a_secret_is_not_compressed(browser, acme):
    asked = {"name": "Key", "environment": "live", "kind": "company", "scopes": ["*"]}
    page = browser.post(at("apikeys_apikey", "add"), asked, headers=ACCEPTING, follow=True)
    assert page.status_code == 200
    assert not page.has_header("Content-Encoding")


def test_a_page_that_keeps_out_of_every_store_is_not_compressed(rf):
    def answer(**headers):
        page = HttpResponse(b"secret " * 1000, headers=headers)
        add_never_cache_headers(page)
        request = rf.get("/portal/", headers=ACCEPTING)
        return Compression(lambda _: page)(request)

    assert not answer(**{"Cache-Control": "no-store"}).has_header("Content-Encoding")
    assert answer()["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("path", ["/accounts/login/", "/api/admin/tenants"])
def test_sign_in_and_the_apis_go_as_they_are(path):
    assert not Client().get(path, headers=ACCEPTING).has_header("Content-Encoding")


def test_static_files_are_packed_and_kept_for_a_year(browser):
    page = browser.get(reverse("portal:index")).content.decode()
    (style,) = re.findall(r'href="(/static/unfold/css/styles\.css\?v=[0-9a-f]{12})"', page)
    answer = Client().get(style, headers=ACCEPTING)
    assert answer["Content-Encoding"] == "gzip"
    assert "max-age=31536000" in answer["Cache-Control"]


def test_a_font_is_as_small_as_it_gets(browser):
    answer = Client().get("/static/unfold/fonts/inter/Inter-Regular.woff2", headers=ACCEPTING)
    assert answer.status_code == 200 and not answer.has_header("Content-Encoding")


def test_no_page_loads_a_library_of_charts():
    assert Path(finders.find("unfold/js/chart/chart.js")).stat().st_size < 200


def test_a_list_of_fifty_is_no_more_than_a_page(browser, acme):
    for n in range(50):
        make_company(acme, f"Bakery of the town number {n}")
    page = browser.get(at("tenants_company"))
    packed = browser.get(at("tenants_company"), headers=ACCEPTING)
    assert len(page.content) <= 90_000
    assert len(packed.content) <= 12_000
