"""Whether somebody is on Peppol, and what they take: asked of SML and SMP, kept for an hour.

Silence is no answer: what could not be learnt is neither kept nor taken for absence.
"""

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from django.core.cache import cache

from peppol import document_types, identifiers, network_lookup
from peppol.identifiers import ParticipantId
from peppol.services.documents import stand_ins
from tenants.errors import DomainError, Invalid

_KEPT, _KEPT_ABSENT, _KEPT_SILENT = 3600, 600, 30


class Verdict(StrEnum):
    """What is to be expected of sending somebody a kind of document."""

    TAKES = "takes"
    TAKES_OTHER = "takes_other"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Reach:
    """What the network says of an identifier. `types` are what it is registered for, as URIs."""

    identifier: str
    verdict: Verdict
    types: tuple[str, ...] = ()
    name: str = ""
    country: str = ""
    error: str = ""
    # Another identifier of the same company that takes what this one does not.
    instead: str = ""

    @property
    def is_registered(self) -> bool:
        return self.verdict in (Verdict.TAKES, Verdict.TAKES_OTHER)

    @property
    def type_names(self) -> list[str]:
        """What it takes, as the code list calls it."""
        return sorted({document_types.name_of(uri) for uri in self.types})


def find(identifier: str, document_type: str = "") -> Reach:
    """Whether `identifier` takes a document type, or is there at all where none is asked about.

    Where it does not, a Belgian company's other identifier is tried. Raises Invalid for what is no
    identifier.
    """
    pid = identifiers.parse(identifier)
    found = _judged(_of(pid), document_type)
    if found.verdict in (Verdict.TAKES, Verdict.UNKNOWN):
        return found
    for other in _others(pid):
        second = _judged(_of(other), document_type)
        if second.verdict is Verdict.TAKES:
            return replace(found, instead=str(other))
    return found


def _judged(found: Reach, document_type: str) -> Reach:
    # Registered for nothing that we were told: whoever sends learns more.
    if not found.is_registered or not document_type or not found.types:
        return found
    takes = document_types.fitting(found.types, document_type)
    return replace(found, verdict=Verdict.TAKES if takes else Verdict.TAKES_OTHER)


def _of(pid: ParticipantId) -> Reach:
    """What the network says now, or said within the hour."""
    offered = stand_ins.offered()
    if offered and pid.scheme == offered.scheme:
        return Reach(str(pid), Verdict.TAKES)
    key = f"peppol:reach:{pid.canonical().uri}"
    kept = cache.get(key)
    if kept:
        said = json.loads(kept)
        return Reach(**{**said, "types": tuple(said["types"]), "verdict": Verdict(said["verdict"])})
    found = _asked(pid)
    seconds = {Verdict.ABSENT: _KEPT_ABSENT, Verdict.UNKNOWN: _KEPT_SILENT}
    cache.set(key, json.dumps(asdict(found)), seconds.get(found.verdict, _KEPT))
    return found


def _asked(pid: ParticipantId) -> Reach:
    try:
        answer = network_lookup.look_up(pid, endpoints=False)
    except DomainError as refusal:
        return Reach(str(pid), Verdict.UNKNOWN, error=refusal.message)
    error = answer.sml_error or answer.smp_error
    if not answer.is_registered:
        return Reach(str(pid), Verdict.UNKNOWN if error else Verdict.ABSENT, error=error)
    entity = next(iter(answer.card.entities), None) if answer.card else None
    return Reach(
        str(pid),
        Verdict.TAKES,
        types=tuple(answer.document_types),
        name=next(iter(entity.names.values()), "")[:255] if entity else "",
        country=entity.country[:2] if entity else "",
    )


def _others(pid: ParticipantId) -> list[ParticipantId]:
    """Under what else a Belgian company is on Peppol: by enterprise and by VAT number."""
    digits = pid.value.upper().removeprefix("BE")
    if pid.scheme not in ("0208", "9925") or not digits.isdigit() or len(digits) != 10:
        return []
    other = f"9925:BE{digits}" if pid.scheme == "0208" else f"0208:{digits}"
    try:
        return [identifiers.parse(other)]
    except Invalid:
        return []
