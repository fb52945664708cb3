"""No upload may fill the disk: what is far larger than any file we read is refused unread."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# More than any page reads, so that a file that is a little too large is refused in words.
_MOST_BYTES = 25 * 1024 * 1024


class Limit(FileUploadHandler):
    """Refuses a request by its length, before any of it is stored."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 — Django's name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        if content_length > _MOST_BYTES:
            raise RequestDataTooBig("This upload is too large.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
