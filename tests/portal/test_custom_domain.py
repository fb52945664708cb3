"""A platform's own host name, set up in the portal."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tenants.models import CustomDomain, Role
from tests.portal.browsing import MARKS
from tests.portal.conftest import make_member, signed_in, texts

DOMAIN = "/portal/settings/domain/"


@pytest.fixture
def owner(platform) -> Client:
    return signed_in(make_member(platform, Role.OWNER, "olga@acme.example"))


def test_a_host_is_set_up_and_shows_the_records_to_make(owner, platform):
    """FLO-65."""
    page = texts(owner.post(DOMAIN, {"host": "Books.Acme-Accounting.com"}, follow=True))
    domain = CustomDomain.objects.get()
    assert domain.host == "books.acme-accounting.com"
    assert f'value="_gatehouse-challenge.{domain.host}"' in page
    assert f'value="{domain.challenge}"' in page and "Waiting for DNS" in page


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "https://acme.com", "co.uk", ""])
def test_a_host_that_cannot_be_is_said_at_its_field(owner, host):
    assert "host" in owner.post(DOMAIN, {"host": host}).context["form"].errors
    assert not CustomDomain.objects.exists()


def test_a_host_in_use_elsewhere_is_refused_in_words(owner, rival):
    CustomDomain.objects.create(
        organization=rival, host="books.acme-accounting.com", challenge="c", state="active"
    )
    answer = owner.post(DOMAIN, {"host": "books.acme-accounting.com"})
    assert "in use by another platform" in texts(answer)


@pytest.fixture
def domain(platform) -> CustomDomain:
    return CustomDomain.objects.create(
        organization=platform,
        host="books.acme-accounting.com",
        challenge="our-word",
        found_texts=["another word"],
        found_leads=["192.0.2.9"],
        checked_at=timezone.now(),
        next_check_at=timezone.now() + timedelta(hours=1),
    )


def test_what_was_found_stands_beside_what_is_expected(owner, domain):
    page = texts(owner.get(DOMAIN))
    assert "another word" in page and "192.0.2.9" in page and "Something else found" in page
    part = texts(owner.get(DOMAIN, {"part": ""}))
    assert "another word" in part and "<nav" not in part


@pytest.mark.parametrize(
    "facts, said",
    [
        ({"state": "active"}, "Your people sign in at https://books.acme-accounting.com/"),
        ({"state": "failing"}, "served for a week"),
        ({"certificate_error": "Hostname mismatch"}, "no certificate yet: Hostname mismatch"),
        ({"certificate_until": timezone.now()}, "Browsers connect securely"),
        ({"next_check_at": timezone.now() - timedelta(minutes=1)}, "Being checked now"),
    ],
)
def test_the_state_is_said_in_words(owner, domain, facts, said):
    CustomDomain.objects.update(**facts)
    assert said in texts(owner.get(DOMAIN))


def test_a_domain_is_checked_now_and_removed(owner, domain):
    owner.post(DOMAIN, {"do": "check"})
    domain.refresh_from_db()
    assert domain.is_due
    page = texts(owner.post(DOMAIN, {"do": "remove"}, follow=True))
    assert not CustomDomain.objects.current().exists() and 'name="host"' in page


def test_anything_else_leaves_the_domain(owner, domain):
    for form in ({"do": "sell"}, {}, {"host": "other.acme-accounting.com"}):
        owner.post(DOMAIN, form)
    assert CustomDomain.objects.current().get().host == domain.host


def test_a_domain_needs_the_entitlement(owner, platform):
    """FLO-36: what to do is said, and nothing happens."""
    platform.white_label = False
    platform.save()
    assert "Your plan does not include a custom domain" in texts(owner.get(DOMAIN))
    owner.post(DOMAIN, {"host": "books.acme-accounting.com"})
    assert not CustomDomain.objects.exists()


@pytest.mark.parametrize("role", ["developer", "billing", "viewer"])
def test_a_domain_is_the_affair_of_owners_and_admins(platform, domain, role):
    person = signed_in(make_member(platform, role))
    page = texts(person.get(DOMAIN))
    assert "our-word" in page and 'value="remove"' not in page
    assert person.post(DOMAIN, {"do": "remove"}).status_code == 403
    assert CustomDomain.objects.current().exists()


class TestInABrowser:
    """By hand."""

    pytestmark = MARKS

    def test_a_record_is_copied_by_keyboard_and_the_keyboard_stays(self, platform, domain, tab):
        tab.page.goto(DOMAIN)
        tab.page.locator("#copy-TXT-value").press("Enter")
        tab.page.get_by_text("Copied").wait_for()
        assert tab.page.evaluate("document.activeElement.id") == "copy-TXT-value"
