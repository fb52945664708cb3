"""Questions about what was sent never keep what is to be sent waiting."""

from datetime import timedelta

import pytest
from django.utils import timezone

from peppol.models import Document
from peppol.services.documents import claims, outcomes
from peppol.services.documents.outcomes import _ANSWERS, _LOOKS
from tests.peppol.trading import State, send

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = 3600


@pytest.fixture
def backlog(sender):
    """One document to send, and twelve that were delivered and have been due for an hour."""
    asked = [send(sender) for _ in range(12)]
    Document.objects.update(
        state=State.DELIVERED,
        finished_at=timezone.now() - timedelta(hours=2),
        attempt_count=5,
        next_attempt_at=timezone.now() - timedelta(hours=1),
    )
    return send(sender), asked


def test_what_is_to_be_sent_comes_before_questions_that_have_waited_longer(backlog):
    """Questions used to come first, for an hour and more."""
    new, _ = backlog
    assert claims.take(0).document == new


def test_questions_have_a_turn_of_their_own(backlog):
    new, asked = backlog
    assert claims.take(3).document in asked
    assert claims.take(0).document == new
    assert claims.take(1).document in asked


def test_old_questions_are_asked_by_the_hour_or_less_often(backlog):
    _, asked = backlog
    document = Document.objects.get(pk=asked[0].pk)
    document.attempt_count = 9
    outcomes.look_again(document)
    assert document.next_attempt_at - timezone.now() > timedelta(seconds=0.9 * HOUR)
    assert _LOOKS[-1] == HOUR and _ANSWERS[-1] >= HOUR
    # Fifty thousand a day, with all of their questions for three days, are few calls a second.
    questions = len(_ANSWERS) + 72 * HOUR / _ANSWERS[-1]
    assert 50_000 * (1 + questions) / (24 * HOUR) < 15


def test_an_access_point_that_says_so_is_asked_at_once(backlog, client, settings):
    _, asked = backlog
    Document.objects.update(next_attempt_at=timezone.now() + timedelta(hours=6))
    path = f"/internal/peppol/progress?sbdhInstanceID={asked[0].instance_id}"
    assert client.post(path).status_code == 401
    assert not Document.objects.due().exists()
    token = {"X-Gatehouse-Token": settings.INBOUND_TOKEN}
    assert client.post(path, headers=token).json() == {"waitedFor": True}
    assert list(Document.objects.due()) == [asked[0]]
    nobody = "/internal/peppol/progress?sbdhInstanceID=unheard-of"
    assert client.post(nobody, headers=token).json() == {"waitedFor": False}
