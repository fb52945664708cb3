"""The embedded broker: messages are files in a folder, and nobody ever reads half of one."""

from pathlib import Path
from time import time_ns
from typing import Any
from uuid import uuid4

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Kombu's channel, but a message appears in the folder as a whole.

    Kombu's own writes into the file that a reader may have taken already; the worker that read
    nothing there ended with an unrecoverable error.
    """

    def _put(self, queue: str, payload: dict[str, Any], **_: Any) -> None:  # type: ignore[override]
        name = f"{time_ns():020}_{uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        # Readers look for what has one dot before the queue's name.
        draft = folder / f".{name}"
        draft.write_text(dumps(payload), encoding="utf-8")
        draft.replace(folder / name)

    def get_table(self, exchange: str) -> Any:
        """Where an exchange leads to; nowhere while another process is writing that down."""
        try:
            return super().get_table(exchange)
        except ValueError:
            return []


class Transport(filesystem.Transport):
    """The transport behind `filesystem://`, with our channel."""

    Channel = Channel


def use() -> None:
    """Have `filesystem://` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
