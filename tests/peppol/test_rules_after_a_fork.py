"""Processes that are forked off judge documents too: the threads of their parent are not theirs."""

import os
import select
import subprocess
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from peppol.rules import judging
from tests.peppol.test_invoices import written

# A connection would be shared with the child, of which a database knows nothing.
pytestmark = pytest.mark.once


def test_a_forked_process_judges_as_its_parent_does(db):
    """It waited for threads that had stayed behind."""
    content = written()
    assert judging.breaches(content) == []
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        found = judging.breaches(content)
        os.write(writing, b"sound" if not found else b"broken")
        os._exit(0)
    ready, _, _ = select.select([reading], [], [], 30)
    try:
        assert ready and os.read(reading, 10) == b"sound"
    finally:
        if not ready:
            os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(reading)
        os.close(writing)


def test_a_process_that_has_judged_starts_others_from_any_thread(db):
    """They ended before their command: what the threads hold was freed at the fork."""
    assert judging.breaches(written()) == []
    with ThreadPoolExecutor(1) as thread:
        command = partial(subprocess.run, ["true"], preexec_fn=os.getpid, timeout=30)
        started = [thread.submit(command).result() for _ in range(5)]
    assert {process.returncode for process in started} == {0}
