"""What else the people of a company do by a link: say who it is, sign its mandate, see invoices."""

from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from peppol.models import Identification, Mandate
from peppol.services.mandates import gate
from tenants.models import Environment, IdentificationPolicy
from tenants.services import client_links
from tenants.services.client_links import Purpose

_LIVE = Q(environment=Environment.LIVE)


def _unidentified(companies: QuerySet[Any]) -> QuerySet[Any]:
    rows = Identification.objects.filter(organization=OuterRef("pk"))
    known = Q(Exists(rows.in_force())) | Q(Exists(rows.waiting()))
    asked = Q(Exists(rows.filter(state=Identification.State.ASKED)))
    return companies.filter(asked | (_identifying() & _LIVE & ~known))


def _identifying() -> Q:
    trusted = IdentificationPolicy.TRUSTED
    asks = [str(one) for one in IdentificationPolicy if one is not trusted]
    if trusted != settings.IDENTIFICATION_POLICY:
        asks.append("")
    return Q(parent__identification_policy__in=asks)


def _without_mandate(companies: QuerySet[Any]) -> QuerySet[Any]:
    rows = Mandate.objects.filter(organization=OuterRef("pk"))
    asked = Q(Exists(rows.asked()))
    return companies.filter(asked | (gate.asking("parent") & _LIVE & ~Q(Exists(rows.in_force()))))


IDENTIFY = client_links.declare(
    Purpose(
        "identify",
        _("Say who your company is"),
        _("Who represents it, and what proves that. Somebody looks at it afterwards."),
        _unidentified,
    )
)
MANDATE = client_links.declare(
    Purpose(
        "mandate",
        _("Sign the mandate"),
        _("Your consent that invoices are sent and received for your company."),
        _without_mandate,
    )
)
INVOICES = client_links.declare(
    Purpose(
        "invoices",
        _("See your invoices"),
        _("The documents that were sent and received for your company."),
    )
)
