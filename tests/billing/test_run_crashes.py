"""Runs of statements are killed with -9 at random; whoever goes on bills nobody twice, and forgets
nobody who was refused."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from billing.models import Plan, Statement, StatementRun, Subscription
from billing.services import statement_runs
from tenants.models import Event, Organization
from tests import fork_server
from tests.conftest import make_platform
from tests.fork_server import ForkServer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
    pytest.mark.slow,
]
MONTH = date(2026, 10, 1)
PLATFORMS = 40
# Of so many one has a name that no file can hold, written past every door.
EACH = 5
ADVANCE = "from billing.services import statement_runs; statement_runs.advance()"


@pytest.fixture
def workers(tmp_path) -> Iterator[ForkServer]:
    workers = ForkServer(GATEHOUSE_DATA_DIR=str(tmp_path), LOG_LEVEL="ERROR")
    yield workers
    workers.close()


def test_a_run_that_is_killed_again_and_again_bills_everybody_once(workers):
    plan = Plan.objects.create(code="p", name="P", monthly_fee=10, overage_price=1)
    broken: list[UUID] = []
    for number in range(PLATFORMS):
        platform = make_platform(f"Platform {number}")
        if number % EACH == 1:
            broken.append(platform.pk)
            Organization.objects.filter(pk=platform.pk).update(name=f"Platform\x07{number}")
        Subscription.objects.create(
            organization=platform, plan=plan, started_at=datetime(2026, 1, 1, tzinfo=UTC)
        )
    run = statement_runs.start(MONTH)
    for _ in range(3):
        seen = Statement.objects.count()
        worker = workers.start(ADVANCE)
        deadline = time.monotonic() + 90
        while Statement.objects.count() < seen + 3 and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(random.random() * 0.05)
        fork_server.kill(worker)
        run.refresh_from_db()
        assert set(run.refused) == {pk for pk in broken if run.reached and pk <= run.reached}
        # Nobody waits for the dead for longer than a minute.
        assert run.claimed_until <= timezone.now() + timedelta(minutes=1)
        StatementRun.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    killed_at = Statement.objects.count()
    fork_server.wait(workers.start(ADVANCE), 60)
    run.refresh_from_db()
    assert killed_at >= 9, "the runs were killed before they did anything"
    assert (run.state, run.done) == ("finished", PLATFORMS)
    billed = PLATFORMS - len(broken)
    assert Statement.objects.count() == billed
    assert Event.objects.filter(type="statement.issued").count() == billed
    assert set(StatementRun.objects.get().refused) == set(broken)
    numbers = sorted(Statement.objects.values_list("number", flat=True))
    year = timezone.now().year
    assert numbers == [f"{year}-{n:06d}" for n in range(1, billed + 1)]
