"""A short run of the chaos that `tests.chaos.run` makes at length by hand."""

import os

import pytest

from tests.chaos.run import run


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="runs on a database file of its own")
def test_no_event_is_lost_whoever_is_killed():
    outcome = run(events=120, kills=4)
    assert outcome.committed >= outcome.kills
    assert outcome.missing == 0
