"""Mappings of columns that were settled once, for the corrected file and the next of its kind."""

import hashlib
from collections.abc import Mapping, Sequence

from django.utils import timezone

from peppol.models import CompanyImport, ImportLayout
from peppol.services.imports import columns
from peppol.spelling import plain
from tenants.models import Organization

# So many layouts are looked through; nobody has as many programs.
_MOST = 200


def propose(platform: Organization, titles: Sequence[str]) -> dict[str, int]:
    """In which column each field stands: as it was settled for such a file, else as guessed."""
    present = distinct(titles)
    remembered = _remembered(platform, present)
    guessed = columns.guess(titles)
    if remembered is None:
        return guessed
    found = {name: present.index(title) for name, title in remembered.mapping.items()}
    known = set(remembered.titles)
    for name, place in guessed.items():
        if name not in found and present[place] not in known and place not in found.values():
            found[name] = place
    return found


def remember(batch: CompanyImport, mapping: Mapping[str, int]) -> None:
    """Keep how the columns of a file were settled."""
    present = distinct(batch.columns)
    fingerprint = hashlib.sha256("\n".join(sorted(present)).encode()).hexdigest()
    facts = {
        "titles": present,
        "mapping": {name: present[place] for name, place in mapping.items()},
        "used_at": timezone.now(),
    }
    ImportLayout.objects.update_or_create(
        organization=batch.organization, fingerprint=fingerprint, defaults=facts
    )


def distinct(titles: Sequence[str]) -> list[str]:
    """Titles without what does not matter, each told from one that is called the same."""
    found: list[str] = []
    for title in titles:
        word = plain(title)
        while word in found:
            word += "#"
        found.append(word)
    return found


def _remembered(platform: Organization, present: Sequence[str]) -> ImportLayout | None:
    """The layout that has most titles in common with a file in which all its fields stand."""
    rows = ImportLayout.objects.filter(organization=platform).order_by("-used_at", "-pk")[:_MOST]
    there = set(present)
    fitting = [row for row in rows if row.mapping and there.issuperset(row.mapping.values())]
    return max(fitting, key=lambda row: len(there.intersection(row.titles)), default=None)
