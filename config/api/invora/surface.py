"""Invora's Identity API in attributes: gRPC's codes, statuses, envelope, credentials."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from rest_framework.request import Request

from apikeys import throttling, tokens
from apikeys.authentication import Unauthenticated, authenticate, authenticate_machine
from config.api.invora.responses import ErrorDetail, FieldViolation, Status
from config.api.kit.callers import Caller
from config.api.kit.people import TARGET, authenticate_user, caller_of
from config.api.kit.problems import Problem
from config.api.kit.surface import Surface, SurfaceView
from tenants.access.roles import CHANGES, GOVERNORS, SEES, Area
from tenants.errors import Forbidden, Kind, NotFound
from tenants.ids import read
from tenants.models import User

_CODES = {
    Kind.INVALID: "INVALID_ARGUMENT",
    Kind.UNAUTHENTICATED: "UNAUTHENTICATED",
    Kind.FORBIDDEN: "PERMISSION_DENIED",
    Kind.NOT_FOUND: "NOT_FOUND",
    Kind.CONFLICT: "ALREADY_EXISTS",
    Kind.WRONG_STATE: "FAILED_PRECONDITION",
    Kind.LIMIT_REACHED: "RESOURCE_EXHAUSTED",
    Kind.RATE_LIMITED: "RESOURCE_EXHAUSTED",
    Kind.UNAVAILABLE: "UNAVAILABLE",
}
_CODES_OF_HTTP = {405: "UNIMPLEMENTED", 413: "INVALID_ARGUMENT"}
_SENTENCES = {
    "name_taken": "A Connected Business with this name already exists.",
    "company_limit_reached": "The Connected Business limit of your plan has been reached. "
    "Upgrade your plan or remove unused businesses.",
}


class Invora(Surface):
    """Wire format of Invora: proto3 JSON with gRPC's error codes (INV-40)."""

    name = "invora"
    title = "Identity API (Invora)"
    description = (
        "Register a business, choose a plan, become a platform and manage "
        "connected businesses, with a user's access token or a machine token. Wire-compatible "
        "with Invora's Identity API; both services answer below both prefixes."
    )
    security = {**Surface.security, "bearerFormat": "JWT"}
    statuses = {**Surface.statuses, Kind.WRONG_STATE: 400, Kind.LIMIT_REACHED: 429}
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
        token, target = self.secret(request), request.headers.get(TARGET, "")
        try:
            return caller_of(authenticate_user(token), target=target)
        except Unauthenticated:
            caller = _program(token)
        if target and caller.organization and read(target) != caller.organization.pk:
            raise NotFound("Organization")
        return caller

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
    """A resource of the Identity API; a person's role decides what of it they may change."""

    surface = Invora()
    opened_by = ("platform", "company", "user")
    scopes: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "GET": ("companies.read", "companies.write"),
        **dict.fromkeys(("POST", "PUT", "DELETE"), ("companies.write",)),
    }
    # Which part of the portal the resource belongs to, for the rights of roles.
    area: ClassVar[Area] = Area.SETTINGS
    # Methods that change nothing, and whether the others stop or end somebody's business.
    reads: ClassVar[tuple[str, ...]] = ("GET",)
    governs: ClassVar[bool] = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As every surface's; then the role."""
        super().initial(request, *args, **kwargs)
        if self.caller.user and self.caller.organization and not self._role_allows():
            raise Forbidden("Your role does not allow this.", code="role")

    def _role_allows(self) -> bool:
        role = self.caller.role
        if self.request.method in self.reads:
            return self.area in SEES[role]
        return role in GOVERNORS if self.governs else self.area in CHANGES[role]

    def count(self) -> throttling.Quota:
        """Invora names no limits of its own: a minute's is ours against runaway programs (C-67)."""
        own = self.caller.organization.requests_per_minute if self.caller.organization else 0
        identity = f"{self.surface.name}:{self.caller.identity}"
        return throttling.admit(identity, per_minute=max(own, MOST_A_MINUTE))


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

    area = Area.COMPANIES

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As every resource's; then the kind of organization."""
        super().initial(request, *args, **kwargs)
        organization = self.caller.organization
        if organization is None or not organization.is_platform or self.caller.kind == "company":
            raise Forbidden("Only a Platform has Connected Businesses.", code="platform_required")
