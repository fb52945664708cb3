"""`among` finds what `in` finds, in one parameter, and `begins` what `startswith` does."""

import pytest

from peppol.models import Document
from tenants.ids import uuid7
from tenants.models import Organization
from tests.portal.factories import make_document


@pytest.mark.parametrize("count", [0, 1, 500])
def test_rows_are_found_by_many_identifiers_at_once(acme, rival, count):
    ids = [acme.pk, *(uuid7() for _ in range(count))]
    found = Organization.objects.filter(id__among=ids)
    assert list(found) == [acme]
    assert not found.exclude(id__among={acme.pk}).exists()
    assert list(Organization.objects.exclude(id__among=ids)) == [rival]


def test_no_identifier_finds_nothing(acme):
    assert not Organization.objects.filter(id__among=[]).exists()


def test_the_identifiers_are_one_parameter(db):
    ids = [uuid7() for _ in range(100)]
    _, params = Organization.objects.filter(id__among=ids).query.sql_with_params()
    assert len(params) == 1


@pytest.mark.parametrize(
    "text, found", [("A-1", {"A-1", "A-12"}), ("a", set()), ("%", set()), ("É", {"Éa"})]
)
def test_a_text_is_found_by_how_it_begins(bakery, text, found):
    for number in ("A-1", "A-12", "A-2", "Éa"):
        make_document(bakery, number=number)
    assert set(Document.objects.filter(number__begins=text).values_list("number", flat=True)) == (
        found
    )
