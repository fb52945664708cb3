"""What a rule of our own is: where it looks, what has to hold there, and what it says if not."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from lxml import etree

from peppol.rules.findings import Breach

_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
NAMESPACES = {
    "cac": f"{_UBL}:CommonAggregateComponents-2",
    "cbc": f"{_UBL}:CommonBasicComponents-2",
    "re": "http://exslt.org/regular-expressions",
}
Element = etree._Element
Test = str | Callable[[Element], bool]


@dataclass(frozen=True)
class Rule:
    """`test` (XPath, or a function of the element) has to hold of each element of `context`.

    The context is an XPath from the document's first element.
    """

    id: str
    context: str
    test: Test
    message: str
    fatal: bool = True

    def breaches(self, root: Element) -> Iterator[Breach]:
        for element in found(root, self.context):
            holds = self.test(element) if callable(self.test) else _xpath(self.test)(element)
            if not holds:
                place = place_of(element)
                yield Breach(self.id, self.message, place, self.fatal, line_of(element))


@dataclass(frozen=True)
class Group:
    """Rules that concern only the documents of which `when` holds."""

    rules: Sequence[Rule]
    when: Callable[[Element], bool] = lambda root: True

    def breaches(self, root: Element) -> Iterator[Breach]:
        if self.when(root):
            for rule in self.rules:
                yield from rule.breaches(root)


def found(root: Element, path: str) -> list[Any]:
    """What an XPath with UBL's usual prefixes selects."""
    selected: Any = _xpath(path)(root)
    return list(selected)


def said(element: Element, path: str) -> str:
    """The text at `path`, without blanks around it; empty where there is none."""
    return str(_xpath(f"normalize-space({path})")(element))


def place_of(element: Element) -> str:
    """Where an element stands, as findings show it: `/Invoice[1]/cac:InvoiceLine[2]` in plain."""
    steps = []
    node: Element | None = element
    while node is not None:
        before = sum(1 for _ in node.itersiblings(node.tag, preceding=True))
        steps.append(f"{etree.QName(node).localname}[{before + 1}]")
        node = node.getparent()
    return "/" + "/".join(reversed(steps))


def line_of(element: Any) -> int:
    """The line of the XML on which an element begins; 0 where there is none."""
    return element.sourceline or 0


@cache
def _xpath(path: str) -> etree.XPath:
    return etree.XPath(path, namespaces=NAMESPACES)
