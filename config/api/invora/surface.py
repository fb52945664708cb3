"""Invora's Identity API in attributes: gRPC's codes, statuses, envelope, credentials."""

from dataclasses import replace
from typing import Any

from rest_framework.request import Request

from apikeys import throttling, tokens
from apikeys.authentication import Unauthenticated, authenticate, authenticate_machine
from config.api.invora.responses import ErrorDetail, FieldViolation, Status
from config.api.kit.access import PEOPLE
from config.api.kit.callers import Caller
from config.api.kit.people import TARGET, authenticate_user, caller_of
from config.api.kit.problems import Problem
from config.api.kit.surface import Surface, SurfaceView
from tenants.errors import DomainError, Forbidden, Kind, NotFound
from tenants.ids import read
from tenants.models import Organization, User

_CODES = {
    Kind.INVALID: "INVALID_ARGUMENT",
    Kind.UNAUTHENTICATED: "UNAUTHENTICATED",
    Kind.FORBIDDEN: "PERMISSION_DENIED",
    Kind.NOT_FOUND: "NOT_FOUND",
    Kind.CONFLICT: "ALREADY_EXISTS",
    Kind.WRONG_STATE: "FAILED_PRECONDITION",
    Kind.LIMIT_REACHED: "RESOURCE_EXHAUSTED",
    Kind.QUOTA_REACHED: "RESOURCE_EXHAUSTED",
    Kind.RATE_LIMITED: "RESOURCE_EXHAUSTED",
    Kind.UNAVAILABLE: "UNAVAILABLE",
}
_CODES_OF_HTTP = {405: "UNIMPLEMENTED", 413: "INVALID_ARGUMENT"}
_SENTENCES = {
    "name_taken": "A Connected Business with this name already exists.",
    "company_limit_reached": "The Connected Business limit of your plan has been reached. "
    "Upgrade your plan or remove unused businesses.",
}
# As the vendor's own definitions name it.
_TARGET = "X-Invora-Org-Id"


class Invora(Surface):
    """Wire format of Invora: proto3 JSON with gRPC's error codes (INV-40)."""

    name = "invora"
    title = "Identity API (Invora)"
    description = (
        "Register a business, choose a plan, become a platform and manage "
        "connected businesses, with a user's access token or a machine token. Wire-compatible "
        "with Invora's Identity API; both services answer below both prefixes."
    )
    tags = {
        "PublicRegistrationService": "A business of one's own: profile, plan, becoming a platform.",
        "ConnectedBusinessService": "The businesses under a platform.",
    }
    security = {**Surface.security, "bearerFormat": "JWT"}
    statuses = {
        **Surface.statuses,
        Kind.WRONG_STATE: 400,
        Kind.LIMIT_REACHED: 429,
        Kind.QUOTA_REACHED: 429,
    }
    names = {
        "name_key": "name",
        "vat_number": "taxId",
        "address_line1": "addressLine",
        "postal_code": "postalCode",
        "address_country": "country",
        "email": "adminEmail",
        "expected_companies": "expectedConnectedBusinesses",
        "terms_accepted": "termsOfServiceAccepted",
        "expected_documents": "expectedMonthlyTransactionVolume",
        "technical_contact": "technicalContactEmail",
    }

    def authenticate(self, request: Request) -> Caller:
        """A person's access token, a machine client's token, or an API key (C-58)."""
        token = self.secret(request)
        target = request.headers.get(TARGET) or request.headers.get(_TARGET, "")
        try:
            return caller_of(authenticate_user(token), target=target)
        except Unauthenticated:
            caller = _program(token)
        if target and caller.organization and read(target) != caller.organization.pk:
            raise NotFound("Organization")
        return caller

    def wrong_kind(self, kinds: tuple[str, ...]) -> DomainError:
        """What a good credential is told that is not for this (INV-15, INV-39)."""
        if kinds == PEOPLE:
            return Forbidden("This takes a signed-in user.", code="user_required")
        return _not_a_platform()

    def envelope(self, problem: Problem) -> dict[str, Any]:
        """gRPC's status: the code's name, a sentence, and the details that Google's types have."""
        code = _CODES.get(problem.kind) if problem.kind else None
        return Status.of(
            None,
            code=code or _CODES_OF_HTTP.get(problem.status or 500, "INTERNAL"),
            message=_SENTENCES.get(problem.code, problem.message),
            details=[_reason(problem), *([self._violations(problem)] if problem.fields else [])],
        )

    def _violations(self, problem: Problem) -> dict[str, Any]:
        violations = [
            FieldViolation.of(
                None, field=".".join(map(str, self.path_of(found))), description=found.message
            )
            for found in problem.fields
        ]
        return ErrorDetail.of("BadRequest", fieldViolations=violations)


def _program(token: str) -> Caller:
    if tokens.is_well_formed(token):
        return Caller.of_key(authenticate(token))
    machine = authenticate_machine(token)
    caller = Caller.of_machine(machine)
    return caller if machine.may_write else replace(caller, scopes=("companies.read",))


def _reason(problem: Problem) -> dict[str, Any]:
    """What tells errors of one code apart, such as the plan's limit from the rate's (C-54)."""
    facts = {name: str(fact) for name, fact in problem.details.items()}
    reason = problem.code.upper()
    return ErrorDetail.of("ErrorInfo", reason=reason, domain="gatehouse", metadata=facts)


class InvoraView(SurfaceView):
    """A resource of the Identity API; opened by programs and people alike."""

    surface = Invora()

    def count(self) -> throttling.Quota:
        """Invora names no limits of its own: a minute's is ours against runaway programs (C-67)."""
        own = self.caller.organization.requests_per_minute if self.caller.organization else 0
        return self.count_caller(max(own, MOST_A_MINUTE))


MOST_A_MINUTE = 1200


class PersonView(InvoraView):
    """A resource that only people have, with or without an organization."""

    @property
    def person(self) -> User:
        """The person who calls. Raises Forbidden for a program."""
        if self.caller.user is None:
            raise Forbidden("This takes a signed-in user.", code="user_required")
        return self.caller.user


class PlatformView(InvoraView):
    """A resource of platforms (INV-15, INV-39)."""

    def find_target(self) -> Organization:
        """The platform that calls. Raises Forbidden for any other organization."""
        organization = self.caller.organization
        if organization is None or not organization.is_platform:
            raise _not_a_platform()
        return organization


def _not_a_platform() -> Forbidden:
    return Forbidden("Only a Platform has Connected Businesses.", code="platform_required")
