"""Whoever is killed between deleting rows and deleting their payloads leaves no payload behind."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from django.utils import timezone

from peppol.models import Document
from tenants import storage
from tenants.models import FileRemoval
from tests import fork_server
from tests.fork_server import ForkServer
from tests.peppol.trading import send

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
    pytest.mark.slow,
]
# A worker that is killed without notice at the third payload that it deletes.
DIES = (
    "import os, signal, tenants.files as files; from peppol.services.documents import purging; "
    "delete, count = files.WholeFiles.delete, iter(range(99)); "
    "files.WholeFiles.delete = lambda *a: os.kill(os.getpid(), signal.SIGKILL) "
    "if next(count) == 2 else delete(*a); purging.purge()"
)


@pytest.fixture
def nursery(tmp_path):
    place = project.STORAGES["payload_files"]["OPTIONS"]["location"]
    server = ForkServer(GATEHOUSE_DATA_DIR=str(tmp_path), PAYLOAD_DIR=str(place))
    yield server
    server.close()


def test_payloads_of_a_purge_that_was_killed_are_deleted_later(
    network, sender, recipient, nursery, time_machine
):
    paths = [Path(send(sender).payload.path) for _ in range(8)]
    storage.drain()
    assert all(path.exists() for path in paths)
    Document.objects.update(retain_until=timezone.now().date() - timedelta(days=1))
    fork_server.wait(nursery.start(DIES), 120)
    left = [path for path in paths if path.exists()]
    assert left and not Document.objects.exists()
    assert storage.drain() == 0, "whoever gave them up has the first turn"
    time_machine.move_to(timezone.now() + timedelta(minutes=2))
    storage.drain()
    assert not [path for path in paths if path.exists()] and not FileRemoval.objects.exists()
