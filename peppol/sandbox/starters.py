"""What somebody begins with who wants to try: a platform, a company of it and a key, at once."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apikeys.models import ApiKey
from apikeys.services import keys
from peppol.services.companies import onboarding
from tenants.actors import Actor
from tenants.errors import NotFound
from tenants.models import Environment, Organization
from tenants.services import entitlements, organizations

BY = Actor.system("sandbox")
GOOD_FOR = timedelta(days=7)
_NAME = "Sandbox Test BV"


@dataclass(frozen=True)
class Starter:
    """What was made, and the key's secret, which cannot be read again."""

    platform: Organization
    company: Organization
    key: ApiKey
    secret: str


@transaction.atomic
def make(label: str, *, prefix: str, for_platform: bool, white_label: bool = False) -> Starter:
    """Make them in the test environment; the key is good for seven days.

    It is the company's, or `for_platform` the platform's, and begins with `prefix`. Raises NotFound
    on a real network, where nobody gets anything without saying who they are.
    """
    if settings.PEPPOL_NETWORK != "sandbox":
        raise NotFound("Page")
    profile = {"name": label or "Sandbox", "country": "BE"}
    platform = organizations.create(Organization.Kind.PLATFORM, profile, by=BY)
    if white_label:
        platform = entitlements.give(platform, {"white_label": True}, by=BY)
    number = _number()
    company = onboarding.onboard(
        platform,
        {
            "name": _NAME,
            "country": "BE",
            "vat_number": f"BE{number}",
            "company_number": number,
            "environment": Environment.TEST,
        },
        identifier=f"0208:{number}",
        by=BY,
    ).company
    key, secret = keys.issue(
        platform if for_platform else company,
        name=label or "sandbox",
        kind=ApiKey.Kind.PLATFORM if for_platform else ApiKey.Kind.COMPANY,
        environment=Environment.TEST,
        prefix=prefix,
        scopes=["*"],
        expires_at=timezone.now() + GOOD_FOR,
        announced=False,
        by=BY,
    )
    return Starter(platform, company, key, secret)


def _number() -> str:
    """An enterprise number that holds, and is most likely nobody's in this sandbox."""
    first = secrets.randbelow(9_000_000) + 1_000_000
    return f"0{first}{97 - first % 97:02}"
