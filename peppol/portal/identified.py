"""Which companies are identified: the filter of the list, and the card on a company's page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from peppol.models import Identification
from peppol.services.identification import gate
from peppol.services.identification.gate import Act
from tenants.access import roles
from tenants.access.roles import Area
from tenants.models import Company
from tenants.ui import filters

State = Identification.State


IDENTIFIED = filters.condition(
    "identification",
    _("identification"),
    {
        "needed": (
            _("Needs identification"),
            lambda rows: rows.exclude(pk__in=gate.verified()).exclude(environment="test"),
        ),
        "in_review": (
            _("In review"),
            lambda rows: rows.filter(identification__state=State.IN_REVIEW),
        ),
        "verified": (_("Verified"), lambda rows: rows.filter(pk__in=gate.verified())),
    },
)


def card(request: HttpRequest, company: Company) -> dict[str, Any] | None:
    """What the company's page says of it; nothing where nothing was asked or handed in."""
    row = Identification.objects.filter(organization=company).first()
    asked = gate.asks_for(company, Act.SEND)
    if not (row or asked) or not roles.sees(request, Area.COMPANIES):
        return None
    add = f"{reverse('portal:peppol_identification_add')}?organization={company.pk}"
    return {
        "row": row,
        "is_missing": asked and not (row and row.is_in_force),
        "add": add if row is None and roles.changes(request, Area.COMPANIES) else "",
    }
