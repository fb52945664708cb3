"""The world of a sandbox: people, platforms, plans and companies to try everything on."""

import secrets
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from apikeys.models import ApiKey
from apikeys.services import keys
from billing.models import Plan
from billing.services import subscriptions
from config.api.kit.people import issue_token
from config.sandbox import demo_history
from peppol.models import RegisteredCompany
from peppol.services.companies import onboarding
from tenants.actors import Actor
from tenants.ids import spell
from tenants.models import Environment, Organization, Role, User
from tenants.services import entitlements, organizations, people

BY = Actor.system("quickstart")

_PLANS: tuple[dict[str, Any], ...] = (
    {
        "code": "starter-monthly",
        "name": "Starter",
        "monthly_fee": "49.00",
        "company_limit": 25,
        "included_documents": 250,
        "overage_price": "0.1500",
    },
    {
        "code": "growth-monthly",
        "name": "Growth",
        "monthly_fee": "199.00",
        "company_limit": 500,
        "included_documents": 2500,
        "overage_price": "0.0900",
        "white_label": True,
    },
    {
        "code": "scale-monthly",
        "name": "Scale",
        "monthly_fee": "899.00",
        "company_limit": None,
        "included_documents": 25000,
        "overage_price": "0.0400",
        "white_label": True,
    },
    {
        "code": "bulk-monthly",
        "name": "Bulk import",
        "monthly_fee": "299.00",
        "company_limit": None,
        "included_documents": 2500,
        "overage_price": "0.0900",
        "requests_per_minute": 20000,
        "is_offered": False,
    },
    {
        "code": "limited-monthly",
        "name": "Two companies",
        "monthly_fee": "9.00",
        "company_limit": 2,
        "included_documents": 20,
        "overage_price": "0.2000",
        "is_offered": False,
    },
)

_COMPANIES: tuple[dict[str, Any], ...] = (
    {
        "name": "bakkerij-peeters",
        "legal_name": "Bakkerij Peeters BV",
        "country": "BE",
        "company_number": "0403170701",
        "vat_number": "BE0403170701",
        "city": "Gent",
        "postal_code": "9000",
        "address_line1": "Korenmarkt 5",
        "identifier": "0208:0403170701",
    },
    {
        "name": "studio-lumiere",
        "legal_name": "Studio Lumière SARL",
        "country": "FR",
        "vat_number": "FR40303265045",
        "city": "Lyon",
        "postal_code": "69002",
        "address_line1": "12 rue de la République",
        "identifier": "9957:FR40303265045",
    },
    {
        "name": "van-dijk-installaties",
        "legal_name": "Van Dijk Installaties B.V.",
        "country": "NL",
        "company_number": "12345678",
        "city": "Utrecht",
        "postal_code": "3511 AB",
        "address_line1": "Oudegracht 88",
        "identifier": "0106:12345678",
    },
    {
        "name": "muller-consult",
        "legal_name": "Müller Consult S.à r.l.",
        "country": "LU",
        "vat_number": "LU15027442",
        "city": "Luxembourg",
        "postal_code": "1118",
        "address_line1": "3, rue Aldringen",
        "identifier": "9938:LU15027442",
    },
    {
        "name": "weber-logistik",
        "legal_name": "Weber Logistik GmbH",
        "country": "DE",
        "vat_number": "DE136695976",
        "city": "Köln",
        "postal_code": "50667",
        "address_line1": "Domkloster 3",
        "identifier": "9930:DE136695976",
    },
    {
        "name": "de-groene-fiets",
        "legal_name": "De Groene Fiets CV",
        "country": "BE",
        "company_number": "0123456749",
        "city": "Leuven",
        "postal_code": "3000",
        "address_line1": "Bondgenotenlaan 21",
        "identifier": "",
    },
)


# A company that the sandbox's register knows and that is not on the network yet.
_REGISTERED: dict[str, Any] = {
    "number": "0999999922",
    "status": "AC",
    "legal_form": "610",
    "street": "Grote Markt 1",
    "postal_code": "2000",
    "city": "Antwerpen",
    "extract": 1,
    "names_extract": 1,
    "names": {"nl": "Drukkerij De Sinjoor", "fr": "Imprimerie De Sinjoor"},
}


@dataclass(frozen=True)
class Sign:
    """How a person signs in."""

    email: str
    password: str


@transaction.atomic
def create(base_url: str) -> dict[str, Any]:
    """Make the world and return its credentials, which cannot be read again."""
    _make_plans()
    RegisteredCompany.objects.get_or_create(number=_REGISTERED["number"], defaults=_REGISTERED)
    staff = _person("staff@gatehouse.example", "Sam", "Operator", is_staff=True, is_superuser=True)
    first = _platform(
        "Acme Accounting",
        "growth-monthly",
        country="BE",
        city="Brussel",
        email="hello@acme.example",
    )
    second = _platform(
        "Rival ERP", "starter-monthly", country="NL", city="Amsterdam", email="hello@rival.example"
    )
    entitlements.give(first, {"may_withhold_billing": True}, reason="to try it out", by=BY)
    reseller = _person("reseller@acme.example", "Robin", "Reseller", of=first)
    _person("reseller@rival.example", "Ruth", "Rival", of=second)
    _business()
    _fill(first)
    demo_history.create(first)
    limited = _platform("Limited Franchise", "limited-monthly", country="SA", city="Riyadh")
    _person("owner@limited.example", "Lina", "Limited", of=limited)
    minute = _platform("Minute Limits", "scale-monthly")
    hour = _platform("Hour Limits", "bulk-monthly")
    return {
        "base_url": base_url,
        "portal": {"url": f"{base_url}/portal/"},
        "admin": {"url": f"{base_url}/admin/"},
        "staff": vars(staff),
        "reseller": vars(reseller),
        "goroute": {"api_key": _key(first), "other_api_key": _key(second)},
        "einvoice": {
            "organization_api_key": _key(first),
            "other_organization_api_key": _key(second),
            "test_mode_tenant_id": spell("tenant", _test_mode_company(first).pk),
            "rate_limit_organization_api_key": _key(minute),
            "rate_limit_hour_organization_api_key": _key(hour),
            "kbo_known_cbe": _REGISTERED["number"],
        },
        "flowie": {
            "dashboard_jwt": _token("reseller@acme.example"),
            "platform_key": _key(first, "flw_plat_live_"),
            "other_platform_key": _key(second, "flw_plat_live_"),
            "white_label_key": _key(first, "flw_wl_live_"),
            "plain_platform_key": _key(second, "flw_plat_live_"),
        },
        "fiskaly": {
            **_pair(first, Environment.TEST),
            "user": vars(reseller),
            "live": _pair(first, Environment.LIVE),
        },
        "invora": {
            "platform_access_token": _token("reseller@acme.example"),
            "other_platform_access_token": _token("reseller@rival.example"),
            "business_access_token": _token("owner@riyadh.example"),
            "limited": {
                "access_token": _token("owner@limited.example"),
                "limit": limited.company_limit,
            },
            "plan_code": "starter-monthly",
        },
    }


def _make_plans() -> None:
    for plan in _PLANS:
        amounts = {n: Decimal(plan[n]) for n in ("monthly_fee", "overage_price")}
        Plan.objects.get_or_create(code=plan["code"], defaults={**plan, **amounts})


def _person(
    email: str, first: str, last: str, *, of: Organization | None = None, **flags: bool
) -> Sign:
    password = secrets.token_urlsafe(12)
    user = User.objects.create_user(email, password, first_name=first, last_name=last, **flags)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if of is not None:
        people.join(of, user, role=Role.OWNER, by=BY)
    return Sign(email, password)


def _platform(name: str, plan: str, **profile: Any) -> Organization:
    profile = {"name": name, "legal_name": name, "country": "BE", **profile}
    platform = organizations.create(Organization.Kind.PLATFORM, profile, by=BY)
    subscriptions.select(platform, Plan.objects.get(code=plan), by=BY)
    platform.refresh_from_db()
    return platform


def _business() -> None:
    profile = {"name": "Riyadh Trading", "country": "SA", "city": "Riyadh"}
    business = organizations.create(Organization.Kind.BUSINESS, profile, by=BY)
    _person("owner@riyadh.example", "Rana", "Owner", of=business)


def _fill(platform: Organization) -> None:
    for facts in _COMPANIES:
        profile = {n: v for n, v in facts.items() if n != "identifier"}
        made = onboarding.onboard(
            platform,
            {**profile, "handle": facts["name"], "metadata": {"tenantId": facts["name"]}},
            identifier=facts["identifier"] or None,
            key=onboarding.KeyRequest(name="production-key", prefix="einv_prod_"),
            by=BY,
        )
        organizations.update(made.company, {"description": facts["legal_name"]}, by=BY)


def _test_mode_company(platform: Organization) -> Organization:
    profile = {"name": "test-mode-company", "handle": "test-mode-company", "country": "BE"}
    company = onboarding.onboard(platform, profile, by=BY).company
    return organizations.set_test_mode(company, True, by=BY)


def _key(platform: Organization, prefix: str = "gh_plat_live_") -> str:
    return keys.issue(platform, name="quickstart", kind=ApiKey.Kind.PLATFORM, prefix=prefix, by=BY)[
        1
    ]


def _pair(platform: Organization, environment: str) -> dict[str, str]:
    """A key for the surface that asks for two strings."""
    key, secret = keys.issue(
        platform,
        name=f"fiskaly-{environment}",
        kind=ApiKey.Kind.PLATFORM,
        environment=environment,
        by=BY,
    )
    return {"api_key": key.public_id, "api_secret": secret}


def _token(email: str) -> str:
    """A person's access token, as signing in gives it."""
    return issue_token(User.objects.get(email=email))
