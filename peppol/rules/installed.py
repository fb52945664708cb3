"""The official releases that were installed, as this process knows them.

They are asked for once a minute at most, so a release installed on one machine judges on all of
them a minute later.
"""

import io
import time
import zipfile
from dataclasses import dataclass
from datetime import date
from threading import Lock

from peppol.models import RuleRelease
from peppol.rules.engine import Sheet

_GOOD_FOR = 60.0
_lock = Lock()
_last: tuple[float, tuple["Installed", ...]] = (0.0, ())


@dataclass(frozen=True)
class Installed:
    """A release that was installed: its sheets by the kind of document they judge."""

    name: str
    number: str
    mandatory_from: date
    digest: str
    kinds: tuple[tuple[str, tuple[Sheet, ...]], ...]
    schemas: tuple[bytes, ...] = ()


def releases() -> tuple[Installed, ...]:
    """Every installed release, as of a minute ago at most."""
    global _last
    with _lock:
        read_at, known = _last
        if not read_at or time.monotonic() - read_at > _GOOD_FOR:
            known = _read({one.digest: one for one in known})
            _last = (time.monotonic(), known)
        return known


def forget() -> None:
    """Ask the database at the next question."""
    global _last
    _last = (0.0, ())


def _read(known: dict[str, Installed]) -> tuple[Installed, ...]:
    """What is new is unpacked; of what is known only the digest is asked."""
    rows = RuleRelease.objects.order_by("pk").values_list("pk", "digest", "name", "number")
    return tuple(
        known.get(digest) or unpacked(RuleRelease.objects.get(pk=pk)) for pk, digest, *_ in rows
    )


def unpacked(release: RuleRelease) -> Installed:
    """A release with its sheets read."""
    key = f"{release.name}/{release.number}/{release.digest[:12]}"
    with zipfile.ZipFile(io.BytesIO(bytes(release.sheets))) as packed:
        sheets = {name: Sheet(f"{key}/{name}", packed.read(name)) for name in packed.namelist()}
    return Installed(
        name=release.name,
        number=release.number,
        mandatory_from=release.mandatory_from,
        digest=release.digest,
        kinds=tuple(
            (customization, tuple(sheets[name] for name in names))
            for customization, names in release.kinds.items()
        ),
        schemas=tuple(sheet.text for name, sheet in sheets.items() if name.endswith(".xsd")),
    )
