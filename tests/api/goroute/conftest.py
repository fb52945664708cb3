import pytest

from apikeys.models import ApiKey
from apikeys.services import keys
from tenants.models import Organization
from tests.api.conftest import Caller
from tests.conftest import SYSTEM
from tests.peppol.trading import registered

BASE = "/peppol-api/api/v1"
SAMPLE = {
    "name": "Acme Corporation",
    "legal_name": "Acme Corporation B.V.",
    "country": "NL",
    "vat_number": "NL123456789B01",
    "address": {
        "street": "123 Business Street",
        "city": "Amsterdam",
        "postal_code": "1012 AB",
        "country": "NL",
    },
    "contact": {"email": "invoices@acme.example.com", "phone": "+31201234567"},
}


class GoRouteCaller(Caller):
    """A program that calls GoRoute's surface with one key, for one organization if it says so."""

    def __init__(self, key, org_id=None):
        super().__init__(key, header="X-API-Key", scheme="")
        if org_id is not None:
            self.headers["X-Organization-Id"] = org_id

    def __call__(self, method, path, body=None, **extra):
        return super().__call__(method, f"{extra.pop('base', BASE)}{path}", body, **extra)

    def patch(self, path, body=None, **extra):
        return self("PATCH", path, body, **extra)


@pytest.fixture
def call(acme_key):
    return GoRouteCaller(acme_key)


@pytest.fixture
def rival_call(rival_key):
    return GoRouteCaller(rival_key)


@pytest.fixture
def make(call):
    """Makes an organization of acme's through the API and returns its id."""
    return lambda name="One": call.post("/organizations", {"name": name, "country": "NL"}).json()[
        "org_id"
    ]


@pytest.fixture
def first(make):
    return make("First")


@pytest.fixture
def second(make):
    return make("Second")


@pytest.fixture
def for_org(acme_key):
    """acme's key, with the header that names an organization."""
    return lambda org_id: GoRouteCaller(acme_key, org_id)


@pytest.fixture
def key_of():
    """Makes a key of an organization and a caller with it."""

    def make_key(organization, **options):
        options = {"kind": ApiKey.Kind.COMPANY, **options}
        return GoRouteCaller(keys.issue(organization, name="k", by=SYSTEM, **options)[1])

    return make_key


@pytest.fixture
def sender(for_org, first):
    """A caller for an organization that is on the network as the seller of the sample invoice."""
    row = Organization.objects.get(name="First")
    Organization.objects.filter(pk=row.pk).update(
        country="BE", vat_number="BE0403170701", company_number="0403170701", city="Gent"
    )
    registered(row, "0208:0403170701")
    return for_org(first)
