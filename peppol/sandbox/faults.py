"""Tells the sandbox to misbehave, and to stop."""

from django.db import transaction

from peppol.sandbox.models import Fault


@transaction.atomic
def switch_on(kind: str) -> None:
    """Have the sandbox fail as `kind` says, in place of any other fault. Raises ValueError."""
    if kind not in Fault.Kind.values:
        raise ValueError(f"There is no fault “{kind}”: {', '.join(Fault.Kind.values)}.")
    Fault.objects.all().delete()
    Fault.objects.create(kind=kind)


def switch_off() -> None:
    """Have the sandbox behave."""
    Fault.objects.all().delete()


def current() -> str:
    """The fault in force, or the empty string."""
    return Fault.objects.values_list("kind", flat=True).first() or ""
