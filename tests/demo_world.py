"""A small world to look at: a platform in the middle of its work, made by the services."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import time_machine
from django.utils import timezone

from apikeys.models import ApiKey
from apikeys.services import keys
from billing.models import Plan
from billing.services import subscriptions
from peppol.models import Participant
from peppol.services.registration import bulk, participants, transfers
from tenants.actors import Actor
from tenants.models import Event, Heartbeat, Organization, User
from tenants.services import applications, organizations, people
from webhooks.models import Attempt, Delivery, Endpoint
from webhooks.services import endpoints

OPERATOR = Actor.system("operator")


def world(names: Sequence[str], fates: Sequence[tuple[str, str]], password: str) -> dict[str, Any]:
    """Make the world and return ids by name: platform, company, key, endpoint, delivery, …"""
    now = timezone.now()
    with time_machine.travel(now - timedelta(days=60), tick=True):
        olga = _person("olga@acme.example", "Olga", "Owner", password)
        User.objects.create_superuser(
            "sam@op.example", password, first_name="Sam", last_name="Staff"
        )
        acme = _platform(olga, password)
        _keys(acme, olga)
    by = Actor.user(olga)
    companies = []
    for n, name in enumerate(names):
        with time_machine.travel(now - timedelta(days=50 - 4 * n, hours=n), tick=True):
            companies.append(_company(acme, name, 401_000_000 + 7_654_321 * n, by))
    with time_machine.travel(now - timedelta(hours=20), tick=True):
        organizations.suspend(companies[3], reason="Invoice 2026-104 is unpaid", by=by)
        key = keys.issue(companies[0], name="Till", by=by, created_by=olga)[0]
    for hours, (company, fate) in enumerate(zip(companies, fates, strict=False)):
        with time_machine.travel(now - timedelta(hours=16 - hours), tick=True):
            _registration(company, fate, by)
    with time_machine.travel(now - timedelta(hours=5), tick=True):
        endpoint, delivery = _webhooks(acme, companies[0], by)
    with time_machine.travel(now - timedelta(minutes=50), tick=True):
        people.invite(
            acme,
            email="ines@acme.example",
            role="developer",
            first_name="Ines",
            by=by,
            invited_by=olga,
        )
        application = _application()
    bulk.start("republish", by=OPERATOR, platform=acme)
    transfers.hand_over(Participant.objects.filter(state="active").order_by("id")[0], by=by)
    Event.objects.update(distributed_at=now)
    Heartbeat.objects.create(name="worker", beat_at=now)
    return {
        "platform": acme.pk,
        "company": companies[0].pk,
        "key": key.pk,
        "endpoint": endpoint.pk,
        "delivery": delivery.pk,
        "application": application.pk,
        "new": companies[-3].pk,
    }


def _person(email: str, first: str, last: str, password: str) -> User:
    return User.objects.create_user(email, password, first_name=first, last_name=last)


def _platform(olga: User, password: str) -> Organization:
    acme = organizations.create(
        "platform", {"name": "Acme Accounting", "country": "BE", "city": "Gent"}, by=OPERATOR
    )
    people.join(acme, olga, role="owner", by=OPERATOR)
    dario = _person("dario@acme.example", "Dario", "Devos", password)
    people.join(acme, dario, role="developer", by=Actor.user(olga))
    plan = Plan.objects.create(
        code="starter-monthly",
        name="Starter",
        monthly_fee="49.00",
        included_documents=500,
        overage_price="0.05",
        company_limit=50,
    )
    Plan.objects.create(
        code="scale-monthly",
        name="Scale",
        monthly_fee="249.00",
        included_documents=5000,
        overage_price="0.03",
    )
    subscriptions.select(acme, plan, by=OPERATOR)
    return acme


def _keys(acme: Organization, olga: User) -> None:
    by, issue = Actor.user(olga), {"kind": "platform", "created_by": olga}
    live = keys.issue(acme, name="ERP production", by=by, **issue)[0]
    keys.issue(acme, name="ERP staging", environment="test", by=by, **issue)
    old = keys.issue(acme, name="Import script", by=by, **issue)[0]
    now = timezone.now()
    ApiKey.objects.filter(pk=live.pk).update(last_used_at=now + timedelta(days=60, seconds=-40))
    ApiKey.objects.filter(pk=old.pk).update(created_at=now - timedelta(days=80))


def _company(acme: Organization, name: str, number: int, by: Actor) -> Organization:
    digits = f"0{number}"
    profile = {
        "name": name,
        "legal_name": f"{name} BV",
        "country": "BE",
        "city": "Gent",
        "company_number": digits,
        "vat_number": f"BE{digits}",
        "address_line1": "Veldstraat 12",
        "postal_code": "9000",
    }
    return organizations.create_company(acme, profile, by=by)


def _registration(company: Organization, fate: tuple[str, str], by: Actor) -> None:
    if company.status != "active":
        return
    (state, error), now = fate, timezone.now()
    row = participants.register(company, f"0208:{company.company_number}", by=by)
    done = state == "active"
    Participant.objects.filter(pk=row.pk).update(
        state=state,
        last_error=error,
        warnings=[],
        card_state="published" if done else "none",
        directory_state="published" if done else "none",
        registered_at=now if done else None,
        next_attempt_at=now + timedelta(hours=17) if state == "waiting" else None,
    )


def _webhooks(acme: Organization, bakery: Organization, by: Actor) -> tuple[Endpoint, Delivery]:
    now = timezone.now()
    main, _ = endpoints.create(
        acme,
        url="https://hooks.acme.example/gatehouse",
        event_types=["*"],
        by=by,
        covers_companies=True,
        description="Main receiver",
    )
    other, _ = endpoints.create(
        bakery,
        url="https://bakery.example/webhooks/peppol",
        by=by,
        event_types=["company.smp_registered", "company.smp_failed"],
    )
    Endpoint.objects.filter(pk=main.pk).update(last_success_at=now - timedelta(minutes=2))
    Endpoint.objects.filter(pk=other.pk).update(
        consecutive_failures=4, failure_count=4, first_failure_at=now - timedelta(hours=3)
    )
    delivery = None
    for n, event in enumerate(Event.objects.filter(type="company.created").order_by("-id")[:6]):
        state = ("delivered", "delivered", "exhausted")[n % 3]
        delivery = Delivery.objects.create(
            organization=acme,
            endpoint=main if state == "delivered" else other,
            event=event,
            state=state,
            attempt_count=1 if state == "delivered" else 3,
            next_attempt_at=None,
        )
        for number in range(1, delivery.attempt_count + 1):
            good = state == "delivered"
            Attempt.objects.create(
                organization=acme,
                delivery=delivery,
                number=number,
                address="203.0.113.7",
                started_at=now - timedelta(hours=4 - number),
                duration_ms=90 + 37 * number,
                status_code=200 if good else 503,
                error="" if good else "HTTP 503",
                response_body="ok" if good else "Service Unavailable",
            )
    assert delivery is not None
    return main, delivery


def _application() -> Any:
    profile = {
        "name": "Franchise Foods",
        "legal_name": "Franchise Foods SAS",
        "country": "FR",
        "vat_number": "FR40303265045",
        "address_line1": "8 rue Oberkampf",
        "city": "Paris",
        "postal_code": "75011",
        "email": "hello@franchise.example",
        "phone": "+33 1 23 45 67 89",
    }
    shops = organizations.create("business", profile, by=OPERATOR)
    flora = User.objects.create_user(
        "flora@franchise.example", first_name="Flora", last_name="Faure"
    )
    people.join(shops, flora, role="owner", by=OPERATOR)
    form = {
        "motivation": "We run 140 franchise shops and want to invoice for all of them.",
        "expected_companies": 140,
        "expected_documents": 9000,
        "technical_contact": "tech@franchise.example",
    }
    return applications.submit(shops, form, terms_accepted=True, by=OPERATOR)
