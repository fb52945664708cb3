"""Every state has a way out for a person, on a page, in at most three clicks."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.utils import timezone

from tenants.models import Company
from tenants.ui import settings_page
from tenants.ui.sites import portal
from tests.portal.ways_out import COPIES, PAGE, TABLE, Ways, written

OURS = ("tenants", "apikeys", "webhooks", "peppol", "sandbox", "billing")
SITES = {"portal": portal, "admin": admin.site}
CASES = [
    pytest.param(model, column, state, ways, id=f"{model}-{column}-{state}")
    for (model, column), states in TABLE.items()
    for state, ways in states.items()
]


def page_of(site: str, model: str) -> ModelAdmin | None:
    """The page of a model on a site; the portal's of organizations are its companies."""
    kind = Company if (site, model) == ("portal", "tenants.Organization") else apps.get_model(model)
    return SITES[site]._registry.get(kind)


def row_in(model: str, column: str, state: str, ways: Ways) -> Model:
    """A row in a state, as far as operations look at it."""
    kind, facts = apps.get_model(model), dict(ways.facts)
    now = timezone.now()
    in_days = facts.pop("expires_in", None)
    if in_days is not None:
        facts["expires_at"] = now + timedelta(days=in_days)
    if facts.pop("disabled", False):
        facts["disabled_at"] = now
    if column in {field.name for field in kind._meta.fields}:
        facts[column] = state
    if column == "state" and model == "peppol.Transfer":
        facts["direction"] = "outbound"
    if column.endswith("_state"):
        facts["state"] = "active"
    if state == "in_review":
        facts["submitted_at"] = now
    if model == "peppol.Document":
        facts["format"] = "ubl"
    return kind(**facts)


def test_the_table_knows_every_state_there_is():
    found = {
        (f"{model._meta.app_label}.{model.__name__}", field.name): [
            value for value, _ in field.choices
        ]
        for model in apps.get_models()
        if model._meta.app_label in OURS and not model._meta.proxy
        for field in model._meta.concrete_fields
        if field.choices and (field.name in ("state", "status") or field.name.endswith("_state"))
    }
    for machine in COPIES:
        del found[machine]
    assert {machine: sorted(states) for machine, states in found.items()} == {
        machine: sorted(TABLE[machine]) for machine in found
    }


@pytest.mark.parametrize("model, column, state, ways", CASES)
def test_a_state_has_a_way_out(model, column, state, ways):
    assert ways.final or ways.portal or ways.admin
    row = row_in(model, column, state, ways)
    for site, names in (("portal", ways.portal), ("admin", ways.admin)):
        for name in names:
            where, _, what = name.rpartition(":")
            if where == "settings":
                assert what in settings_page._known
            elif where == "page":
                assert what in {
                    f"{m._meta.app_label}_{m._meta.model_name}" for m in SITES[site]._registry
                }
            else:
                page = page_of(site, model)
                assert page is not None, f"{model} has no page in the {site}"
                offered = page.actions_list if where == "list" else page.actions_detail
                assert what in page._extract_action_names(offered)
                assert where or getattr(page, what).operation.when(row), f"{name} is not offered"


def test_the_page_about_states_is_the_table():
    assert PAGE.read_text() == written(), "python -m tests.portal.ways_out"
