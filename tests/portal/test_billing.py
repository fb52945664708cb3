"""Plan, statements and billing addresses in the portal: for those whom money concerns."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from billing.models import BillingAddress, Plan, Statement, StatementLine, Subscription
from billing.services import subscriptions
from tenants.models import Event, Organization, Role
from tests.conftest import SYSTEM, make_company
from tests.portal.conftest import at, make_member, masked, operation_at, signed_in, texts
from tests.portal.factories import make_address, make_statement

PLANS, STATEMENT, ADDRESS = "billing_plan", "billing_statement", "billing_billingaddress"
FILES = ("pdf", "ubl", "csv", "xlsx")
UNKNOWN = "01900000-0000-7000-8000-000000000000"
WHERE = {
    "recipient": "Acme NV",
    "address_line1": "Street 1",
    "postal_code": "9000",
    "city": "Gent",
    "country": "BE",
}


def make_plan(code: str, fee: str = "10.00", **facts) -> Plan:
    return Plan.objects.create(
        code=code, name=code.title(), monthly_fee=fee, overage_price="0.10", **facts
    )


@pytest.fixture
def starter(acme) -> Plan:
    """The plan that acme is on."""
    plan = make_plan("starter", white_label=True)
    subscriptions.select(acme, plan, by=SYSTEM)
    return plan


def choose(browser, plan):
    return browser.post(operation_at(PLANS, "choose", plan))


def plan_of(organization) -> str:
    return Subscription.objects.get(organization=organization, ended_at=None).plan.code


# --- Plans ----------------------------------------------------------------------------------------


def test_offered_plans_are_shown_beside_the_present_one(browser, starter):
    make_plan("growth"), make_plan("secret", is_offered=False), make_plan("shop", platform=False)
    page = texts(browser.get(at(PLANS)))
    assert "Your plan is Starter" in page and "Change to Growth" in page
    assert "Change to Starter" not in page and "Secret" not in page and "Shop" not in page


def test_a_plan_that_is_no_longer_offered_is_still_shown_to_those_on_it(browser, starter):
    Plan.objects.update(is_offered=False)
    page = texts(browser.get(at(PLANS)))
    assert "Your plan is Starter" in page and "No longer offered" in page
    growth = texts(browser.get(operation_at(PLANS, "choose", make_plan("growth"))))
    assert "you cannot go back" in growth


def test_what_changes_is_said_before_it_does(browser, acme, starter):
    growth = make_plan("growth", "99.00", included_documents=2500)
    Subscription.objects.update(started_at=timezone.now() - timedelta(days=90))
    with time_machine.travel("2026-11-21 10:00:00Z", tick=True):
        Subscription.objects.update(started_at="2026-01-01T00:00:00Z")
        page = texts(browser.get(operation_at(PLANS, "choose", growth)))
    for fact in (
        "10.00 EUR",
        "99.00 EUR",
        "2,500",
        "20 days are charged at Starter",
        "10 days at Growth",
        "Your branding is no longer shown",
    ):
        assert fact in page
    assert plan_of(acme) == "starter"


def test_a_plan_is_changed_once_it_is_confirmed(browser, acme, starter):
    answer = choose(browser, make_plan("growth", company_limit=7))
    assert (answer.status_code, answer.url) == (302, at(PLANS))
    assert plan_of(acme) == "growth"
    acme.refresh_from_db()
    assert acme.company_limit == 7
    assert Event.objects.filter(type="subscription.selected", actor_kind="user").count() == 1


def test_a_plan_with_too_few_companies_says_so_and_is_not_chosen(browser, acme, bakery, starter):
    make_company(acme, "Second")
    small = make_plan("small", company_limit=1)
    sentence = "This plan allows 1 companies; there are 2."
    assert sentence in texts(browser.get(at(PLANS)))
    assert sentence in texts(choose(browser, small))
    assert plan_of(acme) == "starter"


@pytest.mark.parametrize("facts", [{"is_offered": False}, {"platform": False}])
def test_a_plan_that_is_not_offered_is_as_good_as_unknown(browser, acme, starter, facts):
    hidden = make_plan("hidden", **facts)
    unknown = operation_at(PLANS, "choose", hidden).replace(str(hidden.pk), UNKNOWN)
    stranger, nobody = choose(browser, hidden), browser.post(unknown)
    assert stranger.status_code == nobody.status_code == 404
    assert plan_of(acme) == "starter"


def test_a_company_whose_platform_pays_reads_no_prices(acme, bakery, starter):
    baker = signed_in(make_member(bakery, Role.OWNER, "baker@bakery.example"))
    plan = make_plan("own", platform=False)
    for page in (PLANS, STATEMENT, ADDRESS):
        assert baker.get(at(page)).status_code == 403
        assert at(page) not in texts(baker.get(reverse("portal:index")))
    assert choose(baker, plan).status_code == 403
    assert "Acme" not in texts(baker.get(at("peppol_monthlyusage")))
    Organization.objects.filter(pk=bakery.pk).update(bill_to=bakery)
    assert "Change to Own" in texts(baker.get(at(PLANS)))


@pytest.mark.parametrize(
    "role, sees, may",
    [
        ("owner", 200, 302),
        ("admin", 200, 302),
        ("billing", 200, 302),
        ("developer", 403, 403),
        ("viewer", 403, 403),
    ],
)
def test_plans_are_for_those_whom_money_concerns(acme, starter, role, sees, may):
    client = signed_in(make_member(acme, role, f"{role}@plans.example"))
    assert client.get(at(PLANS)).status_code == sees
    assert choose(client, make_plan("growth")).status_code == may
    assert plan_of(acme) == ("growth" if may == 302 else "starter")


# --- Statements -----------------------------------------------------------------------------------


@pytest.fixture
def statement(acme, bakery) -> Statement:
    row = make_statement(acme, "2026-000042")
    StatementLine.objects.create(
        statement=row,
        company=bakery,
        description="=Bakery Peeters",
        sent=60,
        received=20,
        documents=80,
        overage=5,
        amount="0.45",
    )
    return row


def test_a_statement_shows_its_lines_and_its_files(browser, statement):
    page = texts(browser.get(at(STATEMENT, "change", statement)))
    for fact in ("2026-000042", "121.00 EUR", "Line of 2026-000042", "Bakery Peeters", "60"):
        assert fact in page
    assert all(at(STATEMENT, name, statement) in page for name in FILES)


@pytest.mark.parametrize(
    "name, media, begins",
    [
        ("pdf", "application/pdf", b"%PDF"),
        ("ubl", "application/xml", b"<Invoice"),
        ("csv", "text/csv; charset=utf-8", b"company,"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ],
)
def test_a_statement_is_downloaded_as_a_file(browser, statement, name, media, begins):
    answer = browser.get(at(STATEMENT, name, statement))
    content = b"".join(answer.streaming_content)
    assert content.startswith(begins) and answer["Content-Type"] == media
    assert answer["Content-Disposition"].startswith('attachment; filename="2026-000042')
    if name == "csv":
        assert b"'=Bakery" in content and content.count(b"\r\n") == 3


@pytest.mark.parametrize("name", ["change", *FILES])
def test_a_strangers_statement_is_as_unknown_as_one_that_never_was(browser, rival, statement, name):
    theirs = make_statement(rival, "2026-000043")
    assert browser.get(at(STATEMENT, name, statement)).status_code == 200
    url = at(STATEMENT, name, theirs)
    stranger, nobody = browser.get(url), browser.get(url.replace(str(theirs.pk), UNKNOWN))
    assert stranger.status_code == nobody.status_code == 404
    assert masked(stranger, str(theirs.pk)) == masked(nobody, UNKNOWN)


def test_the_statement_of_a_company_is_not_its_platforms(browser, bakery):
    assert browser.get(at(STATEMENT, "pdf", make_statement(bakery, "C-1"))).status_code == 404


@pytest.mark.parametrize("role", [Role.DEVELOPER, Role.VIEWER])
def test_statements_are_hidden_from_those_whom_money_does_not_concern(acme, statement, role):
    client = signed_in(make_member(acme, role, f"{role}@statements.example"))
    for name in ("change", *FILES):
        assert client.get(at(STATEMENT, name, statement)).status_code == 403


def test_a_statement_that_was_credited_says_so_on_both(browser, acme, statement):
    note = make_statement(
        acme,
        "C2026-000001",
        kind="credit_note",
        corrects=statement,
        total="-121.00",
        reason="Wrong plan",
    )
    assert "Credited by C2026-000001" in texts(browser.get(at(STATEMENT, "change", statement)))
    page = texts(browser.get(at(STATEMENT, "change", note)))
    assert "Credits 2026-000042: Wrong plan" in page and "by company" not in page


def test_a_statement_of_many_companies_takes_no_more_queries(browser, acme, statement, costs):
    few = costs(browser, at(STATEMENT, "change", statement))
    for n in range(120):
        StatementLine.objects.create(
            statement=statement, description=f"L{n}", amount=1, company=make_company(acme, f"C{n}")
        )
    assert costs(browser, at(STATEMENT, "change", statement)) == few
    page = texts(browser.get(at(STATEMENT, "change", statement)))
    assert "first hundred lines" in page and "L119" not in page


# --- Billing addresses ----------------------------------------------------------------------------


def test_an_address_is_added_and_its_vat_id_is_to_be_checked(browser, acme):
    form = {**WHERE, "organization": acme.pk, "vat_id": "BE0403170701"}
    assert browser.post(at(ADDRESS, "add"), form).status_code == 302
    row = BillingAddress.objects.get()
    assert (row.organization, row.recipient, row.vat_id_valid) == (acme, "Acme NV", None)
    assert "Being checked" in texts(browser.get(at(ADDRESS)))


def test_an_address_is_begun_with_what_is_known(browser, acme):
    Organization.objects.update(legal_name="Acme Accounting NV", city="Gent")
    page = texts(browser.get(at(ADDRESS, "add")))
    assert 'value="Acme Accounting NV"' in page and 'value="Gent"' in page


@pytest.mark.parametrize(
    "valid, word", [(True, "Valid"), (False, "Not valid"), (None, "Being checked")]
)
def test_the_list_says_whether_a_vat_id_is_valid(browser, acme, valid, word):
    make_address(acme, "A", vat_id="BE0403170701", vat_id_valid=valid)
    assert f"{word}" in texts(browser.get(at(ADDRESS))).split("result_list")[1]


def test_statements_are_sent_where_one_says(browser, acme):
    first, second = make_address(acme, "First"), make_address(acme, "Second")
    for row in (first, second):
        assert browser.post(operation_at(ADDRESS, "use", row)).status_code == 302
        acme.refresh_from_db()
        assert acme.billing_address_id == row.pk
    browser.post(operation_at(ADDRESS, "delete", second))
    acme.refresh_from_db()
    assert acme.billing_address_id is None
    assert browser.get(at(ADDRESS, "change", second)).status_code == 404


def test_another_vat_id_has_to_be_checked_anew(browser, acme):
    row = make_address(acme, "A", vat_id="BE0403170701", vat_id_valid=True)
    form = {**WHERE, "vat_id": "BE0202239951"}
    assert browser.post(at(ADDRESS, "change", row), form).status_code == 302
    row.refresh_from_db()
    assert (row.recipient, row.vat_id, row.vat_id_valid) == ("Acme NV", "BE0202239951", None)


def test_a_contact_is_one_of_us(browser, acme, olga, rival):
    row = make_address(acme, "A")
    stranger = make_member(rival, Role.OWNER, "stranger@rival.example")
    page = texts(browser.get(at(ADDRESS, "change", row)))
    assert str(olga.pk) in page and "stranger@rival.example" not in page
    refused = browser.post(at(ADDRESS, "change", row), {**WHERE, "billing_contact": stranger.pk})
    assert "Select a valid choice" in texts(refused)
    browser.post(at(ADDRESS, "change", row), {**WHERE, "billing_contact": olga.pk})
    row.refresh_from_db()
    assert row.billing_contact == olga


def test_nobody_adds_an_address_to_a_stranger(browser, rivals_company):
    posted = browser.post(at(ADDRESS, "add"), {**WHERE, "organization": rivals_company.pk})
    assert "Select a valid choice" in texts(posted) and not BillingAddress.objects.exists()


def test_the_sidebar_has_no_money_for_those_whom_it_does_not_concern(acme):
    client = signed_in(make_member(acme, Role.VIEWER, "v@acme.example"))
    page = texts(client.get(reverse("portal:index")))
    assert at("peppol_monthlyusage") in page and at(STATEMENT) not in page and at(PLANS) not in page
