"""Files of a document: inside of it, and beside it."""

import base64
from datetime import timedelta

import pytest
import requests
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apikeys.services import keys
from peppol.invoices import shape, writing
from peppol.models import Document, DocumentDraft, DocumentFile
from peppol.services.documents import drafts, files, purging
from tenants import ids
from tenants.models import Event
from tests.api.conftest import Caller
from tests.api.einvoice.tenant.documents.conftest import draft
from tests.conftest import SYSTEM
from tests.peppol.test_invoices import INVOICE

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.4 small"
INSIDE = {
    "id": "terms",
    "filename": "terms.pdf",
    "mimeType": "application/pdf",
    "content": base64.b64encode(PDF).decode(),
}
WITH_FILE = writing.write(shape.read({**INVOICE, "attachments": [INSIDE]}))


def test_the_published_client_manages_files(client, sender):
    made = client.documents.ubl.create_from_ubl(file=("i.xml", WITH_FILE))
    (inside,) = made.attachments
    assert (inside.file_name, inside.file_type, inside.file_size) == (
        "terms.pdf",
        "application/pdf",
        len(PDF),
    )
    added = client.documents.attachments.add(made.id, file=("photo.png", b"\x89PNG", "image/png"))
    assert (added.file_name, added.file_type, added.file_size) == ("photo.png", "image/png", 4)
    listed = client.documents.attachments.list(made.id)
    assert [one.id for one in listed] == [inside.id, added.id]
    for one, content in ((inside, PDF), (added, b"\x89PNG")):
        found = client.documents.attachments.retrieve(one.id, document_id=made.id)
        link = requests.get(found.file_url, timeout=5)
        assert (link.status_code, link.content) == (200, content)
        assert link.headers["Content-Type"] == "application/octet-stream"
        assert link.headers["Content-Disposition"].startswith("attachment")
    sent = client.documents.send(made.id)
    assert [one.id for one in sent.attachments] == [inside.id, added.id]
    assert b"photo" not in Document.objects.get().content()
    assert client.documents.attachments.delete(added.id, document_id=made.id).is_deleted
    assert [one.id for one in client.documents.attachments.list(made.id)] == [inside.id]


def add(own, path, content=b"x", name="a.txt"):
    file = SimpleUploadedFile(name, content, "text/plain")
    return own.client.post(path, {"file": file}, headers=own.headers)


@pytest.fixture
def at(own, sender):
    return f"/api/documents/{draft(own, WITH_FILE)['id']}/attachments"


def test_what_is_inside_of_a_document_stays_there(own, at):
    (inside,) = own.get(at).json()
    refused = own.delete(f"{at}/{inside['id']}")
    assert (refused.status_code, len(own.get(at).json())) == (400, 1)


def test_files_have_limits(own, at, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 10)
    monkeypatch.setattr(files, "MOST_FILES", 2)
    monkeypatch.setattr(files, "MOST_BYTES", 12)
    assert add(own, at, b"x" * 11).status_code == 413
    assert add(own, at, b"").status_code == 422
    assert own.post(at, raw=b"no form", content_type="multipart/form-data").status_code == 415
    assert [add(own, at, b"x" * 6).status_code for _ in range(3)] == [201, 201, 403]
    other = f"/api/documents/{draft(own)['id']}/attachments"
    assert add(own, other).status_code == 403
    assert DocumentFile.objects.count() == 2


@pytest.mark.parametrize("name", ["../../etc/passwd", 'a"b\r\nX: 1.txt', "ü.txt", "x" * 300])
def test_a_file_may_be_called_anything(own, at, name):
    made = add(own, at, name=name).json()
    link = made["file_url"]
    answer = Caller(None).get(link[link.index("/links") :])
    assert (answer.status_code, answer.content) == (200, b"x")
    assert "\n" not in answer["Content-Disposition"] and "/" not in answer["Content-Disposition"]


def test_a_link_is_good_for_an_hour_and_for_its_file_alone(own, at, time_machine):
    link = add(own, at).json()["file_url"]
    path = link[link.index("/links") :]
    assert Caller(None).get(path).status_code == 200
    for forged in (path + "x", path.replace("/file", "/ubl"), "/links/file"):
        assert Caller(None).get(forged).status_code == 404
    time_machine.move_to(timezone.now() + timedelta(seconds=3601))
    assert Caller(None).get(path).status_code == 404


def test_files_go_with_their_document(own, at, sender):
    assert add(own, at).status_code == 201
    row = DocumentDraft.objects.get()
    sent = drafts.send(row, by=SYSTEM)
    Document.objects.filter(pk=sent.pk).update(retain_until=timezone.localdate() - timedelta(1))
    purging.purge()
    assert not DocumentFile.objects.exists()
    other = draft(own)["id"]
    add(own, f"/api/documents/{other}/attachments")
    own.delete(f"/api/documents/{other}")
    assert not DocumentFile.objects.exists()


def test_who_may_not_write_adds_nothing_and_strangers_find_nothing(own, at, sender):
    kept = add(own, at).json()["id"]
    reader = Caller(keys.issue(sender, name="k", scopes=["documents.read"], by=SYSTEM)[1])
    assert reader.get(f"{at}/{kept}").status_code == 200
    before = Event.objects.count()
    assert add(reader, at).status_code == reader.delete(f"{at}/{kept}").status_code == 403
    tester = Caller(keys.issue(sender, name="t", environment="test", by=SYSTEM)[1])
    assert add(tester, at).status_code == tester.get(f"{at}/{kept}").status_code == 404
    assert DocumentFile.objects.get().pk == ids.read(kept)
    assert Event.objects.count() == before + 1  # the tester's key
