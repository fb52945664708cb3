"""What the operator does by command says what has become of it."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tenants.models import Event, Organization

pytestmark = pytest.mark.django_db


def set_status(organization, status, reason="because"):
    out = StringIO()
    arguments = ["--organization", str(organization.pk), "--status", status, "--reason", reason]
    call_command("operate", "set-status", *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_a_status_that_is_set_already_is_no_error(bakery):
    assert set_status(bakery, "suspended")["unchanged"] is False
    before = Event.objects.count()
    again = set_status(bakery, "suspended")
    assert (again["status"], again["unchanged"]) == ("suspended", True)
    assert set_status(bakery, "active")["status"] == "active"
    assert set_status(bakery, "active")["unchanged"] is True
    assert Event.objects.count() == before + 1, "what changes nothing is no event"


def test_a_closed_organization_is_closed_and_nothing_else(bakery):
    set_status(bakery, "closed")
    assert set_status(bakery, "closed")["unchanged"] is True
    with pytest.raises(CommandError, match="wrong_state"):
        set_status(bakery, "active")


def test_one_that_waits_is_verified_and_goes_back_to_waiting_after_a_suspension(bakery):
    Organization.objects.filter(pk=bakery.pk).update(status="pending")
    set_status(bakery, "suspended")
    assert set_status(bakery, "active")["status"] == "pending"
    assert set_status(bakery, "active")["status"] == "active"
