"""What the registers say of an organization that applies: whether it exists, and as what."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from stdnum.eu import vat as eu_vat

from peppol.registers import company_lookup, vat
from peppol.registers.company_lookup import Found
from tenants.models import Organization
from tenants.ui import display
from tenants.ui.tiles import Fact, Tile, tile

_SOURCES = {
    "register": _("Company register"),
    "vies": _("VIES"),
    "sandbox": _("Made up by the sandbox"),
}


@tile(10, inquires=True)
def registers(row: Organization) -> Tile:
    """What the company register and VIES know under the numbers that it gave."""
    number = row.company_number or row.vat_number
    empty = _("It gave neither a company number nor a VAT number.")
    if not number:
        return Tile(_("In the registers"), (), empty=empty)
    facts = _company(row, company_lookup.find(row.country, number))
    if row.vat_number:
        facts.append(Fact(_("VAT number"), _validity(row.vat_number)))
    return Tile(_("In the registers"), tuple(facts))


def _company(row: Organization, found: Found) -> list[Fact]:
    profile = found.profile
    facts = []
    if found.source:
        own = {row.name.casefold(), row.legal_name.casefold()}
        name = profile.get("name", "")
        doubt = display.pill("pending", _("Another name")) if name.casefold() not in own else ""
        place = f"{profile.get('postal_code', '')} {profile.get('city', '')}".strip()
        facts = [
            Fact(_("Name"), display.lines(name, doubt)),
            Fact(_("Address"), display.lines(profile.get("address_line1") or "–", place)),
        ]
    said = display.pill("failed", _("Doubt")) if found.doubt else ""
    source = _SOURCES.get(found.source, _("No register knows the number"))
    facts.append(Fact(_("Source"), display.lines(source, said, found.doubt)))
    return facts


def _validity(number: str) -> Any:
    if number[:2].lower() not in eu_vat.MEMBER_STATES:
        return _("VIES knows those of the EU alone")
    valid = vat.check(number).valid
    if valid is None:
        return display.pill("pending", _("Could not be checked"))
    return display.pill("active", _("Valid")) if valid else display.pill("failed", _("Not valid"))
