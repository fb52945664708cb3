import pytest

from billing.models import Plan
from config.api.kit.people import issue_token
from tenants.models import Role, User
from tenants.services import people
from tests.api.conftest import Caller
from tests.conftest import SYSTEM

REGISTRATION = "/api/identity/v2/registration"
BUSINESSES = "/api/v2/identity/connected-businesses"
PROFILE = {
    "businessName": "Acme Trading Co.",
    "country": "SA",
    "capabilities": ["BUSINESS_CAPABILITY_EINVOICING", "BUSINESS_CAPABILITY_BILLING"],
}
DETAILS = {
    "taxId": "300000000000003",
    "addressLine": "King Fahd Road",
    "city": "Riyadh",
    "postalCode": "11564",
    "country": "SA",
    "currency": "SAR",
    "timezone": "Asia/Riyadh",
}
BRANCH = {
    "name": "Acme Riyadh Branch",
    "country": "SA",
    "taxId": "300000000000004",
    "adminEmail": "admin@acme-riyadh.com",
}
FORM = {
    "motivation": "140 shops",
    "expectedConnectedBusinesses": 140,
    "expectedMonthlyTransactionVolume": 9000,
    "technicalContactEmail": "tech@acme.example",
    "termsOfServiceAccepted": True,
}


def newcomer(email="ann@example.com"):
    """A new user's calls, and the user."""
    user = User.objects.create_user(email, "a-long-enough-Passw0rd")
    return Caller(issue_token(user)), user


def member(organization, role=Role.OWNER, email=None):
    """The calls of a member of `organization`."""
    call, user = newcomer(email or f"{role}@{organization.pk}.example")
    people.join(organization, user, role=role, by=SYSTEM)
    return call


def machine_token(credentials):
    """The access token that a clientId and clientSecret give."""
    answer = Caller(None).client.post(
        "/identity/o/api/token",
        {
            "grant_type": "client_credentials",
            "client_id": credentials["clientId"],
            "client_secret": credentials["clientSecret"],
        },
    )
    return answer.json().get("access_token")


def names(answer):
    """Of a list, the businesses' names."""
    return [one["name"] for one in answer.json()["connectedBusinesses"]]


def code(answer):
    """What a refusal says: status, gRPC code, reason."""
    body = answer.json()
    assert set(body) == {"code", "message", "details"} and body["message"]
    return answer.status_code, body["code"], body["details"][0]["reason"]


def fields(answer):
    """The fields that a refusal names."""
    return [one["field"] for one in answer.json()["details"][1]["fieldViolations"]]


@pytest.fixture
def plan(db):
    return Plan.objects.create(
        code="starter-monthly",
        name="Starter",
        monthly_fee="49",
        overage_price="0.15",
        company_limit=2,
    )


@pytest.fixture
def ann(db):
    """A new user, who has no business yet."""
    return newcomer()[0]


@pytest.fixture
def business(ann):
    """Her business, as complete-profile answered it."""
    return ann.post(f"{REGISTRATION}/complete-profile", PROFILE).json()


@pytest.fixture
def owner(acme):
    """The owner of acme, a platform."""
    return member(acme)


@pytest.fixture
def rival_owner(rival):
    return member(rival)


@pytest.fixture
def branch(owner):
    """A Connected Business of acme, as its creation answered it."""
    return owner.post(BUSINESSES, BRANCH).json()


@pytest.fixture
def at(branch):
    """Paths below the Connected Business."""
    return lambda rest="": f"{BUSINESSES}/{branch['connectedBusiness']['tenantId']}{rest}"


@pytest.fixture
def unknown_id():
    return "00000000-0000-7000-8000-000000000000"
