"""The embedded broker under several writers and readers at once."""

import threading
from pathlib import Path
from queue import Empty

import pytest
from celery import Celery

from config.celery import app  # noqa: F401 — makes `filesystem://` ours


@pytest.fixture
def connection(tmp_path: Path):
    broker = Celery("test", broker="filesystem://", set_as_current=False)
    broker.conf.broker_transport_options = {
        "data_folder_in": str(tmp_path),
        "data_folder_out": str(tmp_path),
        "control_folder": str(tmp_path / "control"),
    }
    return broker.connection_for_write


def test_no_message_is_read_before_it_is_whole_and_none_is_lost(connection):
    writers, readers, each = 3, 3, 300
    got: list[int] = []
    errors: list[Exception] = []
    done = threading.Event()

    def write(number: int) -> None:
        with connection() as link:
            for position in range(each):
                link.default_channel._put("celery", {"body": "x" * 20_000, "n": [number, position]})

    def read() -> None:
        with connection() as link:
            while True:
                over = done.is_set()
                try:
                    got.append(link.default_channel._get("celery")["n"])
                except Empty:
                    if over:
                        return
                except Exception as error:
                    errors.append(error)

    at_work = [threading.Thread(target=write, args=[n]) for n in range(writers)]
    listening = [threading.Thread(target=read) for _ in range(readers)]
    for thread in (*listening, *at_work):
        thread.start()
    for thread in at_work:
        thread.join(60)
    done.set()
    for thread in listening:
        thread.join(60)
    assert errors == []
    assert sorted(got) == [[n, position] for n in range(writers) for position in range(each)]


def test_messages_come_out_in_the_order_they_went_in(connection):
    with connection() as link:
        for number in range(20):
            link.default_channel._put("celery", {"n": number})
        assert [link.default_channel._get("celery")["n"] for _ in range(20)] == list(range(20))
