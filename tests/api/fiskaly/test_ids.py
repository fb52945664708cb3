"""Ids of version 4 outside, of version 7 inside: one row, whichever is written."""

from uuid import UUID

import pytest

from config.api.fiskaly import ids
from tenants import ids as ours
from tenants.models import Organization


def test_an_id_comes_back_as_the_one_it_was():
    for _ in range(100):
        id = ours.uuid7()
        shown = UUID(ids.spell(id))
        assert (shown.version, shown.variant) == (4, id.variant)
        assert ids.read(str(shown)) == ids.read(str(id)) == id


@pytest.mark.parametrize("text", ["", "x", "4", "00000000-0000-4000-8000"])
def test_what_is_no_id_names_nothing(text):
    assert ids.read(text) is None


def test_both_spellings_name_the_same_organization(fis, bakery):
    for id in (str(bakery.pk), ids.spell(bakery.pk), ours.spell("org", bakery.pk)):
        answer = fis.get(f"/organizations/{id}")
        assert answer.json()["_id"] == ids.spell(bakery.pk)
        listed = fis.get(f"/organizations?managed_by_organization_id={ids.spell(bakery.parent_id)}")
        assert [row["_id"] for row in listed.json()["data"]] == [ids.spell(bakery.pk)]


def test_what_was_made_without_an_address_has_empty_strings(fis, bakery):
    """A client that requires strings could not read the whole list."""
    Organization.objects.filter(pk=bakery.pk).update(address_line1="", postal_code="", city="")
    found = fis.get(f"/organizations/{bakery.pk}").json()
    assert (found["address_line1"], found["zip"], found["town"]) == ("", "", "")
