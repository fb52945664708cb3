"""What a line of an import's file says about a company, and what is wrong with it.

Everything is found out without writing anything: the same judgement serves the dry run and the
import itself.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import override

from peppol import identifiers
from peppol.models import Participant
from peppol.registers import companies
from peppol.registers.companies import UnknownCompany
from peppol.services.companies import namesakes
from peppol.services.imports import card_cells
from peppol.services.imports import cells as read_cells
from peppol.services.imports.columns import COLUMNS
from peppol.services.imports.judgements import AT, Judgement
from tenants.errors import Invalid
from tenants.models import Organization
from tenants.sentences import Sentence


class Judge:
    """Judges lines one after the other; it remembers those before, so that none comes twice."""

    def __init__(self, platform: Organization, mapping: Mapping[str, int]) -> None:
        self.platform, self.mapping = platform, mapping
        self.known = namesakes.known(platform)
        self.seen: dict[str, int] = {}

    def judge(self, number: int, cells: Sequence[str]) -> Judgement:
        """What line `number` of the file, with these cells, comes to."""
        given = {name: cells[place] for name, place in self.mapping.items() if place < len(cells)}
        found = read(self.platform, given)
        for key in sorted(keys_of(found)):
            if key in self.known:
                found.problems.append(
                    Sentence(
                        "You have a company with this number: %(company)s.", company=self.known[key]
                    )
                )
                break
            if self.seen.setdefault(key, number) != number:
                found.problems.append(
                    Sentence("Line %(line)d has the same number.", line=self.seen[key])
                )
                break
        return found


def keys_of(found: Judgement) -> set[str]:
    """By what the company of a line is the same as another: its numbers and its identifier."""
    return namesakes.keys_of(found.profile) | namesakes.keys_of_identifier(found.identifier)


def read(platform: Organization, given: Mapping[str, str]) -> Judgement:
    """Understand the cells of one company, which has to be valid by itself."""
    found = Judgement({})
    cells = read_cells.understood(found, given)
    identifier = cells.pop("identifier", "")
    found.card = card_cells.understood(found, cells)
    found.send_only = read_cells.is_yes(found, "send_only", cells.pop("send_only", ""))
    found.profile = cells
    read_cells.settle_country(found, platform)
    read_cells.settle_numbers(found)
    _ask_the_register(found)
    read_cells.join_address(found)
    if read_cells.is_footer(found.profile, identifier):
        said = Sentence(
            "“%(given)s” looks like the end of the list, not like a company.",
            given=found.profile["name"],
        )
        found.problems = [said]
        return found
    _check_profile(platform, found)
    _identify(found, identifier)
    return found


def _ask_the_register(found: Judgement) -> None:
    """Take what was left empty from the country's register, and say what it says against the
    company, where it knows it."""
    profile = found.profile
    number = profile.get("company_number") or _register_number(profile)
    if not number:
        return
    try:
        facts = companies.look_up(profile["country"], number)
    except UnknownCompany:
        return
    if facts is None or facts.synthetic:
        return
    found.warnings += facts.doubts
    known = {"name": facts.name, "legal_name": facts.name}
    if not profile.get("address_line1"):
        known |= {"address_line1": facts.street, "postal_code": facts.postal_code}
        known |= {"city": facts.city, "address_country": facts.address_country}
    for name, value in known.items():
        if value and not profile.get(name):
            profile[name] = value


def _register_number(profile: Mapping[str, str]) -> str:
    """Belgium's VAT numbers are the register's."""
    vat = profile.get("vat_number", "")
    return vat[2:] if profile["country"] == "BE" and vat.startswith("BE") else ""


def _check_profile(platform: Organization, found: Judgement) -> None:
    row = Organization(kind=Organization.Kind.MANAGED, parent=platform, **found.profile)
    relations = {f.name for f in row._meta.fields if f.is_relation}
    try:
        row.clean_fields(exclude=relations)
    except ValidationError as error:
        for name, errors in error.error_dict.items():
            title = COLUMNS[name].title if name in COLUMNS else name
            for one in errors:
                with override(None):
                    why = Sentence(*one.messages)
                found.problems.append(Sentence(AT, field=Sentence(title), why=why))


def _identify(found: Judgement, given: str) -> None:
    """Settle the identifier: the one that stands there, else the usual one of the country."""
    if not given:
        proposed = identifiers.propose(
            found.profile["country"],
            company_number=found.profile.get("company_number", ""),
            vat_number=found.profile.get("vat_number", ""),
        )
        given = str(proposed[0]) if proposed else ""
    if not given:
        found.warnings.append(
            Sentence("No Peppol identifier follows from its numbers: it is not registered.")
        )
        return
    try:
        pid = identifiers.parse(given)
        found.warnings += identifiers.check_registrable(pid, settings.PEPPOL_NETWORK)
    except Invalid as refusal:
        found.refuse("identifier", refusal.told)
        return
    found.identifier = str(pid)


def taken(found: Iterable[str]) -> set[str]:
    """Those of some identifiers that somebody has on the network, in lower case."""
    wanted = sorted({one.lower() for one in found if one})
    held: set[str] = set()
    for start in range(0, len(wanted), 200):
        query = Q()
        for one in wanted[start : start + 200]:
            scheme, _, value = one.partition(":")
            query |= Q(scheme=scheme, value__iexact=value)
        for row in Participant.objects.sending().filter(query):
            held.add(row.identifier.lower())
    return held
