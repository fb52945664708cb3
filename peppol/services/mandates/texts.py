"""What a mandate says, in the language of whoever signs it."""

import hashlib
from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from peppol.models import Mandate
from tenants.models import Organization
from tenants.persistence import printable

Scope = Mandate.Scope
LANGUAGES = ("en", "fr", "nl", "de")


def title(language: str) -> str:
    """What a mandate is called."""
    with override(language):
        return _("Mandate for electronic invoicing over Peppol")


def write(
    company: Organization,
    scope: Sequence[str],
    starts_on: date,
    ends_on: date | None,
    language: str,
) -> str:
    """The text of a mandate, a paragraph a line. Reads `parent`."""
    with override(language):
        said = [
            _("%(company)s, %(identity)s, authorises %(platform)s, %(their_identity)s, to:")
            % {
                "company": _name(company),
                "identity": _identity(company),
                "platform": _name(company.parent or company),
                "their_identity": _identity(company.parent or company),
            },
            *(f"– {sentence}" for one, sentence in _sentences() if one in scope),
            _days(starts_on, ends_on),
            _(
                "The mandate can be revoked at any time, in writing, to %(platform)s. It says "
                "nothing of who is liable for what the documents state: that is %(company)s, as "
                "before."
            )
            % {"company": _name(company), "platform": _name(company.parent or company)},
        ]
    return "\n".join(printable(line) for line in said)


def digest(text: str) -> str:
    """The SHA-256 of a text, by which it is known again."""
    return hashlib.sha256(text.encode()).hexdigest()


def _sentences() -> list[tuple[str, str]]:
    return [
        (Scope.REGISTER, _("register it on the Peppol network, and change and end that;")),
        (Scope.SEND, _("send electronic invoices and other documents over it in its name;")),
        (
            Scope.RECEIVE,
            _("receive electronic invoices and other documents over it on its behalf."),
        ),
    ]


def _days(starts_on: date, ends_on: date | None) -> str:
    start = date_format(starts_on, "j F Y")
    if ends_on is None:
        return _("It holds from %(start)s until it is revoked.") % {"start": start}
    end = date_format(ends_on, "j F Y")
    return _("It holds from %(start)s until %(end)s.") % {"start": start, "end": end}


def _name(organization: Organization) -> str:
    return " ".join((organization.legal_name or organization.name).split())


def _identity(organization: Organization) -> str:
    number = organization.company_number or organization.vat_number
    place = [
        organization.address_line1,
        f"{organization.postal_code} {organization.city}".strip(),
        organization.address_country or organization.country,
    ]
    return ", ".join(" ".join(part.split()) for part in (number, *place) if part) or "–"
