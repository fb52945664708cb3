"""Files that are there whole or not at all, whatever ends the writing of one."""

import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import FileSystemStorage


class WholeFiles(FileSystemStorage):
    """Django's own storage of files, but that a file appears under its name when it is complete.

    Django's writes into place, so that a full disk, or a kill, leaves the beginning of a file.
    """

    def _save(self, name: str, content: "File[Any]") -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                for piece in content.chunks():
                    file.write(piece if isinstance(piece, bytes) else piece.encode())
                file.flush()
                os.fsync(file.fileno())
            return self._put_in_place(aside, name)
        finally:
            Path(aside).unlink(missing_ok=True)

    def _put_in_place(self, aside: str, name: str) -> str:
        while not getattr(self, "_allow_overwrite"):  # noqa: B009 — the stubs do not know it
            try:
                os.link(aside, self.path(name))
                return name
            except FileExistsError:
                name = self.get_available_name(name)
        Path(aside).replace(self.path(name))
        return name
