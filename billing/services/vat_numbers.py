"""What the register says of the VAT numbers that bills depend on: each answer with its day."""

import re
from datetime import timedelta

from django.utils import timezone

from billing import parties
from billing.models import VatAnswer
from peppol.registers import vat
from tenants.models import Organization

# An answer is good for this long; then the register is asked again.
_GOOD = timedelta(days=30)


def note(number: str, is_valid: bool) -> None:
    """Keep what the register said today."""
    VatAnswer.objects.create(number=compact(number), is_valid=is_valid)


def is_confirmed(number: str) -> bool | None:
    """What the register last said; None when it never said anything."""
    last = VatAnswer.objects.filter(number=compact(number)).order_by("-id").first()
    return last.is_valid if last else None


def ask_about(payer: Organization) -> None:
    """Ask the register where the bill of `payer` depends on it and no fresh answer is known.

    Nothing comes of a register that is silent. Not for use inside a transaction.
    """
    buyer = parties.buyer(payer)
    if not parties.may_reverse(parties.seller(), buyer):
        return
    number = compact(buyer["vatNumber"])
    fresh = VatAnswer.objects.filter(number=number, at__gte=timezone.now() - _GOOD)
    if not fresh.exists():
        found = vat.check(number)
        if found.valid is not None:
            note(number, found.valid)


def compact(number: str) -> str:
    """A VAT number as it is asked about, without what people write between its parts."""
    return re.sub(r"[^0-9A-Za-z]", "", number).upper()[:64]
