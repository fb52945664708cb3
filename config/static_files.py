"""Static files, which browsers keep: an address names the contents, and another is another file."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class VersionedStaticFiles(StaticFilesStorage):
    """Files at addresses with a part of their digest; collected or not, they are the same."""

    def url(self, name: str | None) -> str:
        plain = super().url(name)
        version = _version(name) if name else ""
        return f"{plain}?v={version}" if version else plain


@lru_cache(maxsize=1024)
def _version(name: str) -> str:
    """A part of the digest of a file; "" for one that is not there."""
    found = finders.find(name)
    path = Path(found) if isinstance(found, str) else None
    if path is None or not path.is_file():
        return ""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
