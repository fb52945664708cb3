"""Judges a document: its schema first, then the rules in force for its kind; causes come first."""

import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from lxml import etree

from peppol import code_lists
from peppol.invoices import reading
from peppol.invoices.reading import CBC
from peppol.rules import engine, kinds, schemas, sets
from peppol.rules.amendments.rule import line_of, place_of
from peppol.rules.findings import Breach, Judgement, judgement
from tenants.errors import WrongState

# The rules on schemes of electronic addresses.
SCHEME_RULES = ("BR-CL-25", "PEPPOL-EN16931-CL008")
logger = logging.getLogger(__name__)


def breaches(document: bytes) -> Sequence[Breach]:
    """What the rules in force today have against a document. Raises Invalid for what is no XML."""
    return judge(reading.parse(document)).breaches


def judge(root: etree._Element, *, on: date | None = None, next_set: bool = False) -> Judgement:
    """What the rules in force on a day (today) say of a document, or with `next_set` the next.

    What its schema refuses is not held against any rule, and a specification that nobody knows is
    the only finding, for everything else would follow from it. A kind of document that no set here
    judges has a warning that says so and no rule set. Raises DomainError when it takes too long,
    and WrongState when the next are asked for and none are here.
    """
    began = time.monotonic()
    faults = schemas.breaches(root)
    if faults:
        return _logged(judgement(faults, schemas.title_of(root)), began)
    customization = kinds.customization_of(root)
    choose = sets.upcoming if next_set else sets.in_force
    chosen = choose(customization, on)
    if chosen is None and next_set:
        raise WrongState("No later release of these rules is installed.", code="no_next_rules")
    if chosen is None:
        is_published = kinds.is_published(customization)
        found = [_unjudged(root) if is_published else _unknown(root, customization)]
        return _logged(judgement(found, ""), began)
    rule_set, rules = chosen
    found = engine.run(rules.sheets, etree.tostring(root, encoding="unicode"))
    if rules.amend is not None:
        found = rules.amend(root, found)
    return _logged(judgement(_advised(root, found), rule_set.title), began)


def _advised(root: etree._Element, found: Sequence[Breach]) -> list[Breach]:
    """The breaches, those about a scheme that left the list with what is used instead."""
    if not any(breach.rule in SCHEME_RULES for breach in found):
        return list(found)
    used = {address.get("schemeID", "") for address in root.iter(f"{CBC}EndpointID")}
    advice = " ".join(filter(None, (code_lists.instead_of(scheme) for scheme in sorted(used))))
    return [replace(b, advice=advice) if b.rule in SCHEME_RULES else b for b in found]


def _unknown(root: etree._Element, customization: str) -> Breach:
    given = f"“{customization[:150]}” is not known" if customization else "is missing"
    sentence = f"The specification identifier (BT-24) {given}; of an invoice it is {kinds.BILLING}."
    rule = "PEPPOL-EN16931-R004" if customization else "BR-01"
    return Breach(rule, sentence, place_of(root), True, line_of(root))


def _unjudged(root: etree._Element) -> Breach:
    sentence = "No rules for this kind of document are installed; it is not judged."
    return Breach("not_judged", sentence, place_of(root), False)


def _logged(judged: Judgement, began: float) -> Judgement:
    logger.info(
        "Judged by %s: %d fatal of %d findings in %.0f ms.",
        judged.rule_set or "nobody",
        len(judged.fatal),
        len(judged.breaches),
        (time.monotonic() - began) * 1000,
    )
    return judged
