"""Numbers of rows by state are kept by whatever writes the rows, and are those of the rows."""

import random

import pytest
from django.db import connection, transaction
from django.utils import timezone

from apikeys.services import keys
from peppol.models import Participant
from tenants import tallies
from tenants.models import Company, Organization, Tally
from tenants.row_security import limit_rows_to
from tenants.services import organizations
from tenants.tasks import check_tallies, fold_tallies
from tests.conftest import SYSTEM, make_company, make_platform
from tests.ordinary_role import ON_POSTGRESQL
from webhooks.models import Endpoint

pytestmark = pytest.mark.django_db
only_postgresql = ON_POSTGRESQL[-1]


def register(company, value, state="active"):
    return Participant.objects.create(
        organization=company, environment="live", scheme="0208", value=value, state=state
    )


def hook(company, **more):
    return Endpoint.objects.create(
        organization=company, environment="live", url="https://a.example", **more
    )


def test_companies_are_counted_by_platform_state_and_environment(acme, rival):
    before = tallies.number("managed", acme)
    one, other = make_company(acme, "A"), make_company(acme, "B")
    make_company(rival, "C")
    organizations.suspend(one, reason="Late.", by=SYSTEM)
    Organization.objects.filter(pk=other.pk).update(environment="test")
    assert tallies.of(acme)["managed"]["suspended"] == 1
    assert tallies.number("managed", acme) == before + 2
    assert tallies.number("managed", acme, "test") == 1
    everybodys = tallies.number("managed", acme) + tallies.number("managed", rival)
    assert tallies.number("managed") == everybodys
    assert tallies.number("platform") == 2


def test_what_is_deleted_or_rolled_back_does_not_count(acme):
    company = make_company(acme, "A")
    n = tallies.number("managed", acme)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_company(acme, "B")
        raise ZeroDivisionError
    assert tallies.number("managed", acme) == n
    organizations.close(company, reason="Over.", by=SYSTEM)
    organizations.delete(company, by=SYSTEM)
    assert tallies.number("managed", acme) == n - 1


def test_a_webhook_that_fails_is_counted_as_failing_until_it_is_fine(bakery):
    endpoint = hook(bakery)
    for failures, state in ((0, "active"), (1, "failing"), (2, "failing"), (0, "active")):
        Endpoint.objects.filter(pk=endpoint.pk).update(consecutive_failures=failures)
        assert tallies.of(bakery.parent)["endpoint"] == {state: 1}
    Endpoint.objects.update(deleted_at=timezone.now())
    assert not tallies.of(bakery.parent)["endpoint"].total()


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_writes_the_numbers_are_those_of_the_rows(seed):
    chance = random.Random(seed)
    platforms = [make_platform(f"P{n}", country="BE") for n in range(2)]
    for n in range(60):
        walk(chance, n, chance.choice(platforms))
        if n % 15 == 0:
            fold_tallies()
    for platform in platforms:
        mine = Company.objects.filter(parent=platform, deleted_at=None)
        assert tallies.number("managed", platform) == mine.count()
        for subject, rows in (
            ("participant", Participant.objects),
            ("endpoint", Endpoint.objects.live()),
        ):
            states = list(
                rows.filter(platform=platform).values_list(
                    "state" if subject == "participant" else "status", flat=True
                )
            )
            assert tallies.number(subject, platform) == len(states)
    assert tallies.put_right() == 0


def walk(chance, n, platform):
    """Write something, in one of the ways in which rows are written."""
    companies = list(Company.objects.filter(parent=platform, deleted_at=None))
    step = chance.randrange(7) if companies else 0
    company = chance.choice(companies) if companies else None
    if step == 0:
        make_company(platform, f"C{n}")
    elif step == 1:
        register(company, f"{n:010}", chance.choice(["failed", "draft", "active"]))
    elif step == 2:
        mine = Participant.objects.filter(organization=company).exclude(state="active")
        mine.update(state=chance.choice(["failed", "elsewhere"]))
    elif step == 3:
        Participant.objects.filter(organization=company).delete()
    elif step == 4:
        Endpoint.objects.bulk_create(
            Endpoint(organization=company, platform=platform, environment="live", url="https://x.y")
            for _ in range(3)
        )
    elif step == 5:
        Endpoint.objects.filter(platform=platform).update(
            consecutive_failures=chance.randrange(3), status=chance.choice(["active", "disabled"])
        )
    else:
        Organization.objects.filter(pk=company.pk).update(
            status=chance.choice(["active", "suspended"]),
            deleted_at=chance.choice([None, timezone.now()]),
        )


@only_postgresql
def test_a_companys_key_adds_to_the_platforms_numbers_and_does_not_see_them(bakery):
    bakery = Organization.objects.select_related("parent").get(pk=bakery.pk)
    with limit_rows_to(bakery):
        hook(bakery)
        assert not Tally.objects.exists()
    with limit_rows_to(bakery.parent):
        assert tallies.number("endpoint", bakery.parent) == 1


@only_postgresql
def test_at_night_numbers_are_put_right(acme, caplog):
    make_company(acme, "A")
    n = tallies.number("managed", acme)
    Tally.objects.filter(subject="managed").delete()
    Tally.objects.create(organization=acme, subject="gone", state="x", environment="live", number=3)
    check_tallies()
    assert "2 numbers of rows" in caplog.text
    assert tallies.number("managed", acme) == n
    assert not Tally.objects.filter(subject="gone").exists()


@only_postgresql
def test_what_adds_to_one_number_is_folded_into_one_row(acme):
    for n in range(5):
        make_company(acme, f"C{n}")
    rows = Tally.objects.filter(organization=acme, subject="managed")
    number, several = tallies.number("managed", acme), rows.count()
    fold_tallies()
    assert tallies.number("managed", acme) == number
    assert several > rows.count() == 1


@only_postgresql
def test_numbers_are_read_without_a_look_at_the_rows(acme):
    make_company(acme, "A")
    with connection.execute_wrapper(_no_organizations):
        assert tallies.number("managed", acme)


def _no_organizations(execute, sql, params, many, context):
    assert "tenants_organization" not in sql
    return execute(sql, params, many, context)


def test_a_key_is_nobodys_tally(acme):
    keys.issue(acme, name="k", kind="platform", by=SYSTEM)
    assert tallies.number("key", acme) == 0


def test_a_company_is_told_its_own_rows_alone(acme, bakery):
    other = make_company(acme, "Other")
    for n, company in enumerate((bakery, other)):
        register(company, f"{n:010}")
    hook(bakery)
    # Where companies stand is kept by PostgreSQL alone.
    assert {name: n for name, n in tallies.of(bakery).items() if name != "stage"} == {
        "managed": {"active": 1},
        "participant": {"active": 1},
        "endpoint": {"active": 1},
    }
