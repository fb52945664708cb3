"""Documents to judge: ours, changed as a test wants them, and the official ones where at hand."""

import os
from pathlib import Path

import pytest
from lxml import etree

from peppol.invoices.reading import CAC, CBC
from peppol.rules import examples, kinds

OFFICIAL = Path(os.environ.get("OFFICIAL_RULES", ""))
JAR = next(iter(sorted(OFFICIAL.glob("phive-rules-peppol-*.jar"))), None) if OFFICIAL.name else None
needs_official = pytest.mark.skipif(
    JAR is None, reason="OFFICIAL_RULES names no folder with phive-rules-peppol-*.jar and examples"
)


def billing() -> etree._Element:
    return etree.fromstring(examples.right()[kinds.BILLING])


def self_billing() -> etree._Element:
    return etree.fromstring(examples.right()[kinds.SELF_BILLING])


def put(root, path, text=None, **attributes):
    """Change the first element at a path such as `AccountingSupplierParty/Party/EndpointID`."""
    element = at(root, path)
    if text is not None:
        element.text = text
    for name, value in attributes.items():
        element.set(name, value)
    return root


def drop(root, path):
    element = at(root, path)
    element.getparent().remove(element)
    return root


def at(root, path):
    for name in path.split("/"):
        root = (
            root.find(f"{CBC}{name}")
            if root.find(f"{CBC}{name}") is not None
            else root.find(f"{CAC}{name}")
        )
    return root


def within(root, country):
    """The document between two parties of a country, without VAT numbers."""
    for side in ("Supplier", "Customer"):
        party = f"Accounting{side}Party/Party"
        put(root, f"{party}/PostalAddress/Country/IdentificationCode", country)
    return root
