"""Files that become true with their rows: nothing is stored while somebody holds locks."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection, transaction
from django.utils import timezone

from peppol.models import Document
from tenants import storage
from tenants.files import WholeFiles
from tenants.models import FilePiece, FileRemoval, Logo, Trouble
from tenants.services import logos
from tests.peppol.trading import send
from tests.tenants.test_pictures import PNG

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def files():
    return storages["default"]


def test_a_file_is_there_from_the_moment_its_row_is(files):
    with transaction.atomic():
        files.save("a/b.txt", ContentFile(b"content"))
        assert not files.behind.exists("a/b.txt")
    assert files.open("a/b.txt").read() == b"content" and files.size("a/b.txt") == 7
    assert storage.drain() == 1
    assert files.behind.open("a/b.txt").read() == b"content"
    assert files.open("a/b.txt").read() == b"content" and not FilePiece.objects.exists()


def test_of_a_transaction_that_fails_nothing_stays(files, sender, monkeypatch):
    monkeypatch.setattr("peppol.services.documents.documents.usage.count", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        send(sender)
    assert storage.drain() == 0 and not FilePiece.objects.exists()


@pytest.mark.parametrize("size", [0, 1, storage._PIECE, storage._PIECE + 1, 5 * storage._PIECE])
def test_a_file_of_any_size_is_stored_as_it_was_written(files, size):
    content = bytes(range(256)) * (size // 256 + 1)
    files.save("one", ContentFile(content[:size]))
    assert files.open("one").read() == content[:size]
    storage.drain()
    assert files.behind.open("one").read() == content[:size]


def test_the_last_who_wrote_a_name_is_right(files):
    files.save("one", ContentFile(b"first"))
    storage.drain()
    files.save("one", ContentFile(b"second"))
    assert files.open("one").read() == b"second"
    storage.drain()
    assert files.open("one").read() == b"second"
    files.delete("one")
    assert not files.exists("one")


def test_a_storage_that_is_away_refuses_no_document_and_is_tried_again(
    sender, monkeypatch, time_machine
):
    document = send(sender)
    content = document.content()
    real = WholeFiles._save

    def away(*_):
        raise OSError("The bucket does not answer.")

    monkeypatch.setattr(WholeFiles, "_save", away)
    assert storage.drain() == 1
    piece = FilePiece.objects.get()
    assert "does not answer" in piece.last_error and piece.next_attempt_at > timezone.now()
    assert document.content() == content
    monkeypatch.setattr(WholeFiles, "_save", real)
    time_machine.move_to(timezone.now() + timedelta(minutes=1))
    assert storage.drain() == 1 and not FilePiece.objects.exists()
    assert Document.objects.get().content() == content


def test_who_dies_between_storing_and_saying_so_leaves_it_to_the_next(files, time_machine):
    files.save("one", ContentFile(b"content"))
    storage._store(FilePiece.objects.get())
    assert files.open("one").read() == b"content"
    assert storage.drain() == 1 and not FilePiece.objects.exists()


def test_nothing_is_stored_inside_a_transaction(sender, acme, monkeypatch):
    """Whoever waits for a storage holds no locks."""
    real, inside = WholeFiles._save, []

    def watched(self, *facts):
        inside.append(connection.in_atomic_block)
        return real(self, *facts)

    monkeypatch.setattr(WholeFiles, "_save", watched)
    send(sender)
    due = timezone.now()
    Logo.objects.create(organization=acme, url="https://a.example/l.png", next_fetch_at=due)
    for logo in logos.claims():
        logos.keep(logo, PNG)
    storage.drain()
    assert inside == [False, False]


def test_what_cannot_be_deleted_is_tried_again_and_told(files, monkeypatch, time_machine):
    files.save("one", ContentFile(b"content"))
    storage.drain()
    real = WholeFiles.delete

    def away(*_):
        raise OSError("The bucket does not answer.")

    monkeypatch.setattr(WholeFiles, "delete", away)
    files.delete("one")
    assert not files.exists("one") and files.behind.exists("one")
    time_machine.move_to(timezone.now() + timedelta(minutes=2))
    assert storage.drain() == 1 and storage.drain() == 0
    assert "does not answer" in Trouble.objects.get().said
    monkeypatch.setattr(WholeFiles, "delete", real)
    time_machine.move_to(timezone.now() + timedelta(hours=1))
    assert storage.drain() == 1
    assert not files.behind.exists("one") and not FileRemoval.objects.exists()


def test_what_was_given_up_on_its_way_is_not_stored_for_nobody(files, monkeypatch):
    files.save("one", ContentFile(b"content"))
    real = WholeFiles._save

    def slowly(self, *facts):
        files.delete("one")
        return real(self, *facts)

    monkeypatch.setattr(WholeFiles, "_save", slowly)
    storage.drain()
    storage.drain()
    assert not files.behind.exists("one") and not FileRemoval.objects.exists()


def test_what_is_saved_anew_under_a_name_is_not_deleted(files, monkeypatch, time_machine):
    files.save("one", ContentFile(b"first"))
    storage.drain()
    monkeypatch.setattr(storage, "remove", lambda _: None)  # whoever gave it up has died
    files.delete("one")
    files.save("one", ContentFile(b"second"))
    time_machine.move_to(timezone.now() + timedelta(minutes=2))
    storage.drain()
    assert files.behind.open("one").read() == b"second"
