"""What a line of an import's file says about a company, and what is wrong with it.

Everything is found out without writing anything: the same judgement serves the dry run and the
import itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q

from peppol import identifiers
from peppol.models import Participant
from peppol.registers import companies
from peppol.registers.companies import UnknownCompany
from peppol.services.companies.namesakes import keys_of
from peppol.services.imports.columns import COLUMNS
from peppol.services.imports.countries import country_code
from tenants.errors import Invalid
from tenants.models import Organization
from tenants.persistence import NO_CONTROL
from tenants.sentences import Sentence

# What is wrong with a column: both are translated, and nothing else is there to be.
_AT = "%(field)s: %(why)s"


@dataclass
class Judgement:
    """A line understood: a company's profile and identifier, and what is to be said about it.

    A line with `problems` is not imported; `warnings` do not stop it.
    """

    profile: dict[str, str]
    identifier: str = ""
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class Judge:
    """Judges lines one after the other; it remembers those before, so that none comes twice."""

    def __init__(self, platform: Organization, mapping: Mapping[str, int]) -> None:
        self.platform, self.mapping = platform, mapping
        self.known = _known_numbers(platform)
        self.seen: dict[str, int] = {}

    def judge(self, number: int, cells: Sequence[str]) -> Judgement:
        """What line `number` of the file, with these cells, comes to."""
        given = {name: cells[place] for name, place in self.mapping.items() if place < len(cells)}
        found = read(self.platform, given)
        for key in sorted(keys_of(found.profile)):
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


def read(platform: Organization, given: Mapping[str, str]) -> Judgement:
    """Understand the cells of one company, which has to be valid by itself."""
    identifier = given.get("identifier", "")
    profile = {name: value for name, value in given.items() if value and name != "identifier"}
    found = Judgement(profile)
    _refuse_unreadable(found, given)
    country = country_code(profile.get("country", ""), platform)
    if country is None:
        found.problems.append(
            Sentence("Country: “%(given)s” is no country that we know.", given=profile["country"])
        )
        country = ""
    profile["country"] = country
    if country == "BE" and profile.get("company_number"):
        profile["company_number"] = companies.belgian_number(profile["company_number"])
    _fill_in(profile)
    _check_profile(platform, found)
    _identify(found, identifier)
    return found


def _refuse_unreadable(found: Judgement, given: Mapping[str, str]) -> None:
    """Say in which cells there was what is no text; it stands as U+FFFD in them."""
    for name, value in given.items():
        if "\ufffd" in value:
            why, field = Sentence(NO_CONTROL), Sentence(COLUMNS[name].title)
            found.problems.append(Sentence(_AT, field=field, why=why))


def _fill_in(profile: dict[str, str]) -> None:
    """Take what was left empty from the country's register, where that knows the company."""
    number = profile.get("company_number", "")
    if not number or (profile.get("name") and profile.get("address_line1")):
        return
    try:
        facts = companies.look_up(profile["country"], number)
    except UnknownCompany:
        return
    if facts is None or facts.synthetic:
        return
    known = {"name": facts.name, "legal_name": facts.name}
    if not profile.get("address_line1"):
        known |= {"address_line1": facts.street, "postal_code": facts.postal_code}
        known |= {"city": facts.city}
    for name, value in known.items():
        if value:
            profile.setdefault(name, value)


def _check_profile(platform: Organization, found: Judgement) -> None:
    row = Organization(kind=Organization.Kind.MANAGED, parent=platform, **found.profile)
    relations = {f.name for f in row._meta.fields if f.is_relation}
    try:
        row.clean_fields(exclude=relations)
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            title = COLUMNS[name].title if name in COLUMNS else name
            found.problems += [
                Sentence(_AT, field=Sentence(title), why=sentence) for sentence in sentences
            ]


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
        field = Sentence(COLUMNS["identifier"].title)
        found.problems.append(Sentence(_AT, field=field, why=refusal.told))
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
        for row in Participant.objects.holding().filter(query):
            held.add(row.identifier.lower())
    return held


def _known_numbers(platform: Organization) -> dict[str, str]:
    rows = Organization.objects.under(platform).exclude(company_number="", vat_number="")
    names = ("country", "company_number", "vat_number", "name")
    return {
        key: row["name"]
        for row in rows.values(*names).iterator()
        for key in keys_of({name: str(row[name]) for name in names})
    }
