"""What has been prepared for documents and companies is not kept for ever, nor are mails."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from peppol.models import CompanyImport, DocumentDraft, ImportLine
from peppol.services.documents import drafts
from peppol.services.imports import imports
from peppol.spreadsheets import Sheet
from peppol.tasks import tidy_imports
from tenants.models import Event, Mail
from tenants.services import mails
from tenants.tasks import tidy
from tests.api.einvoice.tenant.documents.conftest import UBL
from tests.conftest import SYSTEM

pytestmark = pytest.mark.django_db


def after(days):
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=True)


def kept_file(platform, state="uploaded"):
    sheet = Sheet(["Name"], [["Acme"], ["Bell"]], [2, 3])
    batch = imports.receive(platform, "a.csv", sheet, by=SYSTEM)
    CompanyImport.objects.filter(pk=batch.pk).update(state=state)
    return batch


def test_a_draft_that_nobody_touched_for_a_year_is_thrown_away(bakery):
    old, touched = drafts.keep(bakery, UBL, by=SYSTEM), drafts.keep(bakery, UBL, by=SYSTEM)
    with after(364):
        tidy_imports()
        assert DocumentDraft.objects.count() == 2
        DocumentDraft.objects.filter(pk=touched.pk).update(updated_at=timezone.now())
    with after(366):
        tidy_imports()
        assert DocumentDraft.objects.get() == touched
    told = Event.objects.get(type="document.discarded")
    assert told.data["document"]["id"] == str(old.pk) and told.actor_kind == "system"


@pytest.mark.parametrize("state", ["uploaded", "checked", "stopped", "done"])
def test_a_file_of_companies_goes_90_days_after_the_last_thing_done_to_it(acme, state):
    batch = kept_file(acme, state)
    done_at = timezone.now() + timedelta(days=30)
    if state == "done":
        CompanyImport.objects.filter(pk=batch.pk).update(finished_at=done_at)
    with after(119 if state == "done" else 89):
        tidy_imports()
        assert ImportLine.objects.count() == 2
    with after(121 if state == "done" else 91):
        tidy_imports()
        assert not CompanyImport.objects.exists() and not ImportLine.objects.exists()
    assert Event.objects.filter(type="import.discarded").count() == 1


def test_an_import_under_way_is_left_alone_however_long_it_takes(acme):
    kept_file(acme, "running")
    with after(400):
        tidy_imports()
    assert CompanyImport.objects.exists()


def test_mails_that_are_through_go_after_90_days_in_batches(acme, monkeypatch):
    monkeypatch.setattr(mails, "_BATCH", 2)
    for state in ("sent", "sent", "sent", "failed", "dropped", "pending"):
        mail = mails.post(acme, "invitation", to="ann@acme.example", context={"secret": "x"})
        Mail.objects.filter(pk=mail.pk).update(state=state)
    with after(89):
        tidy()
        assert Mail.objects.count() == 6
    with after(91):
        tidy()
    assert Mail.objects.get().state == "pending"


def test_one_that_cannot_be_forgotten_does_not_keep_the_others(bakery, monkeypatch):
    stubborn, _other = drafts.keep(bakery, UBL, by=SYSTEM), drafts.keep(bakery, UBL, by=SYSTEM)
    discard = drafts.discard

    def resists(row, *, by):
        if row.pk == stubborn.pk:
            raise RuntimeError("no")
        discard(row, by=by)

    monkeypatch.setattr(drafts, "discard", resists)
    with after(366):
        assert (drafts.forget_old(), drafts.forget_old()) == (1, 0)
    assert DocumentDraft.objects.get() == stubborn
