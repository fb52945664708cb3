"""The official Peppol code lists, as a compact table of what we need of them.

`peppol/data/code_lists.json` is made by `manage.py rebuild_code_lists` from a release that
OpenPEPPOL publishes. Whether an entry is in force follows from its dates, for the lists' own
words for it lag behind.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

TRANSPORT_PROFILE = "peppol-transport-as4-v2_0"
# What identifies the same parties since a scheme left the list.
SUCCESSORS = {
    "0037": "0216",
    "0193": "0208",
    "0212": "0216",
    "0213": "0216",
    "0215": "0216",
    "9902": "0184",
    "9904": "0198",
    "9906": "0211",
    "9907": "0210",
    "9908": "0192",
    "9909": "0192",
    "9917": "0196",
    "9921": "0201",
    "9954": "0190",
    "9955": "0007",
    "9956": "0208",
    "9958": "0204",
}


@dataclass(frozen=True)
class Process:
    """A business process, as an identifier with its scheme."""

    scheme: str
    value: str


@dataclass(frozen=True)
class DocumentType:
    """A kind of document and the processes in which a receiver takes it."""

    scheme: str
    value: str
    processes: tuple[Process, ...]
    name: str

    @property
    def customization(self) -> str:
        """What documents of the type say they follow; a wildcard ends in `*`."""
        return self.value.partition("##")[2].partition("::")[0]

    @property
    def uri(self) -> str:
        """The identifier as it stands in an SMP's paths: `busdox-docid-qns::urn:…`."""
        return f"{self.scheme}::{self.value}"


@dataclass(frozen=True)
class Scheme:
    """A participant identifier scheme: who numbers whom, and until when it is in force."""

    icd: str
    id: str
    country: str
    name: str
    pattern: str
    registrable: bool
    deprecated: bool
    removed_on: date | None

    def is_removed(self, today: date | None = None) -> bool:
        """Whether the scheme has left the list by `today`."""
        day = today or datetime.now(UTC).date()
        return self.removed_on is not None and self.removed_on <= day


@cache
def schemes() -> Mapping[str, Scheme]:
    """All schemes of the list by their ICD, those that were removed too."""
    return {row["icd"]: _scheme(row) for row in _table()["schemes"]}


@cache
def default_document_types() -> tuple[DocumentType, ...]:
    """What a company is registered for unless it says otherwise: BIS Billing 3, both documents."""
    return tuple(t for t in document_types() if t.name in _table()["default_document_types"])


@cache
def document_types() -> tuple[DocumentType, ...]:
    """The document types that a company may be registered for, in processes of every country."""
    offered = (t for t in all_document_types() if t.name in _table()["offered_document_types"])
    return tuple(
        replace(t, processes=tuple(p for p in t.processes if ":france:" not in p.value))
        for t in offered
    )


@cache
def all_document_types() -> tuple[DocumentType, ...]:
    """Every active document type of the list, each with all its processes."""
    processes = [Process(*one) for one in _table()["processes"]]
    return tuple(
        DocumentType(
            row["scheme"],
            row["value"],
            tuple(processes[number] for number in row["processes"]),
            row["name"],
        )
        for row in _table()["document_types"]
    )


def instead_of(icd: str) -> str:
    """What to use instead of a scheme that left the list; empty where there is nothing to say."""
    instead = SUCCESSORS.get(icd)
    if not instead:
        return ""
    scheme = schemes().get(icd)
    gone = f" on {scheme.removed_on}" if scheme and scheme.removed_on else ""
    return f"{icd} left the list{gone}; use {instead} ({schemes()[instead].id})."


def release() -> str:
    """The release of the lists that the table was made from, such as `9.7`."""
    return str(_table()["release"])


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(
        files("peppol").joinpath("data/code_lists.json").read_text(encoding="utf-8")
    )
    return table


def _scheme(row: Mapping[str, Any]) -> Scheme:
    removed_on = date.fromisoformat(row["removed_on"]) if row.get("removed_on") else None
    return Scheme(
        row["icd"],
        row["id"],
        row["country"],
        row["name"],
        row.get("pattern", ""),
        row["registrable"],
        row["deprecated"],
        removed_on,
    )
