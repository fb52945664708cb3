"""Control characters are refused, or taken out with a word, at every door."""

import ast
import json
from io import StringIO
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from config.api import registry
from peppol.models import ImportLine
from peppol.services.imports import uploads
from peppol.spreadsheets import Sheet
from tenants.models import Organization
from tests.api.resellers import Reseller, bearing
from tests.api.routes import routes
from tests.conftest import SYSTEM
from tests.portal.conftest import make_member, signed_in
from tests.portal.test_imports import upload

ROOT = Path(__file__).parents[2]
CONTROLS = ["\x00", "\x01", "\x07", "\x0b", "\x1b", "\x1f", "\x7f"]
SENTENCE = "ontrol characters"


# --- APIs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("vendor", registry.VENDORS, ids=lambda vendor: vendor.name)
def test_every_surface_refuses_them_wherever_they_stand_in_a_body(vendor, control, db):
    """One reader of bodies serves all routes of all surfaces: the next test holds them to it."""
    mine, path = Reseller("mine"), BODIES[vendor.name]
    for body in ({"name": f"a{control}"}, {"metadata": {"deep": [{"er": control}]}}, {control: 1}):
        answer = Client().post(
            path, json.dumps(body), "application/json", headers=headers_of(vendor, mine)
        )
        assert answer.status_code == 400 and SENTENCE in answer.content.decode(), answer.content
    assert Organization.objects.count() == 2


SOURCES = ("request", "json", "plain")
BODIES = {
    "goroute": "/api/v1/organizations",
    "einvoice": "/api/admin/tenants",
    "flowie": "/v1/platform/companies",
    "fiskaly": "/api/v0/auth",
    "invora": "/api/v2/identity/connected-businesses",
}


def headers_of(vendor, reseller):
    return bearing(vendor.surface, reseller.platform_secret)


def test_no_surface_reads_a_body_in_another_way():
    """Uploaded files apart, which are XML: that has no control characters."""
    found = {
        f"{path.relative_to(ROOT)}:{node.attr}"
        for path in (ROOT / "config/api").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr in ("data", "POST", "FILES", "loads")
        and isinstance(node.value, ast.Name | ast.Attribute)
        and getattr(node.value, "id", getattr(node.value, "attr", "")) in SOURCES
    }
    assert found == {
        "config/api/kit/bodies.py:loads",
        "config/api/einvoice/tenant/views/documents.py:FILES",
    }


@pytest.mark.parametrize("vendor", registry.VENDORS, ids=lambda vendor: vendor.name)
def test_every_surface_refuses_them_in_queries(vendor, db):
    mine = Reseller("mine")
    for route in (route for route in routes(vendor.name) if "{" not in route):
        headers = headers_of(vendor, mine)
        if Client().get(f"/{route}", headers=headers).status_code == 200:
            answer = Client().get(f"/{route}?q=a%07b", headers=headers)
            assert answer.status_code in (400, 422), route
            assert SENTENCE in answer.content.decode(), route


@pytest.mark.parametrize("body", ["client_id=a%07b", "client_id=a&client_secret=%1f"])
def test_token_calls_refuse_them(db, body):
    kind = "application/x-www-form-urlencoded"
    answer = Client().post("/identity/o/api/token", body, content_type=kind)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_an_idempotency_key_has_none(db):
    mine = Reseller("mine")
    headers = {"X-API-Key": mine.platform_secret, "Idempotency-Key": "a\x07b"}
    answer = Client().post("/api/v1/organizations", "{}", "application/json", headers=headers)
    assert answer.status_code in (400, 422) and "printable" in answer.content.decode()


# --- Pages ----------------------------------------------------------------------------------------


def kinds(base):
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


@pytest.mark.parametrize("control", CONTROLS)
def test_every_text_field_of_every_form_refuses_them(control):
    """Portal, admin, sign-in and the libraries' own: whatever has been loaded."""
    seen = 0
    for form in set(kinds(forms.BaseForm)):
        for name, field in getattr(form, "base_fields", {}).items():
            if not isinstance(field, forms.CharField):
                continue
            seen += 1
            with pytest.raises(ValidationError):
                field.clean(f"a{control}b@c.example")
                pytest.fail(f"{form.__module__}.{form.__name__}.{name} takes {control!r}")
    assert seen > 100


def test_lines_and_tabs_are_text():
    forms.CharField(max_length=20).clean("one\r\n\ttwo")


def test_a_page_says_so_at_the_field(db, client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("staff@operator.example", "x"))
    form = {"code": "a", "name": "Gro\x07wth", "monthly_fee": "1", "overage_price": "1"}
    answer = client.post("/admin/billing/plan/add/", {**form, "currency": "EUR"})
    assert "Control characters are not allowed." in answer.content.decode()


# --- Files and commands ---------------------------------------------------------------------------


@pytest.mark.parametrize("control", CONTROLS)
def test_a_cell_of_an_import_shows_them_and_its_line_is_not_imported(acme, control):
    upload(
        signed_in(make_member(acme, "owner")),
        f"Name,City,Country\nA{control}cme,Gent,BE\nBell,Gent,BE\n",
    )
    bad, good = ImportLine.objects.order_by("number")
    assert (bad.state, good.state) == ("bad", "ready")
    assert bad.told_problems == ["Name: Control characters are not allowed."]
    assert "A\ufffdcme" in bad.cells


def test_a_file_is_called_without_them(acme):
    sheet = Sheet(["Name"], [["A"]], [2])
    batch = uploads.receive(acme, "a\x07b\x00.csv", sheet, by=SYSTEM)
    assert batch.filename == "ab.csv"


@pytest.mark.parametrize("text", CONTROLS[1:])
def test_commands_refuse_them(acme, text):
    with pytest.raises(CommandError, match="Control characters are not allowed"):
        call_command(
            "operate",
            "set-status",
            organization=str(acme.pk),
            status="suspended",
            reason=f"un{text}paid",
            stdout=StringIO(),
        )
    acme.refresh_from_db()
    assert acme.status == "active"
