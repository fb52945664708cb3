"""The operator's billing addresses: whose VAT ids are valid, and asking the register again."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.models import BillingAddress
from tests.conftest import make_company
from tests.portal.conftest import texts
from tests.portal.factories import make_address

LIST = reverse("admin:billing_billingaddress_changelist")


def page(row: BillingAddress, what: str = "change") -> str:
    return reverse(f"admin:billing_billingaddress_{what}", args=[row.pk])


@pytest.fixture
def addresses(acme, rival) -> dict[str, BillingAddress]:
    """One of each standing, under the standing's name, and one that is deleted."""
    found = {}
    for name, facts in {
        "valid": {"vat_id": "BE0403170701", "vat_id_valid": True},
        "invalid": {"vat_id": "BE0000000000", "vat_id_valid": False},
        "unknown": {"vat_id": "BE0202239951", "vat_id_valid": None},
        "none": {"vat_id": "", "vat_id_valid": None},
        "deleted": {"deleted_at": timezone.now()},
    }.items():
        if facts.get("vat_id"):
            facts["vat_check_at"] = timezone.now() + timedelta(days=30)
        whose = acme if name == "valid" else rival
        found[name] = make_address(whose, f"Recipient {name}", **facts)
    return found


@pytest.mark.parametrize("state_badge", ["valid", "invalid", "unknown", "none"])
def test_addresses_are_found_by_what_the_register_says(desk, addresses, state_badge):
    shown = desk.get(LIST, {"vat": state_badge}).context["cl"].result_list
    assert list(shown) == [addresses[state_badge]]


def test_every_platforms_addresses_are_listed_and_no_deleted_one(desk, addresses):
    shown = texts(desk.get(LIST))
    assert all(f"Recipient {n}" in shown for n in ("valid", "invalid", "unknown", "none"))
    assert "Recipient deleted" not in shown


def test_an_address_is_read_and_not_written(desk, addresses):
    row = addresses["invalid"]
    assert "BE0000000000" in texts(desk.get(page(row)))
    desk.post(page(row), {"recipient": "Somebody else"})
    row.refresh_from_db()
    assert row.recipient == "Recipient invalid"


def test_the_register_is_asked_again_and_its_last_word_stands(desk, addresses):
    row = addresses["invalid"]
    assert desk.get(page(row, "check_again")).status_code == 200
    assert not BillingAddress.objects.unchecked().exists()
    desk.post(page(row, "check_again"))
    assert list(BillingAddress.objects.unchecked()) == [row]
    assert BillingAddress.objects.get(pk=row.pk).vat_id_valid is False


def test_without_a_vat_id_there_is_nothing_to_ask(desk, addresses):
    desk.post(page(addresses["none"], "check_again"))
    assert not BillingAddress.objects.unchecked().exists()


def test_only_staff_read_addresses(addresses):
    assert "Recipient" not in texts(Client().get(LIST, follow=True))


def test_thirty_addresses_take_no_more_queries_than_three(
    desk, acme, django_assert_max_num_queries
):
    def fill(many: int) -> None:
        for n in range(many):
            make_address(make_company(acme, f"Company {many} {n}"), f"Recipient {n}")

    fill(3)
    desk.get(LIST)
    with django_assert_max_num_queries(100) as few:
        desk.get(LIST)
    fill(27)
    with django_assert_max_num_queries(len(few)):
        assert len(desk.get(LIST).context["cl"].result_list) == 30
