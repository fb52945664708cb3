"""Reads the XML of a document of any size into a tree of what is shown of it.

Files in it are left out, and only counted; so are lines beyond those that are shown. What is no
XML, has a DTD, or is endless is refused.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from peppol.invoices.reading import CAC, CBC

_CII = "urn:un:unece:uncefact:data:standard:"
RSM = f"{{{_CII}CrossIndustryInvoice:100}}"
RAM = f"{{{_CII}ReusableAggregateBusinessInformationEntity:100}}"
UDT = f"{{{_CII}UnqualifiedDataType:100}}"
MOST_LINES = 1000
_MOST_ELEMENTS = 300_000
_MOST_LETTERS = 5_000
FILES = (f"{CBC}EmbeddedDocumentBinaryObject", f"{RAM}AttachmentBinaryObject")
_LINES = (
    f"{CAC}InvoiceLine",
    f"{CAC}CreditNoteLine",
    f"{RAM}IncludedSupplyChainTradeLineItem",
)
# Letters that turn the direction of what stands beside them, or are not seen at all.
_DECEIVING = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class Unreadable(Exception):
    """This cannot be shown; the message says why."""


@dataclass
class Skimmed:
    """A tree without its files. `sizes` has the bytes of each file, in their order."""

    root: etree._Element
    sizes: list[int] = field(default_factory=list)
    lines_left_out: int = 0


def skim(document: Iterable[bytes]) -> Skimmed:
    """What is shown of `document`. Raises Unreadable."""
    target: Any = _Target()
    parser = etree.XMLParser(
        target=target,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for piece in document:
            parser.feed(piece)
        root: etree._Element = parser.close()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(str(error)[:200]) from None
    return Skimmed(root, target.sizes, target.lines_left_out)


class _Target:
    """Builds the tree, but for what is inside of files and of lines too many."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.lines_left_out = 0
        self._builder = etree.TreeBuilder()
        self._elements = self._lines = self._skipped = 0
        self._letters: int | None = None
        self._padding = 0

    def doctype(self, *_: Any) -> None:
        raise Unreadable("The document has a DTD.")

    def start(self, tag: str, attributes: Any, nsmap: Any = None) -> None:
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise Unreadable("The document is too large to be shown.")
        if self._skipped:
            self._skipped += 1
            return
        if tag in _LINES:
            self._lines += 1
            if self._lines > MOST_LINES:
                self.lines_left_out += 1
                self._skipped = 1
                return
        if tag in FILES:
            self._letters = self._padding = 0
        self._builder.start(tag, attributes)

    def data(self, text: str) -> None:
        if self._letters is not None:
            self._letters += len(text) - sum(text.count(blank) for blank in " \t\r\n")
            self._padding += text.count("=")
        elif not self._skipped:
            self._builder.data(text)

    def end(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        if tag in FILES and self._letters is not None:
            self.sizes.append(max(self._letters * 3 // 4 - self._padding, 0))
            self._letters = None
        self._builder.end(tag)

    def close(self) -> Any:
        return self._builder.close()


class Node:
    """An element, or none at all, whose texts are asked for by their path."""

    def __init__(self, element: etree._Element | None) -> None:
        self.element = element

    def __bool__(self) -> bool:
        return self.element is not None

    def one(self, path: str) -> "Node":
        """The first element at `path`."""
        return Node(None if self.element is None else self.element.find(_full(path)))

    def each(self, path: str) -> Iterator["Node"]:
        """All elements at `path`."""
        if self.element is not None:
            yield from (Node(found) for found in self.element.iterfind(_full(path)))

    def text(self, path: str = "") -> str:
        """The text of the first element at `path`, or of this one, without what deceives."""
        found = self.one(path).element if path else self.element
        if found is None:
            return ""
        return _DECEIVING.sub("", (found.text or "").strip())[:_MOST_LETTERS]

    def texts(self, path: str) -> tuple[str, ...]:
        """The texts at `path`, those that say something."""
        return tuple(text for node in self.each(path) if (text := node.text()))

    def attribute(self, name: str, path: str = "") -> str:
        """An attribute of the first element at `path`, or of this one."""
        found = self.one(path).element if path else self.element
        return "" if found is None else _DECEIVING.sub("", found.get(name, "").strip())[:200]


_PREFIXES = {"cbc:": CBC, "cac:": CAC, "rsm:": RSM, "ram:": RAM, "udt:": UDT}


def _full(path: str) -> str:
    for prefix, namespace in _PREFIXES.items():
        path = path.replace(prefix, namespace)
    return path
