"""Operations on many participants from the command line."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from peppol.identifiers import parse
from peppol.models import BulkOperation
from peppol.services.registration import worker
from peppol.smp.dialects import configured_smp
from tests.peppol.test_bulk import certificate, run
from tests.peppol.test_staged_bulk import on_the_network

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def registered(gate, acme, by):
    return on_the_network(acme, range(3), by)


def command(*arguments: str) -> list[dict]:
    """What `manage.py bulk` says."""
    out = StringIO()
    call_command("bulk", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_command_starts_shows_and_repairs(registered, acme, tmp_path):
    pem = tmp_path / "ap.pem"
    pem.write_text(certificate())
    (said,) = command(
        "access-point",
        "--url",
        "https://new.example.org/as4",
        "--certificate",
        str(pem),
        "--platform",
        str(acme.pk),
    )
    assert (said["kind"], said["state"], said["total"], said["left"]) == (
        "access_point",
        "running",
        3,
        3,
    )
    command("pause", said["id"])
    assert command("resume", said["id"])[0]["state"] == "running"
    run(BulkOperation.objects.get())
    assert command("list")[0]["succeeded"] == 3
    assert [one["state"] for one in command("show", said["id"])[1:]] == ["done"] * 3
    configured_smp().delete_service_group(parse(registered[0].identifier))
    (said,) = command("reconcile")
    run(BulkOperation.objects.get(pk=said["id"]))
    assert command("show", said["id"])[1]["kind"] == "missing"
    assert command("repair", said["id"])[0]["repair"] == "asked for"
    worker.drain(seconds=20)
    assert command("repair", said["id"]) == [], "it was read back"


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "nonsense"),
        ("add-document-type", "nonsense"),
        ("access-point", "--url", "https://x.example"),
        ("access-point", "--url", "https://x.example", "--certificate", "/nowhere"),
        ("republish", "--platform", "nonsense"),
    ],
)
def test_the_command_refuses_with_a_sentence(db, arguments):
    with pytest.raises(CommandError):
        command(*arguments)
    assert not BulkOperation.objects.exists()
