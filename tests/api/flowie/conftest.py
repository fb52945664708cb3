import pytest

from apikeys.models import ApiKey
from apikeys.services import keys
from config.api.kit import people as callers
from tenants.models import Organization, Role, User
from tenants.services import people
from tests.api.conftest import Caller
from tests.conftest import SYSTEM

BASE = "/exchange/v1"
VAT = "FR86797978996"
ONBOARDING = {
    "vatNumber": VAT,
    "name": "ACME France SARL",
    "metadata": {"tenantId": "t_acme", "tier": "premium"},
    "webhook": {
        "url": "https://yourplatform.com/hooks/flowie?tenant=t_acme",
        "events": [
            "document.received",
            "document.delivered",
            "document.failed",
            "lifecycle.updated",
            "compliance.reported.failed",
        ],
    },
    "apiKey": {
        "name": "tenant-acme",
        "scopes": ["send", "receive", "documents.read", "documents.write", "lifecycle"],
    },
}


class Flowie(Caller):
    """Calls below `/exchange/v1`, in the name of a company where one is given."""

    base = BASE

    def __init__(self, key, company=None):
        super().__init__(key)
        if company:
            self.headers["X-Flowie-Company"] = company

    def __call__(self, method, path, body=None, **extra):
        return super().__call__(method, self.base + path, body, **extra)

    def patch(self, path, body=None, **extra):
        return self("PATCH", path, body, **extra)

    def acting(self, company):
        """The same caller in the name of `company`, an id."""
        one = type(self)(None, company)
        one.headers |= {k: v for k, v in self.headers.items() if k == "Authorization"}
        return one


def platform_key(platform, environment="live", scopes=("*",)):
    return keys.issue(
        platform,
        name="master",
        kind=ApiKey.Kind.PLATFORM,
        environment=environment,
        prefix=f"flw_plat_{environment}_",
        scopes=scopes,
        by=SYSTEM,
    )[1]


@pytest.fixture
def api(acme):
    """acme's backend with its platform key."""
    return Flowie(platform_key(acme))


@pytest.fixture
def rival_api(rival):
    return Flowie(platform_key(rival))


@pytest.fixture
def test_api(acme):
    """acme's continuous integration with its test key."""
    return Flowie(platform_key(acme, "test"))


@pytest.fixture
def onboard(api):
    """Onboards a company by the playbook's call; changes are made to its body."""

    def onboard(caller=api, **changes):
        body = {name: v for name, v in {**ONBOARDING, **changes}.items() if v is not None}
        answer = caller.post("/platform/companies", body)
        assert answer.status_code == 201, answer.content
        return answer.json()

    return onboard


@pytest.fixture
def made(onboard):
    """What the playbook's onboarding call answered."""
    return onboard()


@pytest.fixture
def tenant(made):
    """The onboarded company's own program."""
    return Flowie(made["apiKey"]["key"])


@pytest.fixture
def person(acme):
    """A person of acme, signed in at the dashboard; makes others by role."""

    def person(role=Role.OWNER, organization=acme):
        user = User.objects.create_user(f"{role}@{organization.pk.hex}.example", "x")
        people.join(organization, user, role=role, by=SYSTEM)
        return Flowie(callers.issue_token(user))

    return person


@pytest.fixture
def entitled(acme):
    """acme with the white-label entitlement."""
    Organization.objects.filter(pk=acme.pk).update(white_label=True)
    return acme


@pytest.fixture
def company(made):
    """The onboarded company's id."""
    return made["company"]["id"]


@pytest.fixture
def acting(api, company):
    """acme's backend in the name of the onboarded company."""
    return api.acting(company)


@pytest.fixture
def costs(django_assert_num_queries):
    """Asserts how many queries a request makes."""
    return django_assert_num_queries
