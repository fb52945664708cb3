"""Whether this process has what all processes of an installation must have in common.

The database is common to them all. In it stands a mark of each place where files are kept, and of
each secret that an installation makes for itself; the place holds the same mark. Who finds
another one, or none, would write where the others do not read, and must not take up work.
"""

import time
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from tenants.models import Stamp

# Places by the name that the storage has in the settings, and what is kept there.
PLACES = {"payload_files": "documents and bills", "media": "logos"}
GIVEN = "given"
# The first process of all writes a place's mark a moment after the database's.
_PATIENCE = 5.0


class NotShared(Exception):
    """Something is this process's own that must be common to all. The message says what to do."""


def prove() -> None:
    """Compare this process's places and secrets with those of the others.

    The first one's become the installation's. Raises NotShared, and OSError of a place.
    """
    for alias in PLACES:
        _compare_place(alias)
    for name, origin in settings.SECRET_ORIGINS.items():
        _compare_secret(name, origin)


def begin_anew() -> None:
    """Take the places and secrets of this process for those of the installation."""
    Stamp.objects.all().delete()
    prove()


def _compare_place(alias: str) -> None:
    stamp, made = Stamp.objects.get_or_create(
        name=f"storage {alias}", defaults={"value": uuid4().hex}
    )
    if made:
        try:
            _write(alias, stamp.value)
        except BaseException:
            stamp.delete()
            raise
    ends = time.monotonic() + _PATIENCE
    while (found := _read(alias)) != stamp.value:
        if found or time.monotonic() > ends:
            raise NotShared(
                f"Its {PLACES[alias]} lie in {_place(alias)}, which is not where the other "
                "processes keep theirs. Give all of them one GATEHOUSE_DATA_DIR (a common volume) "
                "or one PAYLOAD_S3_BUCKET; where the files have moved, run `manage.py share_anew`."
            )
        time.sleep(0.2)


def _write(alias: str, value: str) -> None:
    storage = storages[alias]
    storage.delete(_file(alias))
    storage.save(_file(alias), ContentFile(value.encode()))


def _read(alias: str) -> str:
    storage = storages[alias]
    try:
        with storage.open(_file(alias)) as file:
            return str(file.read().decode())
    except FileNotFoundError:
        return ""


def _file(alias: str) -> str:
    # Two of them may lie in one bucket.
    return f"installation-{alias}"


def _place(alias: str) -> str:
    storage = storages[alias]
    return str(getattr(storage, "location", "") or getattr(storage, "bucket_name", alias))


def _compare_secret(name: str, origin: str) -> None:
    stamp, _ = Stamp.objects.get_or_create(name=f"secret {name}", defaults={"value": origin})
    if stamp.value == origin:
        return
    if origin == GIVEN:
        # Whoever gives a secret means it; those who made one of their own are told at their start.
        Stamp.objects.filter(pk=stamp.pk).update(value=GIVEN)
        return
    theirs = "is given to" if stamp.value == GIVEN else "is another one for"
    raise NotShared(
        f"It has made a {name} of its own in {settings.DATA_DIR / 'keys'}, and {theirs} the other "
        f"processes. Give all of them the same {name}, or one GATEHOUSE_DATA_DIR."
    )
