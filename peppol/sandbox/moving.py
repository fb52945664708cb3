"""How the sandbox SMP moves participants to other SMPs and takes them from there."""

import secrets

from django.db import transaction
from lxml.builder import ElementMaker

from peppol.sandbox.models import Group, SmlEntry
from peppol.sandbox.smp import Answer, identifier, owned, read_xml
from peppol.smp import documents


def start_migration(path: str) -> bytes:
    """Enter a migration key into the SML and show it."""
    group = owned(path)
    key = _migration_key()
    SmlEntry.objects.filter(uri=group.uri).update(migration_key=key)
    Group.objects.filter(pk=group.pk).update(migration_key=key)
    plain = ElementMaker()
    return documents.to_bytes(
        plain.migrationOutboundResponse(
            plain.participantID(group.uri), plain.migrationKey(key), success="true"
        )
    )


def cancel_migration(path: str) -> None:
    """Forget the key here; the SML is not told, as at the real one."""
    _migrating(path)
    Group.objects.filter(pk=owned(path).pk).update(migration_key="")


def finish_migration(path: str) -> None:
    """Delete the participant here and leave the SML to its new SMP."""
    _migrating(path)
    owned(path).delete()


@transaction.atomic
def migrate_in(body: bytes) -> bytes:
    """Take over a participant whose key the SML knows; the group is created empty."""
    root = read_xml(body)
    pid = identifier(root.findtext("participantID") or "")
    key = root.findtext("migrationKey") or ""
    if Group.objects.filter(uri=pid.uri).exists():
        raise Answer(400, "Bad request: the service group exists already")
    entry = SmlEntry.objects.filter(uri=pid.uri).exclude(migration_key="").first()
    if entry is None or not secrets.compare_digest(entry.migration_key, key):
        raise Answer(500, f"Failed to migrate '{pid.uri}' in SML: the key is wrong")
    SmlEntry.objects.filter(pk=entry.pk).update(smp="", migration_key="")
    Group.objects.create(uri=pid.uri)
    made = ElementMaker().migrationInboundResponse(
        success="true", serviceGroupCreated="true", migrationCreated="true"
    )
    return documents.to_bytes(made)


def _migrating(path: str) -> None:
    if not owned(path).migration_key:
        raise Answer(400, "Bad request: no migration is under way")


def _migration_key() -> str:
    """A key by the SML's rule: upper, lower, digits and signs, two of each at least."""
    kinds = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", "@#$()*_-!~")
    letters = [secrets.choice(kind) for kind in kinds for _ in range(4)]
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)
