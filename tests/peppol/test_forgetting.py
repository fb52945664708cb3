"""What is no document is not kept for ever: imports, drafts and mails of long ago are forgotten."""

from datetime import timedelta

import pytest
from django.utils import timezone

from peppol.models import CompanyImport, DocumentDraft, ImportLine
from peppol.services.documents import drafts
from peppol.tasks import tidy_imports
from tenants.models import Event, Mail
from tenants.tasks import tidy
from tests.conftest import SYSTEM

pytestmark = pytest.mark.django_db
State = CompanyImport.State


def ago(days):
    return timezone.now() - timedelta(days=days)


def imported(acme, state, *, days):
    batch = CompanyImport.objects.create(organization=acme, filename="f.csv", state=state)
    ImportLine.objects.create(batch=batch, organization=acme, number=1, cells=["Walker"])
    CompanyImport.objects.filter(pk=batch.pk).update(created_at=ago(days))
    return batch


def test_imports_are_forgotten_with_their_lines_and_an_event(acme):
    old = [imported(acme, state, days=91) for state in (State.DONE, State.CHECKED, State.REFUSED)]
    kept = [imported(acme, State.RUNNING, days=91), imported(acme, State.DONE, days=89)]
    again = imported(acme, State.DONE, days=400)
    CompanyImport.objects.filter(pk=again.pk).update(finished_at=ago(5))
    tidy_imports()
    assert set(CompanyImport.objects.all()) == {*kept, again}
    assert ImportLine.objects.count() == 3
    assert Event.objects.filter(type="import.discarded").count() == len(old)


def test_a_draft_is_forgotten_a_year_after_its_last_change(bakery):
    content = b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>"
    old, young = (drafts.keep(bakery, content, by=SYSTEM) for _ in range(2))
    DocumentDraft.objects.filter(pk=old.pk).update(updated_at=ago(366))
    tidy_imports()
    assert DocumentDraft.objects.get() == young
    assert Event.objects.get(type="document.discarded").actor_label


def test_mails_are_forgotten_once_they_were_sent(acme):
    rows = [
        Mail.objects.create(organization=acme, to="a@acme.example", template="x", state=state)
        for state in ("sent", "dropped", "failed", "pending")
    ]
    Mail.objects.update(created_at=ago(91))
    new = Mail.objects.create(organization=acme, to="a@acme.example", template="x", state="sent")
    tidy()
    assert set(Mail.objects.all()) == {*rows[2:], new}
