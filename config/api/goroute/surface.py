"""GoRoute's API in attributes, and for whom a call is made: by header, by path or by the key."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.request import Request

from apikeys import throttling
from config.api.goroute import responses
from config.api.goroute.openapi.operations import Schema
from config.api.goroute.requests import Paging
from config.api.kit import cursors
from config.api.kit.access import Access
from config.api.kit.paths import company_at
from config.api.kit.problems import FieldError, Problem
from config.api.kit.surface import Surface, SurfaceView
from tenants.errors import DomainError, Forbidden, Invalid, Kind, NotFound
from tenants.ids import read
from tenants.models import Organization

TARGET = "X-Organization-Id"
Status = Organization.Status

# A status that keeps an organization from doing anything: code and sentence (GOR-21, GOR-22).
_AT_REST: Mapping[str, tuple[str, str]] = {
    Status.PENDING: ("organization_pending", "This organization awaits verification."),
    Status.SUSPENDED: ("organization_suspended", "This organization is suspended."),
    Status.CLOSED: ("organization_closed", "This organization is closed for good."),
}


class GoRoute(Surface):
    """Wire format of GoRoute."""

    name = "goroute"
    title = "Organizations API (GoRoute)"
    description = (
        "Manage organizations and send and follow their invoices with one platform "
        "key. Wire-compatible with GoRoute; answers below `/api/v1` as well."
    )
    tags = {
        "Organizations": "Your clients: the organizations that your key reaches.",
        "Invoices": "Invoices as they are written, sent in an organization's name.",
        "Transactions": "What became of each document on the network.",
        "Participants": "Peppol identifiers: those of an organization, and who else is on Peppol.",
        "Webhooks": "Where an organization's events go.",
        "API keys": "Keys of a single organization.",
    }
    security = {"type": "apiKey", "in": "header", "name": "X-API-Key"}
    challenge = 'ApiKey in="header", name="X-API-Key"'
    statuses = {**Surface.statuses, Kind.INVALID: 422}

    def secret(self, request: Request) -> str:
        """The key in `X-API-Key`."""
        return str(request.headers.get("X-API-Key", "")).strip()

    def wrong_kind(self, kinds: tuple[str, ...]) -> DomainError:
        """What only a platform's key may do (C-03)."""
        return Forbidden("This key acts for one organization only.", code="not_a_platform_key")

    def at_rest(self, organization: Organization) -> DomainError:
        """What an organization is told that may do nothing now, with a code that says why."""
        code, sentence = _AT_REST[organization.status]
        return Forbidden(sentence, code=code)

    def status(self, problem: Problem) -> int:
        """A call that names two organizations is malformed, whatever it asks for (C-04)."""
        return 400 if problem.code == "organization_mismatch" else super().status(problem)

    def envelope(self, problem: Problem) -> dict[str, Any]:
        """`error`, a word for programs, `message` for people, and what is wrong where."""
        given: dict[str, Any] = {}
        resting = _AT_REST.get(str(problem.details.get("status")))
        if problem.code == "organization_not_active" and resting:
            given["error"], given["message"] = resting
        if problem.fields:
            given["fields"] = [self._entry(found) for found in problem.fields]
        if "errors" in problem.details:
            given["rules"] = problem.details["errors"]
        return responses.Error.of(problem, **given)

    def _entry(self, found: FieldError) -> dict[str, Any]:
        path = ".".join(map(str, self.path_of(found)))
        return responses.FieldError.of(found, field=path)


class GoRouteView(SurfaceView):
    """A resource of GoRoute's API. `target` is the organization that the call is about."""

    surface = GoRoute()
    schema = Schema()
    target: Organization
    # The word by which a list's cursors are told from another's.
    listed: ClassVar[str] = ""

    # --- What views use -------------------------------------------------------------------------
    @property
    def environment(self) -> str:
        """Where the call has its effect: a test key or a test company counts for nothing."""
        return self.caller.environment_of(self.target)

    def page(self, rows: Any, *, oldest: Any = None, **wanted: Any) -> cursors.Page[Any]:
        """The page of the target's `rows` that the query asks for; `wanted` is its filter."""
        query = self.read_query(Paging)
        which = ",".join(f"{name}={value}" for name, value in sorted(wanted.items()))
        scope = f"{self.surface.name}:{self.listed}:{self.target.pk}:{which}"
        return cursors.page(
            rows.filter(**wanted),
            limit=query["limit"],
            cursor=query["cursor"],
            scope=scope,
            oldest=oldest,
        )

    # --- Whom the call is about -----------------------------------------------------------------
    _refusal: DomainError | None = None

    def _admit(self, access: Access) -> None:
        """As everywhere; but who names a stranger's organization hears nothing else."""
        if self._refusal:
            raise self._refusal
        super()._admit(access)

    def find_target(self) -> Organization:
        return self.target

    def count(self) -> throttling.Quota:
        """Count the request against the organization it is about, not the key (GOR-20)."""
        try:
            self.target = self._named()
        except DomainError as refusal:
            self._refusal, self.target = refusal, self.organization
        payer = self.target.parent or self.target
        return throttling.admit(
            f"{self.surface.name}:{self.target.pk}",
            per_minute=payer.requests_per_minute,
            per_hour=payer.requests_per_hour,
        )

    def idempotency_scope(self) -> tuple[str, ...]:
        return (*super().idempotency_scope(), str(self.target.pk))

    def _named(self) -> Organization:
        """By path, by header, or the key's default. Raises Invalid when the two contradict each
        other (C-04), NotFound for what is not the caller's: never somebody else instead."""
        path, header = self.kwargs.get("org_id"), self.request.headers.get(TARGET)
        if path is not None and header is not None and read(path) != read(header.strip()):
            sentence = f"The path and {TARGET} name different organizations."
            raise Invalid(sentence, code="organization_mismatch")
        named = path if path is not None else header
        if named is not None:
            return self._reachable(read(named.strip()))
        key = self.caller.key
        if self.caller.kind == "platform" and key and key.default_organization_id:
            return self._reachable(key.default_organization_id)
        return self.organization

    def _reachable(self, id: Any) -> Organization:
        own = self.organization
        if id == own.pk:
            return own
        if self.caller.kind != "platform":
            raise NotFound("Organization")
        return company_at(self, id, what="Organization")
