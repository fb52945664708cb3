"""What a document contains, however large: in memory while it is small, and on the disk then."""

import hashlib
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from django.core.files.base import File

PIECE = 256 * 1024
_IN_MEMORY = 1024 * 1024


class Content:
    """Bytes that are written once and read as often as wanted; closed when nobody has it more."""

    def __init__(self, content: bytes = b"") -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 — closes with us
        self._digest = hashlib.sha256()
        self.size = 0
        self.write(content)

    def write(self, piece: bytes) -> None:
        """Put `piece` at the end."""
        self._file.write(piece)
        self._digest.update(piece)
        self.size += len(piece)

    @property
    def digest(self) -> str:
        """SHA-256, in hexadecimal."""
        return self._digest.hexdigest()

    def file(self) -> IO[bytes]:
        """What was written, from its beginning."""
        self._file.seek(0)
        return cast(IO[bytes], self._file)

    def stored(self) -> "File[Any]":
        """What a storage takes."""
        return File(self.file())

    def pieces(self) -> Iterator[bytes]:
        """What was written, a piece after the other."""
        return pieces_of(self.file())

    def bytes(self) -> bytes:
        """All of it at once, for what is known to be small."""
        return self.file().read()


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """The rest of a file, a piece after the other."""
    while piece := file.read(PIECE):
        yield piece
