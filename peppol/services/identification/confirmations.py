"""What public registers say of who a company is: asked in the background, shown to who decides.

A register fills in what it knows, confirms, or speaks against; it never decides.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from peppol.models import Identification
from peppol.registers import companies, vat
from peppol.registers.companies import UnknownCompany
from tenants import leases, loops
from tenants.models import Organization

CONFIRMS, CONTRADICTS, UNKNOWN = "confirms", "contradicts", "unknown"
# Longer than VIES is waited for; and when it is asked again that did not answer, for how long.
_LEASE, _AGAIN, _PATIENCE = timedelta(minutes=2), timedelta(minutes=10), timedelta(days=2)
# Words that say what kind of company it is, which registers and people write as they like.
_FORMS = frozenset(
    re.findall(
        r"\w+",
        "bv bvba nv sa srl sprl vzw asbl cv cvba scrl comm ag gmbh ug kg ohg ev eg se sarl sas "
        "sasu eurl sci ltd limited plc llp ab as asa aps oy oyj spa snc sl sp zoo doo sro kft",
    )
)
Finding = dict[str, Any]


def fill(company: Organization) -> dict[str, str]:
    """What a form to hand in begins with: the register's words where we have it, else our own."""
    known = {
        "legal_name": company.legal_name or company.name,
        "register_number": company.company_number or company.vat_number,
    }
    try:
        found = companies.look_up(company.country, company.company_number)
    except UnknownCompany:
        return known
    if not company.company_number or found is None or found.synthetic:
        return known
    return {"legal_name": found.name or known["legal_name"], "register_number": found.number}


def look_up_due(*, limit: int = 20) -> int:
    """Ask registers about what was handed in since; how many companies."""
    due = Identification.objects.filter(look_up_at__lte=timezone.now())
    rows = due.select_related("organization").order_by("look_up_at")[:limit]
    return loops.each("ask registers about companies", rows, _look_up)


def _look_up(row: Identification) -> None:
    if not leases.take(row, "look_up_at", _LEASE):
        return
    found = [*_of_register(row), *_of_vat_number(row)]
    silent = any(one.get("again") for one in found)
    since = row.submitted_at or row.created_at
    again = timezone.now() + _AGAIN if silent and timezone.now() - since < _PATIENCE else None
    leases.held(row, "look_up_at").update(confirmations=found, look_up_at=again)


def _of_register(row: Identification) -> Iterator[Finding]:
    country, number = row.organization.country, row.register_number
    if not number:
        return
    try:
        found = companies.look_up(country, number)
    except UnknownCompany:
        sentence = gettext_noop("The company register does not know %(number)s.")
        yield _finding(CONTRADICTS, sentence, number=number)
        return
    if found is None or found.synthetic:
        yield _finding(UNKNOWN, gettext_noop("There is no company register at hand to ask."))
        return
    names = [name for name in found.names.values() if name]
    same = any(_words(name) == _words(row.legal_name) for name in names)
    sentence = gettext_noop("The company register knows %(number)s as %(name)s.")
    yield _finding(
        CONFIRMS if same else CONTRADICTS, sentence, number=found.number, name=" / ".join(names)
    )
    for doubt in found.doubts:
        template = getattr(doubt, "template", doubt)
        yield _finding(CONTRADICTS, template, **getattr(doubt, "values", {}))


def _of_vat_number(row: Identification) -> Iterator[Finding]:
    number = row.organization.vat_number
    if not number:
        return
    known = vat.check(number)
    if known.valid is None:
        sentence = gettext_noop("VIES does not answer for %(number)s; it is asked again.")
        yield {**_finding(UNKNOWN, sentence, number=number), "again": True}
    elif not known.valid:
        sentence = gettext_noop("%(number)s is not a valid VAT number.")
        yield _finding(CONTRADICTS, sentence, number=number)
    elif not known.name:
        yield _finding(CONFIRMS, gettext_noop("%(number)s is a valid VAT number."), number=number)
    else:
        same = _words(known.name) == _words(row.legal_name)
        sentence = gettext_noop("VIES knows %(number)s as %(name)s.")
        verdict = CONFIRMS if same else CONTRADICTS
        yield _finding(verdict, sentence, number=number, name=known.name)


def _finding(verdict: str, sentence: str, **values: str) -> Finding:
    return {"verdict": verdict, "sentence": sentence, "values": values}


def _words(name: str) -> set[str]:
    """What a name says, apart from the kind of company and from how it is written."""
    plain = re.sub(r"(?<=\w)[.’'](?=\w|$|\s)", "", name.casefold())
    words = set(re.findall(r"\w+", plain))
    return words - _FORMS or words
