"""Rows of PostgreSQL that two transactions want at once: they take turns, and neither is ended."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest
from django.db import connection

from peppol.models import Document
from peppol.services.documents import claims, documents, outcomes
from peppol.services.documents.usage import count
from tests.peppol.trading import SHAPE, send

PATIENCE = 20


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_one_document_is_sent_while_another_one_of_its_company_fails(sender, monkeypatch):
    """Each held what the other one waited for: the company's row, and its count of the day."""
    send(sender)
    claim = claims.take()
    latched, counted = threading.Event(), threading.Event()

    def as_a_sender(*facts):
        latched.set()
        assert counted.wait(PATIENCE)
        count(*facts)

    def as_a_worker(*facts):
        assert latched.wait(PATIENCE)
        count(*facts)
        counted.set()

    def turn(step):
        try:
            step()
        finally:
            latched.set()
            counted.set()
            connection.close()

    def count_by_thread(*facts):
        (as_a_sender if facts[2] == "sent" else as_a_worker)(*facts)

    monkeypatch.setattr(documents.usage, "count", count_by_thread)
    with ThreadPoolExecutor(2) as pool:
        turns = [
            pool.submit(copy_context().run, turn, lambda: send(sender, {**SHAPE, "number": "2"})),
            pool.submit(
                copy_context().run,
                turn,
                lambda: claims.settle(claim, outcomes.failed(outcomes.Reason("refused"))),
            ),
        ]
    assert [one.exception() for one in turns] == [None, None]
    states = Document.objects.of(sender).order_by("id").values_list("state", flat=True)
    assert list(states) == ["failed", "accepted"]
