"""The cast: acme signs in with a TEST key and a LIVE key, its owner with a password."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.utils import timezone

from apikeys.models import ApiKey
from apikeys.services import keys
from config.api.fiskaly.ids import spell
from tenants.models import User
from tenants.services import people
from tests.api.conftest import Caller
from tests.conftest import SYSTEM

BASE = "/api/v0"
PASSWORD = "correct horse battery"
NEW = {
    "name": "Kaffeehaus Zentral",
    "address_line1": "Herrengasse 14",
    "zip": "1010",
    "town": "Wien",
    "country_code": "AUT",
}
ADDRESS = {
    "recipient": "Kaffeehaus Zentral GmbH",
    "address_line1": "Herrengasse 14",
    "zip": "1010",
    "town": "Wien",
    "country_code": "AUT",
}


class Program(Caller):
    """A program that calls the management API below its base."""

    def __call__(self, method, path, body=None, **extra):
        return super().__call__(method, f"{BASE}{path}", body, **extra)

    def patch(self, path, body=None, **extra):
        return self("PATCH", path, body, **extra)


def make_key(organization, kind=ApiKey.Kind.PLATFORM, environment="test", **more):
    return keys.issue(organization, name="k", kind=kind, environment=environment, by=SYSTEM, **more)


def sign_in(**credentials):
    return Program(None).post("/auth", credentials)


def opened(key, secret):
    """A program with a token of this key."""
    answer = sign_in(api_key=key.public_id, api_secret=secret)
    assert answer.status_code == 200, answer.content
    return Program(answer.json()["access_token"])


def make_user(email, organization=None, role="owner"):
    user = User.objects.create_user(email, PASSWORD, first_name="Robin", last_name="Weber")
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if organization is not None:
        people.join(organization, user, role=role, by=SYSTEM)
    return user


def opened_by(user):
    answer = sign_in(email=user.email, password=PASSWORD)
    assert answer.status_code == 200, answer.content
    return Program(answer.json()["access_token"])


def later(**span):
    return timezone.now() + timedelta(**span)


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Neither failures to sign in nor what a register said."""
    cache.clear()


@pytest.fixture
def costs(django_assert_num_queries):
    """Asserts how many queries a request takes."""
    return django_assert_num_queries


@pytest.fixture
def stranger():
    """Somebody without a token."""
    return Program(None)


@pytest.fixture
def key(acme):
    """A TEST key of acme's and its secret."""
    return make_key(acme)


@pytest.fixture
def trying(key):
    """acme, with a token of its TEST key."""
    return opened(*key)


@pytest.fixture
def live(acme):
    return opened(*make_key(acme, environment="live"))


@pytest.fixture
def fis(live):
    """acme at work: a TEST token changes nothing of a LIVE organization."""
    return live


@pytest.fixture
def rival_fis(rival):
    return opened(*make_key(rival, environment="live"))


@pytest.fixture
def bakery_fis(bakery):
    """The bakery, with a token of its own key."""
    return opened(*make_key(bakery, ApiKey.Kind.COMPANY, environment="live"))


@pytest.fixture
def robin(acme):
    return make_user("robin@acme.example", acme)


@pytest.fixture
def robin_fis(robin):
    return opened_by(robin)


@pytest.fixture
def managed(fis, acme):
    """A managed organization as the API answered its creation."""
    answer = fis.post("/organizations", {**NEW, "managed_by_organization_id": spell(acme.pk)})
    assert answer.status_code == 200, answer.content
    return answer.json()


ALL = "/organizations"
FIELDS = {
    "_id",
    "_type",
    "_envs",
    "name",
    "display_name",
    "vat_id",
    "contact_person_id",
    "address_line1",
    "address_line2",
    "zip",
    "town",
    "state",
    "country_code",
    "tax_number",
    "economy_id",
    "billing_options",
    "billing_address_id",
    "metadata",
    "managed_by_organization_id",
    "managed_configuration",
    "created_by_user",
}


def one(organization):
    return f"{ALL}/{organization['_id'] if isinstance(organization, dict) else organization.pk}"


def names(answer):
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["data"]]
