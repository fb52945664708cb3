"""Calls made up from the five OpenAPI documents: the answers are what the documents say.

Two resellers with the same things are peers: whatever ids one of them names, it never sees the
other's. `SCHEMA_EXAMPLES=200` looks longer.
"""

import os
from typing import Any

import pytest
import schemathesis
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from schemathesis import checks
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode

from apikeys.models import ApiKey
from apikeys.services import keys
from config.api.kit.people import issue_token
from config.wsgi import application
from peppol.models import Participant
from peppol.services.documents import documents, intake
from tenants.ids import spell, uuid7
from tenants.models import Heartbeat, Organization, Role, User
from tenants.services import people
from tests.conftest import SYSTEM, make_company, make_platform
from webhooks.services import endpoints

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES", "4"))
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.unsupported_method,
    checks.ignored_auth,
    checks.missing_required_header,
]
SURFACES = ("einvoice", "goroute", "flowie", "fiskaly", "invora")


class Reseller:
    """A platform with one of everything, and how it signs its calls."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.platform = make_platform(name, vat_number="BE0403170701")
        Organization.objects.filter(pk=self.platform.pk).update(
            requests_per_minute=10**6, requests_per_hour=10**7, white_label=True
        )
        self.company = make_company(self.platform, f"{name} company", handle=f"{name}-company")
        self.participant = Participant.objects.create(
            organization=self.company, scheme="0208", value="0403170701", state="draft"
        )
        self.key, self.secret = self._key(self.company)
        self.platform_key, self.platform_secret = self._key(self.platform, ApiKey.Kind.PLATFORM)
        self.endpoint, _ = endpoints.create(
            self.company, url="https://hooks.example/x", event_types=["*"], by=SYSTEM
        )
        draft = intake.from_json(self.platform, {"of": name})
        self.document = documents.send(self.company, draft, by=SYSTEM)
        self.user = User.objects.create_user(f"owner@{name}.example", "pass-word-1")
        people.join(self.platform, self.user, role=Role.OWNER, by=SYSTEM)

    def _key(self, organization: Organization, kind: str = "company") -> tuple[ApiKey, str]:
        return keys.issue(organization, name=self.name, kind=kind, by=SYSTEM)

    def ids(self, name: str) -> list[str]:
        """What it would write for the path parameter `name`."""
        rows: dict[str, tuple[str, Any]] = {
            "tenant_id": ("tenant", self.company),
            "org_id": ("org", self.company),
            "company_id": ("comp", self.company),
            "organization_id": ("", self.company),
            "key_id": ("key", self.key),
            "webhook_id": ("wh", self.endpoint),
            "invoice_id": ("inv", self.document),
            "document_id": ("doc", self.document),
            "transaction_id": ("txn", self.document),
            "user_id": ("", self.user),
            "participant_id": ("part", self.participant),
        }
        if name not in rows:
            return [str(uuid7())]
        prefix, row = rows[name]
        return [spell(prefix, row.pk) if prefix else str(row.pk), str(row.pk)]

    def headers(self, surface: str) -> dict[str, str]:
        if surface == "goroute":
            return {"X-API-Key": self.platform_secret, "X-Organization-Id": self.ids("org_id")[0]}
        if surface in ("fiskaly", "invora"):
            return {"Authorization": f"Bearer {self._token(surface)}"}
        company = {"X-Flowie-Company": self.ids("company_id")[0]} if surface == "flowie" else {}
        return {"Authorization": f"Bearer {self.platform_secret}", **company}

    def _token(self, surface: str) -> str:
        if surface == "invora":
            return issue_token(self.user)
        answer = Client().post(
            "/api/v0/auth",
            {"email": self.user.email, "password": "pass-word-1"},
            content_type="application/json",
        )
        return str(answer.json()["access_token"])

    @property
    def marks(self) -> list[str]:
        """What would give it away in somebody else's answer."""
        rows = (
            self.platform,
            self.company,
            self.key,
            self.endpoint,
            self.document,
            self.user,
            self.platform_key,
        )
        return [str(row.pk) for row in rows] + [self.user.email, f"{self.name} company"]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
@pytest.mark.parametrize("surface", SURFACES)
def test_what_a_document_promises_is_what_is_answered(surface, mode):
    own, peer = Reseller("mine"), Reseller("theirs")
    Heartbeat.objects.create(name="worker", beat_at=timezone.now())
    schema = schemathesis.openapi.from_wsgi(f"/api/docs/{surface}.json", application)
    failures = []
    for operation in (found.ok() for found in schema.get_all_operations()):
        if mode is GenerationMode.NEGATIVE and not (operation.query or operation.body):
            continue  # ids are our own and headers any text: nothing about it can be wrong
        try:
            _exercise(operation, mode, surface, own, peer)
        except (FailureGroup, AssertionError) as failure:
            failures.append(f"{operation.method.upper()} {operation.path}\n{_said(failure)}")
    assert not failures, "\n\n".join(failures)


def _said(failure: BaseException) -> str:
    inner = getattr(failure, "exceptions", ())
    return "\n".join([str(failure), *(str(one) for one in inner)])


def _exercise(
    operation: Any, mode: GenerationMode, surface: str, own: Reseller, peer: Reseller
) -> None:
    turn = iter(range(10**6))

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def call(case: Any) -> None:
        whose = (own, peer)[next(turn) % 2] if EXAMPLES > 1 else own
        for name in case.path_parameters or {}:
            case.path_parameters[name] = whose.ids(name)[next(turn) % len(whose.ids(name))]
        response = case.call_and_validate(headers=own.headers(surface), checks=CHECKS)
        named = str(case.as_curl_command()) if whose is peer else ""
        foreign = [mark for mark in peer.marks if mark in response.text and mark not in named]
        assert not foreign, f"{case.as_curl_command()} shows {foreign}"

    call()
