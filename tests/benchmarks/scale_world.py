"""A platform of any size, written by bulk SQL into a PostgreSQL database of its own.

A table's columns are filled by the expressions given here and by the model's own defaults, so
that a new column needs a word here only when it means something.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models
from psycopg import sql

from tests.benchmarks import scale_kept

DOCUMENTS, EVENTS, DELIVERIES = 10, 10, 5
PASSWORD = "benchmark-4711"
# A UUIDv7 of a time in ms and a text that tells it apart.
_UUID7 = """
create or replace function pg_temp.uuid7(ms bigint, seed text) returns uuid
language sql immutable as $$ select (lpad(to_hex(ms), 12, '0') || '7'
  || substr(md5(seed), 1, 3) || '8' || substr(md5(seed), 4, 15))::uuid $$
"""
_MS = "(extract(epoch from {})*1000)::bigint"
_AGO = "now() - interval '1 year' * (1 - n::float / {total})"


@dataclass(frozen=True)
class World:
    """What questions are asked about: the platform, and a company in the middle of its list."""

    companies: int
    platform: Any
    company: Any
    staff: Any
    owner: Any
    secret: str
    company_secret: str


@contextmanager
def database(companies: int, *, anew: bool = False) -> Iterator[World]:
    """A database with so many companies, which every query of the block goes to."""
    given = settings.DATABASES["default"]
    before, name = given["NAME"], f"{given['NAME']}_{companies}"
    _create(given, name, anew)
    connection.close()
    given["NAME"] = connection.settings_dict["NAME"] = name
    try:
        yield _world(companies)
    finally:
        connection.close()
        given["NAME"] = connection.settings_dict["NAME"] = before


def _create(given: dict[str, Any], name: str, anew: bool) -> None:
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    address = {ours: given[theirs] or None for ours, theirs in names.items()}
    with psycopg.connect(**address, dbname="postgres", autocommit=True) as server:
        if anew:
            server.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))
        there = server.execute("select 1 from pg_database where datname = %s", [name]).fetchone()
        if not there:
            server.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def _world(companies: int) -> World:
    from apikeys.services import keys
    from tenants.actors import Actor
    from tenants.models import Company, Organization, Role, User
    from tenants.row_security import show_everything
    from tenants.services import organizations, people

    show_everything()
    call_command("migrate", verbosity=0)
    by = Actor.system("benchmark")
    platform = Organization.objects.filter(name="Scale").first()
    if platform is None:
        platform = organizations.create("platform", {"name": "Scale", "country": "BE"}, by=by)
        Organization.objects.filter(pk=platform.pk).update(
            requests_per_minute=10**7, requests_per_hour=10**7
        )
        owner = User.objects.create_user("owner@scale.example", PASSWORD)
        people.join(platform, owner, role=Role.OWNER, by=by)
        User.objects.create_superuser("staff@scale.example", PASSWORD)
        seed(platform.pk, companies)
        scale_kept.write()
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("vacuum analyze")
    company = Company.objects.filter(parent=platform).order_by("id")[companies // 2]
    return World(
        companies=companies,
        platform=platform,
        company=company,
        staff=User.objects.get(email="staff@scale.example"),
        owner=User.objects.get(email="owner@scale.example"),
        secret=keys.issue(platform, name="scale", kind="platform", by=by)[1],
        company_secret=keys.issue(company, name="scale", by=by)[1],
    )


def seed(platform: Any, companies: int) -> None:
    """Write the companies of a platform and all that belongs to them."""
    from apikeys.models import ApiKey
    from peppol.models import DailyUsage, MonthlyUsage, Participant
    from tenants.models import Organization
    from webhooks.models import Endpoint

    with connection.cursor() as cursor:
        cursor.execute(_UUID7)
    now = _AGO.format(total=companies)
    words = "(array['Bakery','Café','Garage','Dentist','Boulangerie','Tandarts','Studio','Huis'])"
    towns = "(array['Gent','Liège','Brussel','Namur','Antwerpen','Leuven','Mons'])"
    made = {
        "platform_id": f"'{platform}'::uuid",
        "environment": "'live'",
        "created_at": "at",
        "updated_at": "at",
    }
    numbers = f"(select n, {now} as at from generate_series(1, {companies}) n)"
    fill(
        Organization,
        f"{numbers} s",
        {
            **made,
            "id": f"pg_temp.uuid7({_MS.format('at')}, 'o' || n)",
            "kind": "'managed'",
            "parent_id": f"'{platform}'::uuid",
            "status": "case when n % 50 = 0 then 'suspended' else 'active' end",
            "name": f"{words}[1 + n % 8] || ' ' || {towns}[1 + n % 7] || ' ' || n",
            "name_key": "null",
            "country": "'BE'",
            "company_number": "'0' || (400000000 + n)",
            "vat_number": "'BE0' || (400000000 + n)",
            "city": f"{towns}[1 + n % 7]",
        },
    )
    of_companies = (
        "(select row_number() over (order by id) as n, id as company, created_at as at"
        f" from tenants_organization where parent_id = '{platform}')"
    )
    for model, values in (
        (
            Participant,
            {
                "scheme": "'0208'",
                "value": "'0' || (400000000 + n)",
                "state": "case when n % 40 = 0 then 'failed' when n % 33 = 0 then 'pending'"
                " else 'active' end",
                "registered_at": "at",
            },
        ),
        (ApiKey, {"kind": "'company'", "name": "'Key ' || n", "digest": "'d' || n"}),
        (
            Endpoint,
            {
                "url": "'https://c' || n || '.example/hook'",
                "event_types": "'[\"*\"]'",
                "timeout_seconds": "15",
                "consecutive_failures": "case when n % 100 = 0 then 3 else 0 end",
            },
        ),
    ):
        own = {"organization_id": "company", "id": f"pg_temp.uuid7({_MS.format('at')}, 'x' || n)"}
        fill(model, f"{of_companies} s", {**made, **own, **values})
    _seed_traffic(made, of_companies, companies)
    for model, days in ((DailyUsage, 10), (MonthlyUsage, 1)):
        today = "(now() at time zone 'utc')::date"
        on = f"{today} - d" if days > 1 else f"date_trunc('month', {today})::date"
        fill(
            model,
            f"(select s.*, d from {of_companies} s, generate_series(0, {days - 1}) d) s",
            {
                **made,
                "id": f"pg_temp.uuid7({_MS.format('at')}, 'u' || n || '/' || d)",
                "organization_id": "company",
                "on": on,
                "sent": "7",
                "received": "2",
                "failed": "1",
            },
        )


def _seed_traffic(made: Mapping[str, str], of_companies: str, companies: int) -> None:
    """Documents, events and deliveries: of the last weeks, of all companies in turns."""
    from peppol.models import Document
    from tenants.models import Event
    from webhooks.models import Delivery

    def each(times: int, days: int) -> str:
        part = f"(d * {companies} + n)::float / ({times} * {companies})"
        at = f"now() - interval '{days} days' * (1 - {part})"
        return (
            f"(select n, company, d, {at} as at from {of_companies} c,"
            f" generate_series(0, {times - 1}) d) s"
        )

    state = "case when d = 0 then 'failed' when d < 8 then 'delivered' else 'received' end"
    fill(
        Document,
        each(DOCUMENTS, 30),
        {
            **made,
            "id": f"pg_temp.uuid7({_MS.format('at')}, 'd' || n || '/' || d)",
            "organization_id": "company",
            "direction": "case when d < 8 then 'outbound' else 'inbound' end",
            "kind": "'invoice'",
            "state": state.replace("d = 0", "d = 0 and n % 10 = 0"),
            "instance_id": "n || '/' || d",
            "sender": "'0208:0' || (400000000 + n)",
            "receiver": f"'0208:0' || (400000000 + mod(n * 7919, {companies}))",
            "number": "'INV-' || n || '-' || d",
            "currency": "'EUR'",
            "amount": "100 + d",
            "payload": "'none.xml'",
            "retain_until": "date '2036-12-31'",
            "finished_at": "at",
        },
    )
    event = f"pg_temp.uuid7({_MS.format('at')}, 'e' || n || '/' || d)"
    kinds = "(array['document.sent','document.received','company.updated','company.created'])"
    fill(
        Event,
        each(EVENTS, 60),
        {
            **made,
            "id": event,
            "organization_id": "company",
            "type": f"{kinds}[1 + d % 4]",
            "occurred_at": "at",
            "actor_kind": "'system'",
            "actor_label": "'worker'",
            "distributed_at": "at",
        },
    )
    fill(
        Delivery,
        "(select e.id as event, e.organization_id as company, p.id as endpoint,"
        " e.occurred_at as at, row_number() over () as n from tenants_event e"
        " join webhooks_endpoint p on p.organization_id = e.organization_id"
        f" where e.type like 'document.%' limit {DELIVERIES * companies}) s",
        {
            **made,
            "id": f"pg_temp.uuid7({_MS.format('at')}, 'l' || event)",
            "organization_id": "company",
            "endpoint_id": "endpoint",
            "event_id": "event",
            "state": "case when n % 60 = 0 then 'exhausted' else 'delivered' end",
            "attempt_count": "1",
            "next_attempt_at": "null",
            "delivered_at": "at",
        },
    )


def fill(model: type[models.Model], source: str, given: Mapping[str, str]) -> None:
    """Insert a row of `model` for every row of `source`, with the expressions that are given."""
    columns = [f for f in model._meta.concrete_fields if not getattr(f, "generated", False)]
    values = [given.get(f.column) or _default(f) for f in columns]
    names = ", ".join(f'"{f.column}"' for f in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'insert into "{model._meta.db_table}" ({names})'
            f" select {', '.join(values)} from {source}"
        )


def _default(field: Any) -> str:
    if field.null:
        return "null"
    if field.get_internal_type() == "UUIDField":
        return "gen_random_uuid()"
    default = field.get_default() if field.has_default() else ""
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, int):
        return str(default)
    if isinstance(default, dict | list):
        return "'{}'" if isinstance(default, dict) else "'[]'"
    return f"'{default}'"
