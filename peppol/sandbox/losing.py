"""How the sandbox loses a participant to another SMP, and how that one lets go of it again."""

from peppol import identifiers
from peppol.identifiers import ParticipantId
from peppol.sandbox.models import SmlEntry
from peppol.smp.dialects import public_smp_address, smp_address
from tenants.errors import Invalid

ELSEWHERE = "https://smp.elsewhere.example"


def lose(identifier: str, *, smp: str = ELSEWHERE) -> SmlEntry:
    """Have the SML say from now on that another SMP has a participant; ours is not told.

    Raises Invalid for what is no identifier.
    """
    pid = identifiers.parse(identifier).canonical()
    label = pid.sml_name("").partition(".")[0]
    values = {"smp": smp, "label": label, "migration_key": ""}
    return SmlEntry.objects.update_or_create(uri=pid.uri, defaults=values)[0]


def release(identifier: str) -> None:
    """Have whoever has a participant deregister it. Raises Invalid when nobody has it."""
    pid = identifiers.parse(identifier).canonical()
    if not SmlEntry.objects.filter(uri=pid.uri).delete()[0]:
        raise Invalid("The SML does not have %(identifier)s.", values={"identifier": pid})


def holder(pid: ParticipantId) -> str | None:
    """The address of the SMP that the SML has for a participant; None when nobody has it."""
    entry = SmlEntry.objects.filter(uri=pid.canonical().uri).first()
    return (entry.smp or public_smp_address()) if entry else None


def is_asked() -> bool:
    """Whether our SMP is the sandbox's own: of another one this register knows nothing."""
    return smp_address().endswith("/sandbox/smp")
