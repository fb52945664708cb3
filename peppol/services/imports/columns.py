"""The fields of a company that an import's file may have, and in which column each stands.

What programs and people call them is data: `peppol/data/column_titles.txt` has words for each
field, `peppol/data/company_layouts.csv` a line for each layout that a program is known to write.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from peppol.spelling import plain


@dataclass(frozen=True)
class Column:
    """A field of a company that a file may have: its title, and one that could stand there.

    The template has those that are `offered`; the others are how some files put it.
    """

    title: str
    example: str = ""
    offered: bool = True


COLUMNS: dict[str, Column] = {
    "name": Column("Name", "Bakkerij Peeters"),
    "other_name": Column("Name where the first is empty", offered=False),
    "legal_name": Column("Legal name", "Bakkerij Peeters BV"),
    "country": Column("Country", "BE"),
    "company_number": Column("Company number", "0403.170.701"),
    "vat_number": Column("VAT number", "BE0403170701"),
    "vat_country": Column("Country of the VAT number", offered=False),
    "scheme": Column("Scheme of the identifier", offered=False),
    "identifier": Column("Peppol identifier", "0208:0403170701"),
    "send_only": Column("Sends only", "no"),
    "address_line1": Column("Street and number", "Korenmarkt 5"),
    "house_number": Column("House number", offered=False),
    "box": Column("Box", offered=False),
    "address_line2": Column("Address line 2"),
    "postal_code": Column("Postal code", "9000"),
    "city": Column("City", "Gent"),
    "email": Column("E-mail address", "info@peeters.example"),
    "phone": Column("Phone", "+32 9 000 00 00"),
    "website": Column("Website", "https://peeters.example"),
    "is_listed": Column("In the Peppol Directory", "yes"),
    "document_types": Column("Receives"),
}
# By one of these a company is found again, and can be registered.
NUMBERS = ("company_number", "vat_number", "identifier")
# What may be anybody's number: a company's, or what a program counts its customers by.
_ANY_NUMBER = re.compile(
    r"(n|nr|no|num|number|nummer|numero|id|code|ref|reference|referentie|kundennr|kundennummer"
    r"|klantnummer|klantnr|customernumber|customerno|numeroclient)"
)
_STREET = re.compile(r"(straat(naam)?|street|rue|strasse)")


@dataclass(frozen=True)
class Layout:
    """How a program writes its companies: the titles it is told by, the field that stands under
    each, and what is nobody's field although it sounds like one."""

    program: str
    told_by: frozenset[str]
    fields: dict[str, str]
    left_out: frozenset[str]


def guess(titles: Sequence[str]) -> dict[str, int]:
    """Which column each field stands in, as far as the titles tell."""
    present = [plain(title) for title in titles]
    layout = recognise(titles)
    found: dict[str, int] = {}
    taken: set[int] = set()
    if layout is not None:
        found = {n: present.index(t) for n, t in layout.fields.items() if t in present}
        taken = {place for place, title in enumerate(present) if title in layout.left_out}
    taken |= set(found.values())
    for name, words in _words().items():
        places = (present.index(word) for word in words if word in present)
        free = (place for place in places if place not in taken)
        if name not in found and (place := next(free, None)) is not None:
            found[name] = place
            taken.add(place)
    if "name" not in found and "legal_name" in found:
        found["name"] = found.pop("legal_name")
    beside = found.get("address_line1", len(present)) + 1
    if "house_number" not in found and beside not in taken and _is_house(present, beside):
        found["house_number"] = beside
    return {name: found[name] for name in COLUMNS if name in found}


def _is_house(present: Sequence[str], place: int) -> bool:
    """Whether "Number" stands beside "Street": it is of a house then, not of a company."""
    if place >= len(present):
        return False
    return bool(_STREET.fullmatch(present[place - 1]) and _ANY_NUMBER.fullmatch(present[place]))


def recognise(titles: Sequence[str]) -> Layout | None:
    """The layout that a file's titles are of, if they are those of a program we know."""
    present = {plain(title) for title in titles}
    return next((one for one in _layouts() if one.told_by <= present), None)


def score(titles: Sequence[str]) -> int:
    """How much a line of a file looks like its titles: how many fields it names."""
    return len(guess(titles)) + (len(titles) if recognise(titles) else 0)


def questionable(titles: Sequence[str], mapping: dict[str, int]) -> list[str]:
    """Titles that nobody has settled and that may or may not be of companies' numbers."""
    left = [title for place, title in enumerate(titles) if place not in mapping.values()]
    layout = recognise(titles)
    settled = layout.left_out if layout else frozenset()
    return [one for one in left if plain(one) not in settled and _ANY_NUMBER.fullmatch(plain(one))]


@cache
def _words() -> dict[str, list[str]]:
    """What each field may be called, its own names first; a field that files call nothing else
    needs no line of words."""
    said = dict(_lines("column_titles.txt", ":"))
    found = {}
    for name, column in COLUMNS.items():
        words = filter(None, said.get(name, "").split(","))
        known = [plain(column.title), plain(name), *map(plain, words)]
        found[name] = list(dict.fromkeys(known))
    return found


@cache
def _layouts() -> tuple[Layout, ...]:
    text = files("peppol.data").joinpath("company_layouts.csv").read_text("utf-8")
    return tuple(
        Layout(
            row["program"],
            frozenset(map(plain, row["told_by"].split("|"))),
            {name: plain(row[name]) for name in COLUMNS if row.get(name)},
            frozenset(map(plain, filter(None, row["left_out"].split("|")))),
        )
        for row in csv.DictReader(text.splitlines(), delimiter=";")
    )


def _lines(name: str, separator: str) -> Iterator[tuple[str, str]]:
    text = files("peppol.data").joinpath(name).read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            before, _, after = line.partition(separator)
            yield before.strip(), after
