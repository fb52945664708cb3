"""Branding: a part at a time, with the entitlement, or refused by field."""

import pytest

from tenants.errors import Forbidden, Invalid
from tenants.services import branding
from tests.conftest import SYSTEM


def test_branding_is_partial_and_needs_the_entitlement(platform, rival):
    branding.change(platform, {"display_name": "Acme", "primary_color": "#0F62FE"}, by=SYSTEM)
    after = branding.change(platform, {"support_email": "help@acme.example"}, by=SYSTEM)
    assert (after.display_name, after.support_email) == ("Acme", "help@acme.example")
    with pytest.raises(Forbidden):
        branding.change(rival, {"display_name": "Rival"}, by=SYSTEM)


@pytest.mark.parametrize(
    "field, value",
    [("primary_color", "blue"), ("logo_url", "logo"), ("support_email", "nobody")],
)
def test_branding_that_cannot_be_is_refused_by_field(platform, field, value):
    with pytest.raises(Invalid) as refusal:
        branding.change(platform, {field: value}, by=SYSTEM)
    assert list(refusal.value.fields) == [field]
