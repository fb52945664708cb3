"""Brings what Peppol's artefacts of early 2024 find to BIS Billing 3.0.21 and Self-Billing 3.0.2.

Of what they find, rules that changed are left out, and stated anew in the modules beside.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from lxml import etree

from peppol.rules.amendments.common import (
    BILLING_HEAD,
    CODES_ADDED,
    SELF_BILLING_HEAD,
    Numbers,
    RemovedCodes,
)
from peppol.rules.amendments.countries import (
    DENMARK,
    NETHERLANDS,
    OTHERS,
    SWEDEN,
    WITHIN_NETHERLANDS,
)
from peppol.rules.amendments.germany import GERMANY
from peppol.rules.amendments.rule import Element
from peppol.rules.findings import Breach

_STATED_ANEW = {
    "PEPPOL-COMMON-R042",
    "PEPPOL-COMMON-R049",
    "PEPPOL-EN16931-R002",
    "PEPPOL-EN16931-R004",
    "PEPPOL-EN16931-R007",
    "PEPPOL-EN16931-P0100",
    "PEPPOL-EN16931-P0101",
    "DK-R-003",
    "DK-R-004",
    "DK-R-008",
    "NL-R-007",
    "NL-R-008",
}
_MORE_SEVERE = {"SE-R-003", "SE-R-004"}
# Of the national rules of billing, self-billing has none but those on numbers.
_BILLING_ALONE = re.compile(r"(?!PEPPOL-|BR-|UBL-)[A-Z]{2}-")
_STEP = re.compile(r"Q(\{[^}]*\})")


class _Source(Protocol):
    def breaches(self, root: Element) -> Iterator[Breach]: ...


_COMMON: tuple[_Source, ...] = (Numbers(), RemovedCodes())
_BILLING: tuple[_Source, ...] = (
    BILLING_HEAD,
    *_COMMON,
    OTHERS,
    GERMANY,
    DENMARK,
    NETHERLANDS,
    WITHIN_NETHERLANDS,
    SWEDEN,
)
_SELF_BILLING: tuple[_Source, ...] = (SELF_BILLING_HEAD, *_COMMON)


def billing(root: Element, found: Sequence[Breach]) -> list[Breach]:
    """What the rules of BIS Billing 3.0.21 find, from what the artefacts found."""
    return [*_kept(root, found), *_own(root, _BILLING)]


def self_billing(root: Element, found: Sequence[Breach]) -> list[Breach]:
    """What the rules of BIS Self-Billing 3.0.2 find, from what the billing artefacts found."""
    kept = [breach for breach in _kept(root, found) if not _BILLING_ALONE.match(breach.rule)]
    return [*kept, *_own(root, _SELF_BILLING)]


def _own(root: Element, sources: Sequence[_Source]) -> Iterator[Breach]:
    for source in sources:
        yield from source.breaches(root)


def _kept(root: Element, found: Sequence[Breach]) -> Iterator[Breach]:
    for breach in found:
        if breach.rule in _STATED_ANEW or _is_newer(root, breach):
            continue
        yield replace(breach, fatal=True) if breach.rule in _MORE_SEVERE else breach


def _is_newer(root: Element, breach: Breach) -> bool:
    """Whether the code that was found unknown has been taken up into its list since."""
    added = CODES_ADDED.get(breach.rule)
    if not added:
        return False
    place = _STEP.sub(r"\1", breach.location)
    selected: list[Element] = list(etree.ETXPath(place)(root))  # type: ignore[arg-type]
    return any(
        {(element.text or "").strip(), element.get("schemeID"), element.get("currencyID")} & added
        for element in selected
    )
