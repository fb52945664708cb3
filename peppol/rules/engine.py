"""Runs compiled Schematron: each stylesheet is compiled once, has a thread of its own, stays warm.

An XSLT processor must not be shared between threads, so every stylesheet owns one; the sheets of
a set judge a document side by side.
"""

import logging
import os
import re
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from lxml import etree
from saxonche import PySaxonApiError, PySaxonProcessor

from peppol.rules.findings import Breach
from tenants.errors import DomainError, Kind

logger = logging.getLogger(__name__)
_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
# What a report says of rules that hold: for a long invoice megabytes that nobody reads.
_CHATTER = ("fired-rule", "suppressed-rule", "active-pattern", "ns-prefix-in-attribute-values")
_PATIENCE = 60.0


@dataclass(frozen=True)
class Sheet:
    """One compiled Schematron, as published. `key` tells it from every other."""

    key: str
    text: bytes = field(repr=False, compare=False, hash=False)


class _Runner:
    """A sheet in its thread."""

    def __init__(self, sheet: Sheet) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rules")
        self._compiled: Future[tuple[Any, Any]] = self._thread.submit(_compile, sheet)

    def submit(self, document: str) -> Future[bytes]:
        return self._thread.submit(self._run, document)

    def _run(self, document: str) -> bytes:
        processor, executable = self._compiled.result()
        node = processor.parse_xml(xml_text=document)
        report: str = executable.transform_to_string(xdm_node=node)
        return report.encode()


_runners: dict[str, _Runner] = {}
_lock = Lock()
_process = os.getpid()


def run(sheets: Sequence[Sheet], document: str) -> list[Breach]:
    """What of the sheets' rules `document`, well-formed XML, breaks.

    A document that the rules cannot be run on breaks the rule "rules".
    Raises DomainError (unavailable) when it takes too long.
    """
    pending = [_runner(sheet).submit(document) for sheet in sheets]
    until = time.monotonic() + _PATIENCE
    found: list[Breach] = []
    for report in pending:
        try:
            found += _read(report.result(timeout=max(until - time.monotonic(), 0)))
        except PySaxonApiError as error:
            logger.warning("The rules cannot be run: %s", error)
            sentence = "The rules cannot be run on this document; it is made in an unusual way."
            return [Breach("rules", sentence, "/", True)]
        except TooLate:
            sentence = "Checking the document takes too long; try again."
            raise DomainError(Kind.UNAVAILABLE, "rules_busy", sentence) from None
    return found


def warm(sheets: Sequence[Sheet]) -> None:
    """Have the sheets compiled, in their threads; nobody waits for it."""
    for sheet in sheets:
        _runner(sheet)


def compiles(sheet: Sheet) -> str:
    """Why the sheet cannot be compiled; empty if it can."""
    try:
        _runner(sheet)._compiled.result(timeout=_PATIENCE)
    except (PySaxonApiError, etree.XMLSyntaxError) as error:
        return str(error)[:300]
    return ""


def _runner(sheet: Sheet) -> _Runner:
    _begin_anew_after_a_fork()
    with _lock:
        if sheet.key not in _runners:
            _runners[sheet.key] = _Runner(sheet)
        return _runners[sheet.key]


def _begin_anew_after_a_fork() -> None:
    """Threads do not go along into a process that is forked off: it starts its own.

    Not at the fork: what the threads hold is not freed safely there, and few such processes judge.
    """
    global _lock, _process
    if _process != os.getpid():
        _lock, _process = Lock(), os.getpid()
        _runners.clear()


def _compile(sheet: Sheet) -> tuple[Any, Any]:
    processor = PySaxonProcessor(license=False)
    root = etree.fromstring(sheet.text)
    for output in root.iter(f"{_XSL}output"):
        output.set("indent", "no")
    for name in _CHATTER:
        for element in list(root.iter(f"{_SVRL}{name}")):
            _cut(element)
    text = etree.tostring(root, encoding="unicode")
    return processor, processor.new_xslt30_processor().compile_stylesheet(stylesheet_text=text)


def _cut(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _read(report: bytes) -> list[Breach]:
    return [
        Breach(
            rule=failed.get("id", ""),
            message=_sentence(failed),
            location=failed.get("location", ""),
            fatal=failed.get("flag") == "fatal",
        )
        for failed in etree.fromstring(report).iter(f"{_SVRL}failed-assert")
    ]


def _sentence(failed: etree._Element) -> str:
    text = " ".join((failed.findtext(f"{_SVRL}text") or "").split())
    return re.sub(r"^\[[^\]]+\]\s*-?\s*", "", text)
