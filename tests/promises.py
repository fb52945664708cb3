"""Writes docs/promises.md: every promise of the five contracts, and the tests that hold us to it.

    python -m tests.promises

A test is found by the number that it, or its table, names: `GOR-13`, `EIN-01 to EIN-05`.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "promises.md"
# How many promises each contract makes; their numbers begin at 1.
CONTRACTS = {
    "GOR": ("GoRoute", 36),
    "EIN": ("e-invoice.be", 53),
    "FLO": ("Flowie", 69),
    "FIS": ("fiskaly", 70),
    "INV": ("Invora", 51),
}
_CONTRACT = "|".join(CONTRACTS)
_ROW = re.compile(rf"^\| ((?:{_CONTRACT})-\d{{2}}) \| (.+) \| [^|]* \|$", re.M)
_NUMBER = rf"({_CONTRACT})[-_](\d{{2}})"
_RANGE = re.compile(rf"{_NUMBER}(?:(?: to |–|-)(?:\1[-_])?(\d{{2}}))?((?:, \d{{2}}\b)*)", re.I)


def cited(text: str) -> Iterator[str]:
    """The promises that a line names, ranges and lists spelled out."""
    for match in _RANGE.finditer(text):
        vendor, first, last, others = match[1].upper(), int(match[2]), match[3], match[4]
        numbers = [*range(first, int(last or first) + 1), *map(int, re.findall(r"\d{2}", others))]
        yield from (f"{vendor}-{number:02}" for number in numbers)


def tests_of(path: Path) -> Iterator[tuple[str, str]]:
    """(promise, test) for each promise that a file names: in a test, or in the table before it."""
    text = path.read_text()
    tests = [
        (node.end_lineno or node.lineno, node.name)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    for number, line in enumerate(text.splitlines(), 1):
        following = [(end, name) for end, name in sorted(tests) if end >= number]
        if following:
            yield from ((promise, following[0][1]) for promise in cited(line))


def kept() -> dict[str, list[tuple[str, str]]]:
    """Of each promise, the (file, test) pairs that name it."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for promise, test in tests_of(path):
            entry = (str(path.relative_to(ROOT)), test)
            if entry not in found[promise]:
                found[promise].append(entry)
    return found


def table() -> str:
    """The page, in Markdown: what stands there, with the tests of each promise found anew."""
    found = kept()

    def row(match: re.Match[str]) -> str:
        cells = [f"[{said(test)}](../{path})" for path, test in found[match[1]]]
        return f"| {match[1]} | {match[2]} | {' · '.join(cells[:4]) or '–'} |"

    return _ROW.sub(row, TABLE.read_text())


def said(test: str) -> str:
    """A test's name as the sentence that it is."""
    return test.removeprefix("test_").replace("_", " ")


if __name__ == "__main__":
    TABLE.write_text(table())
