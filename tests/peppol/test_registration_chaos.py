"""Companies change their minds, share identifiers, and workers are killed, all at once.

Whatever happened, when everything has come to rest the SMP shows what the rows say, and nobody
has what is somebody else's.
"""

import random
import time
from collections import Counter
from contextlib import suppress

import pytest
from django.db import OperationalError

from peppol.identifiers import parse
from peppol.models import Participant
from peppol.sandbox.models import Group, Service
from peppol.services.registration import cards, participants
from tenants.errors import Conflict, WrongState
from tenants.models import Event
from tests.conftest import make_company
from tests.peppol.workers import Workers

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(240),
    pytest.mark.slow,
]
State = Participant.State
SECONDS, REST = 12, 90


@pytest.fixture
def crew(tmp_path, gate, settings):
    # Short leases, so that what a killed worker had is found again within the test.
    crew = Workers(
        tmp_path / "workers", settings.SMP_URL, SMP_CONNECT_TIMEOUT="1", SMP_READ_TIMEOUT="2"
    )
    yield crew
    crew.disband()


def wish(company, identifier, by) -> None:
    """Ask for something that may or may not be possible at the moment."""
    operation = random.choice([participants.register, participants.register, leave, rename])
    # PostgreSQL may find a deadlock between a wish and a worker; then the wish was not granted.
    with suppress(Conflict, WrongState, OperationalError):
        operation(company, identifier, by=by)


def leave(company, identifier, *, by) -> None:
    for row in Participant.objects.of(company).filter(value=parse(identifier).value):
        participants.unregister(row, by=by)


def rename(company, identifier, *, by) -> None:
    for row in Participant.objects.of(company).filter(value=parse(identifier).value):
        cards.rename(row, card_name=f"Name {random.random()}", by=by)


def at_rest() -> bool:
    return not Participant.objects.exclude(next_attempt_at=None).exists()


def test_smp_and_portal_agree_in_the_end(acme, rival, gate, crew, by):
    random.seed(20261120)
    companies = [make_company(p, f"c{n}") for p in (acme, rival) for n in range(2)]
    identifiers = [f"0208:000000000{n}" for n in range(5)]
    for _ in range(2):
        crew.start()
    ends = time.monotonic() + SECONDS
    next_kill = time.monotonic() + 5
    while time.monotonic() < ends:
        wish(random.choice(companies), random.choice(identifiers), by)
        crew.nudge()
        time.sleep(random.uniform(0, 0.15))
        if time.monotonic() > next_kill:
            crew.kill()
            crew.start()
            next_kill = time.monotonic() + 4
    ends = time.monotonic() + REST
    while not at_rest() and time.monotonic() < ends:
        crew.nudge()
        time.sleep(0.5)
    rows = list(Participant.objects.all())
    assert at_rest(), [(str(r), r.state, r.last_error, r.next_attempt_at) for r in rows]
    assert {r.state for r in rows} <= {State.ACTIVE, State.UNREGISTERED}
    active = {parse(r.identifier).uri for r in rows if r.is_registered}
    assert set(Group.objects.values_list("uri", flat=True)) == active
    assert Service.objects.count() == 2 * len(active)
    kinds = Counter(Event.objects.values_list("type", flat=True))
    assert min(kinds["company.smp_registered"], kinds["company.smp_unregistered"]) > 0, kinds
