"""Statements issued before their rows told everything are told as they were."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from billing import pdf, ubl
from billing.models import Plan, Statement
from tenants.models import Organization
from tests.billing.factories import run

pytestmark = pytest.mark.django_db(transaction=True)


def step_by_step() -> MigrationExecutor:
    """Migrations one by one, as they were written, and not squashed."""
    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    return executor


def migrate(name: str) -> None:
    step_by_step().migrate([("billing", name)])


@pytest.fixture
def newest():
    leaves = step_by_step().loader.graph.leaf_nodes("billing")
    (leaf,) = (name for _, name in leaves if "squashed" not in name)
    yield leaf
    migrate(leaf)


def test_what_an_old_statement_was_made_from_is_found_again(billed, newest):
    billed.defaults = {"language": "fr"}
    billed.save()
    Organization.objects.filter(name="Two").update(metadata={"tenantId": "t-2"})
    (before,) = run()
    migrate("0005_words")
    Plan.objects.update(overage_price=9)
    migrate(newest)
    after = Statement.objects.get()
    assert (after.language, after.overage_price) == ("fr", Decimal("0.0333"))
    assert list(after.lines.order_by("id").values_list("tenant_id", flat=True)) == ["", "", "t-2"]
    assert (pdf.write(after), ubl.write(after)) == (before.pdf.read(), before.ubl.read())
    with pytest.raises(IntegrityError):
        Statement.objects.update(language="nl")


def test_a_price_whose_file_is_lost_is_told_from_the_lines(billed, newest):
    (statement,) = run()
    migrate("0005_words")
    statement.ubl.storage.delete(statement.ubl.name)
    migrate(newest)
    # 10 documents for 0.33: what the lines still tell of 0.0333.
    assert Statement.objects.get().overage_price == Decimal("0.0330")
