"""`among` finds what `in` finds, in one parameter."""

import pytest

from tenants.ids import uuid7
from tenants.models import Organization


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
