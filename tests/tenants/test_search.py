"""What people type finds what they mean, in every spelling, and nothing of anybody else's."""

import pytest
from django.db import transaction

from apikeys.services import keys
from peppol.models import Participant
from tenants import search
from tenants.models import Company, Organization
from tenants.models.search import SearchWord
from tenants.services import organizations
from tests.conftest import SYSTEM, make_company

pytestmark = pytest.mark.django_db


@pytest.fixture
def cafe(acme):
    profile = {"name": "Café Léopold-Noord", "country": "BE", "vat_number": "BE0403170701"}
    company = organizations.create_company(acme, profile, by=SYSTEM)
    Participant.objects.create(organization=company, scheme="0208", value="0403170701")
    return company


def found(platform, text):
    return {row.name for row in search.narrow(Organization.objects.under(platform), text)}


@pytest.mark.parametrize(
    "text",
    [
        "café",
        "CAFE",
        "cafe leopold",
        "léo",
        "opold",
        "noord",
        "leopold-noord",
        "leopoldnoord",
        "noord café",
        "BE0403170701",
        "be 0403.170.701",
        "BE 403 170 701",
        "0403.170.701",
        "0403 170 701",
        "403170701",
        "0403170701",
        "0208:0403170701",
        "0208: 0403 170 701",
        "170701",
        "04031",
    ],
)
def test_every_spelling_finds(acme, cafe, bakery, text):
    assert found(acme, text) == {"Café Léopold-Noord"}


@pytest.mark.parametrize("text", ["leopolda", "0403170702", "cafe bakery", "xyz", "BE1"])
def test_what_is_not_there_is_not_found(acme, cafe, bakery, text):
    assert found(acme, text) == set()


def test_signs_alone_are_found_nowhere_and_no_word_everywhere(acme, cafe):
    assert found(acme, " .-. ") == found(acme, "%") == set()
    assert found(acme, "  ") == {"Café Léopold-Noord"}


def test_a_new_name_is_found_at_once_and_the_old_one_no_more(acme, cafe):
    organizations.update(cafe, {"name": "Brasserie"}, by=SYSTEM)
    assert found(acme, "brasserie") == {"Brasserie"}
    assert found(acme, "leopold") == set()


def test_what_was_taken_back_was_not_written(acme):
    with pytest.raises(RuntimeError):
        _make_and_fail(acme)
    assert not SearchWord.objects.filter(word=b"vain").exists()


def _make_and_fail(acme):
    with transaction.atomic():
        make_company(acme, "Vain")
        raise RuntimeError


def test_a_change_of_something_else_writes_no_words(cafe, django_assert_num_queries):
    cafe.city = "Gent"
    with django_assert_num_queries(1):
        cafe.save(update_fields=["city"])


def test_a_deleted_row_is_forgotten(cafe):
    participant = cafe.participants.get()
    participant.delete()
    assert not SearchWord.objects.filter(row_id=participant.pk).exists()


def test_words_can_be_written_anew(acme, cafe):
    SearchWord.objects.all().delete()
    assert found(acme, "leopold") == set()
    search.rebuild(Organization)
    assert found(acme, "leopold") == {"Café Léopold-Noord"}


def test_a_proxy_is_found_as_what_it_is(acme):
    Company.objects.create(kind="managed", parent=acme, name="Proxy", country="BE")
    assert found(acme, "proxy") == {"Proxy"}


def test_a_long_word_is_found_by_its_beginning(acme):
    make_company(acme, "A" * 200)
    assert found(acme, "a" * 60) == {"A" * 200}


def test_keys_are_found_by_name_and_prefix(acme):
    key, _secret = keys.issue(acme, name="Boekhouding", by=SYSTEM)
    rows = type(key).objects.all()
    assert list(search.narrow(rows, "houding")) == [key]
    assert list(search.narrow(rows, key.last_four)) == [key]


NAMES = (
    "Café Léopold-Noord",
    "A.B.C. & Söhne GmbH",
    "Straße 12/3",
    "O\u2019Neill  Œuvre",
    "ΑΒΓΔ Ω",
)


@pytest.mark.parametrize("name", NAMES)
def test_whatever_has_a_text_in_its_name_is_among_what_may_have_it(acme, name):
    organizations.create_company(acme, {"name": name, "country": "BE"}, by=SYSTEM)
    rows = Organization.objects.under(acme)
    for start in range(len(name)):
        for end in range(start + 1, len(name) + 1):
            for text in (name[start:end], name[start:end].upper()):
                found = rows.filter(name__icontains=text)
                assert set(found) <= set(search.containing(rows, text, within=acme)), text


def test_what_cannot_have_a_text_is_left_out(acme, cafe, bakery):
    rows = Organization.objects.under(acme)
    assert set(search.containing(rows, "leop", within=acme)) == {cafe}
