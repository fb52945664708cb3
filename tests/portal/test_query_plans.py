"""The commonest questions are answered from indexes, whoever's hundred thousand rows there are."""

import pytest
from django.db import connection

from apikeys.services import keys
from tenants.models import Company, Organization, User
from tests.benchmarks import scale_kept, scale_questions, scale_world
from tests.conftest import SYSTEM, make_platform
from tests.ordinary_role import ON_POSTGRESQL
from tests.portal.conftest import make_member

pytestmark = [*ON_POSTGRESQL, pytest.mark.slow]
BIG = {
    "peppol_document",
    "tenants_event",
    "webhooks_delivery",
    "tenants_searchword",
    "peppol_dailyusage",
}
COMPANIES = 2000
ASKED = (
    "portal: overview",
    "portal: companies",
    "portal: companies suspended",
    "portal: company",
    "portal: company documents tab",
    "portal: company history",
    "portal: registrations",
    "portal: documents",
    "portal: documents failed",
    "portal: documents of a company",
    "portal: deliveries",
    "portal: deliveries given up",
    "portal: webhooks in trouble",
    "portal: usage",
    "portal: audit trail",
    "portal: search name",
    "portal: search number",
    "portal: search document number",
    "portal: autocomplete",
    "admin: overview",
    "admin: organization",
    "admin: documents",
    "admin: documents failed",
    "admin: deliveries given up",
    "admin: search number",
    "API: e-invoice.be tenants",
    "API: e-invoice.be outbox",
    "API: Flowie companies by name",
    "API: Flowie usage",
)


class Plans:
    """How the database answers each question about a big table, asked of it just then."""

    def __init__(self):
        self.scanned = set()
        self.seen = 0

    def __call__(self, execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if str(sql).startswith("SELECT") and any(f'"{table}"' in sql for table in BIG):
            raw = connection.connection.execute(f"explain (format json) {sql}", params)
            self.seen += 1
            self._look(raw.fetchone()[0][0]["Plan"], sql)
        return result

    def _look(self, node, sql):
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in BIG:
            self.scanned.add((node["Relation Name"], sql))
        for below in node.get("Plans", ()):
            self._look(below, sql)


@pytest.fixture
def world(db):
    platform = make_platform("Scale", country="BE")
    Organization.objects.filter(pk=platform.pk).update(
        requests_per_minute=10**6, requests_per_hour=10**7
    )
    owner = make_member(platform, "owner", "owner@scale.example")
    owner.set_password(scale_world.PASSWORD)
    owner.save()
    scale_world.seed(platform.pk, COMPANIES)
    scale_kept.write()
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    company = Company.objects.filter(parent=platform).order_by("id")[COMPANIES // 2]
    return scale_world.World(
        companies=COMPANIES,
        platform=platform,
        company=company,
        staff=User.objects.create_superuser("staff@scale.example", "x"),
        owner=owner,
        secret=keys.issue(platform, name="scale", kind="platform", by=SYSTEM)[1],
        company_secret=keys.issue(company, name="scale", by=SYSTEM)[1],
    )


def test_no_common_question_reads_a_big_table_from_end_to_end(world):
    questions = dict(scale_questions.questions(world))
    assert set(ASKED) <= set(questions)
    scanned = {}
    for name in ASKED:
        plans = Plans()
        with connection.execute_wrapper(plans):
            assert questions[name]().status_code == 200, name
        if plans.scanned:
            scanned[name] = plans.scanned
    assert not scanned
