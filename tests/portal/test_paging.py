"""Lists say how many rows there are without counting more of them than is quick."""

import pytest
from django.core.paginator import InvalidPage
from django.db import connection
from django.urls import reverse

from tenants import estimates, search
from tenants.models import Company, Organization
from tenants.row_security import limit_rows_to
from tenants.ui.paging import Following, Window
from tests.portal.conftest import at, texts

pytestmark = pytest.mark.django_db
PAGE = "tenants_company"


def add(platform, number):
    Company.objects.bulk_create(
        Company(kind="managed", parent=platform, name=f"C{n}") for n in range(number)
    )


def rows(platform):
    return Company.objects.filter(parent=platform).order_by("-id")


def test_a_list_that_fits_on_a_page_is_not_counted(acme, django_assert_num_queries):
    add(acme, 50)
    with django_assert_num_queries(1):
        assert Window(rows(acme), 50, 1).said == "1–50 of 50"


def test_the_last_page_tells_how_many_there_are(acme, django_assert_num_queries):
    add(acme, 70)
    with django_assert_num_queries(1):
        window = Window(rows(acme), 50, 2)
        assert (window.said, window.num_pages) == ("51–70 of 70", 2)


def test_a_longer_list_is_counted_once(acme, django_assert_num_queries):
    add(acme, 70)
    with django_assert_num_queries(2):
        window = Window(rows(acme), 50, 1)
        assert (window.said, window.num_pages) == ("1–50 of 70", 2)


def test_a_list_without_end_is_not_counted_and_leads_on(acme, django_assert_num_queries):
    add(acme, 70)
    with django_assert_num_queries(1):
        window = Window(rows(acme), 50, 1, counted=False)
        assert (window.said, window.num_pages) == ("1–50 and more", 2)


@pytest.mark.parametrize("number", [0, -1, 3, 1001])
def test_there_is_no_page_before_the_first_and_after_the_last(acme, number):
    add(acme, 70)
    with pytest.raises(InvalidPage):
        Window(rows(acme), 50, number)


def test_an_empty_list_has_a_page(acme):
    window = Window(rows(acme), 50, 1)
    assert (window.rows, window.said, window.num_pages) == ([], "", 1)


def test_the_page_says_it_and_leads_to_the_next(browser, acme):
    add(acme, 60)
    page = texts(browser.get(at(PAGE)))
    assert "1–50 of 60" in page
    assert "51–60 of 60" in texts(browser.get(at(PAGE), {"p": "2"}))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no statistics")
def test_a_long_list_is_estimated_behind_the_wall(acme, rival):
    add(acme, 3000)
    add(rival, 500)
    with connection.cursor() as cursor:
        cursor.execute("analyze tenants_organization")
    with limit_rows_to(acme):
        found = estimates.total(rows(acme))
        assert not found.exact and 2400 <= found.number <= 3600
        assert "of about 3," in Window(rows(acme), 50, 1).said


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no statistics")
def test_what_is_estimated_too_low_is_more_than_was_counted(acme):
    add(acme, 1500)
    assert estimates.total(rows(acme)).number >= estimates.EXACTLY


def test_few_rows_are_counted_exactly(acme):
    add(acme, 3)
    assert estimates.total(rows(acme)) == estimates.Total(3)
    assert estimates.total(Organization.objects.none()) == estimates.Total(0)


def test_what_is_offered_while_one_types_is_not_counted(browser, acme, django_assert_num_queries):
    add(acme, 45)
    with django_assert_num_queries(1):
        assert Following(rows(acme), 20).page(2).has_next()
    address = reverse("portal:autocomplete")
    search.rebuild(Organization)
    asked = {"app_label": "peppol", "model_name": "document", "field_name": "organization"}
    pages = [browser.get(address, {**asked, "term": "C", "page": n}).json() for n in (1, 2, 3)]
    # The platform's own name has a word with a C too.
    assert [len(page["results"]) for page in pages] == [20, 20, 6]
    assert [page["pagination"]["more"] for page in pages] == [True, True, False]
    assert len({row["id"] for page in pages for row in page["results"]}) == 46
    for number in (4, 0, "x"):
        gone = browser.get(address, {**asked, "term": "C", "page": number})
        assert gone.status_code == 404
