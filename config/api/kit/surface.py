"""What all surfaces share: a vendor is a set of attributes, a view is a few lines.

A view gets an authenticated caller, reads with a serializer, calls a service, shows the result.
Statuses, envelopes, headers are the surface's; keys, limits, repeated calls and the wall are here.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.http.response import HttpResponseBase
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apikeys import throttling
from apikeys.authentication import Unauthenticated, authenticate
from apikeys.models import ApiKey
from apikeys.services import refusals
from config import recent_calls
from config.api.kit.access import Access, kinds_of
from config.api.kit.bodies import MOST_BYTES, read_json, refuse_broken
from config.api.kit.callers import Caller
from config.api.kit.problems import FieldError, Problem, RateLimited, problem_from
from config.api.kit.rendering import JsonRenderer
from config.api.kit.repeatable_calls import RepeatableCalls
from config.api.kit.retirement import Retirement
from config.outages import RETRY_AFTER, sentence_of
from tenants.actors import Actor
from tenants.errors import DomainError, Forbidden, Kind, WrongState
from tenants.models import Organization
from tenants.row_security import everything
from tenants.web.client_address import client_address

logger = logging.getLogger(__name__)
_Serializer = TypeVar("_Serializer", bound=serializers.BaseSerializer[Any])


class Surface:
    """A vendor in attributes. Derive one and give it to the views of the vendor's package."""

    name: ClassVar[str]
    # Its OpenAPI document: title, what it is for and its parts, and what opens it.
    title: ClassVar[str]
    description: ClassVar[str]
    tags: ClassVar[Mapping[str, str]] = {}
    security: ClassVar[Mapping[str, str]] = {"type": "http", "scheme": "bearer"}
    # How to call, as a 401 says it (RFC 9110, 11.6.1).
    challenge: ClassVar[str] = "Bearer"
    statuses: ClassVar[Mapping[Kind, int]] = {
        Kind.INVALID: 400,
        Kind.UNAUTHENTICATED: 401,
        Kind.FORBIDDEN: 403,
        Kind.NOT_FOUND: 404,
        Kind.CONFLICT: 409,
        Kind.WRONG_STATE: 409,
        Kind.LIMIT_REACHED: 403,
        Kind.QUOTA_REACHED: 402,
        Kind.RATE_LIMITED: 429,
        Kind.UNAVAILABLE: 503,
    }
    # Our names of what the vendor's clients call otherwise.
    names: ClassVar[Mapping[str, str]] = {}
    # What a person is told whose role has no right to a call.
    role_code: ClassVar[str] = "role"
    # An answer to a key used twice with different requests, whatever invalid input is answered.
    reused_key_status: ClassVar[int] = 422

    def secret(self, request: Request) -> str:
        """The credential that a request carries: the token after `Bearer`."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    def authenticate(self, request: Request) -> Caller:
        """Who calls. Raises Unauthenticated, or Forbidden for a suspended organization."""
        return Caller.of_key(authenticate(self.secret(request)))

    def wrong_kind(self, kinds: tuple[str, ...]) -> DomainError:
        """What a caller is told for whose kind a method is not; `kinds` are those it is for."""
        return Unauthenticated()

    def at_rest(self, organization: Organization) -> DomainError:
        """What a caller is told of an organization in whose state a call cannot be made."""
        return WrongState("This organization is not active.", code="organization_not_active")

    def status(self, problem: Problem) -> int:
        """The status a problem is answered with."""
        if problem.code == "idempotency_key_reused":
            return self.reused_key_status
        return problem.status or (self.statuses[problem.kind] if problem.kind else 500)

    def envelope(self, problem: Problem) -> dict[str, Any]:
        """The body a problem is answered with."""
        raise NotImplementedError

    def path_of(self, found: FieldError) -> list[str | int]:
        """Where something is wrong, in the names that the vendor's clients know."""
        return [self.spell(part) if isinstance(part, str) else part for part in found.path]

    def spell(self, name: str) -> str:
        """A field's name as the vendor's clients know it."""
        return self.names.get(name, name)

    def headers(self, problem: Problem) -> dict[str, str]:
        """Headers that go with a problem."""
        status, after = self.status(problem), problem.details.get("retry_after")
        if status == 401:
            return {"WWW-Authenticate": self.challenge}
        if problem.code == "idempotency_key_in_use":
            after = 1
        after = RETRY_AFTER if status == 503 else after
        return {} if after is None else {"Retry-After": str(after)}


class SurfaceView(RepeatableCalls, APIView):
    """One resource of a surface. `access` declares of each of its methods who may call it."""

    http_method_names = ["get", "post", "put", "patch", "delete", "head"]
    renderer_classes = [JsonRenderer]

    surface: ClassVar[Surface]
    access: ClassVar[Mapping[str, Access]] = {}
    # Of a method, how it says that it will go; `*` is all of them.
    retirements: ClassVar[Mapping[str, Retirement]] = {}
    # Answers that carry a secret must not lie about in caches.
    bears_secret: ClassVar[bool] = False
    # The largest body that is read, in bytes.
    most_bytes: ClassVar[int] = MOST_BYTES

    caller: Caller
    quota: throttling.Quota | None = None
    _rows: ExitStack  # open until the answer is made

    # --- What views use -------------------------------------------------------------------------
    @property
    def by(self) -> Actor:
        """Whom the audit trail names."""
        return self.caller.by

    @property
    def organization(self) -> Organization:
        """On whose behalf the request is made. Raises WrongState for a person who has none."""
        if self.caller.organization is None:
            raise WrongState("There is no organization yet.", code="no_organization")
        return self.caller.organization

    @property
    def key(self) -> ApiKey:
        """The key that the caller showed, where only keys open the view."""
        if self.caller.key is None:
            raise Unauthenticated
        return self.caller.key

    def read(self, serializer: type[_Serializer], **options: Any) -> Any:
        """The validated body. Raises DRF's ValidationError."""
        body = self.read_body()
        absent = body is None and not self.request.body.strip()
        reader = serializer(data={} if absent else body, **options)
        reader.is_valid(raise_exception=True)
        return reader.validated_data

    def read_body(self) -> Any:
        """The body as JSON, None for an empty one. Raises NotJson, TooLarge."""
        return read_json(self.request, most=self.most_bytes)

    def read_query(self, serializer: type[_Serializer]) -> Any:
        """The validated query. Raises DRF's ValidationError."""
        reader = serializer(data=self.request.query_params.dict())
        reader.is_valid(raise_exception=True)
        return reader.validated_data

    # --- What happens around them ---------------------------------------------------------------
    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As DRF's own, with calls that may be repeated and the tenant's wall around the view."""
        self.args, self.kwargs = args, kwargs
        self.request = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        response: HttpResponseBase
        with ExitStack() as self._rows:
            try:
                self.initial(self.request, *args, **kwargs)
                response = self.answer(self._method(), args, kwargs)
            except Exception as error:
                response = self.handle_exception(error)
            self.response = self.finalize_response(self.request, response, *args, **kwargs)
        return self.response

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """JSON, whatever is said to be acceptable: clients say all sorts of things, and read it."""
        renderer = self.renderer_classes[0]()
        return renderer, renderer.media_type

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Find out who calls, and whether they may call now."""
        super().initial(request, *args, **kwargs)
        if settings.SERVED_OVER_TLS and not request.is_secure():
            raise Forbidden("Use https: this key has travelled in clear.", code="https_required")
        with everything():  # whose rows are shown is known once the caller is
            self.caller = self._authenticate()
        self._rows.enter_context(self._row_limited())
        self.quota = self.count()
        self._note_refusals(self.quota)
        if not self.quota.admitted:
            raise RateLimited(self.quota)
        self._admit(self._declared())
        refuse_broken(request)

    def _admit(self, access: Access) -> None:
        """The gate. Raises whatever keeps the caller from making this call."""
        if self.caller.kind not in access.kinds:
            raise self.surface.wrong_kind(access.kinds)
        access.check_scopes(self.caller)
        access.check_role(self.caller, code=self.surface.role_code)
        about = self.find_target()
        access.check_home(self.caller, about, code=self.surface.role_code)
        access.check_environment(self.caller, about)
        if about is not None and not access.admits(about.status):
            raise self.surface.at_rest(about)

    def find_target(self) -> Organization | None:
        """The organization that the call is about, before anything of it is looked at: here the
        caller's own. Raises what keeps the caller from it."""
        return self.caller.organization

    def _declared(self) -> Access:
        """The access of the called method; of one that is not there, that of all the others."""
        method = "GET" if self.request.method == "HEAD" else self.request.method or ""
        return self.access.get(method) or Access(kinds_of(self.access.values()), test_keys=True)

    def _authenticate(self) -> Caller:
        try:
            caller = self.surface.authenticate(self.request)
            recent_calls.attribute(self.request, caller)
            kinds = self._declared().kinds
            if caller.kind not in kinds and isinstance(
                refusal := self.surface.wrong_kind(kinds), Unauthenticated
            ):
                raise refusal
        except Unauthenticated:
            self.quota = throttling.admit(
                f"anonymous:{client_address(self.request)}",
                per_minute=throttling.ANONYMOUS_PER_MINUTE,
            )
            if not self.quota.admitted:
                raise RateLimited(self.quota) from None
            raise
        return caller

    def count(self) -> throttling.Quota:
        """Count this request against its limits: here the caller's own (C-67)."""
        limits = self.caller.organization or Organization()
        return self.count_caller(limits.requests_per_minute, limits.requests_per_hour)

    def count_caller(self, per_minute: int, per_hour: int | None = None) -> throttling.Quota:
        """Count it for the caller, and for all callers of the organization together."""
        name, own = self.surface.name, self.caller.organization
        together = f"{name}:all:{own.pk}" if own else ""
        alone = f"{name}:{self.caller.identity}"
        return throttling.admit(alone, per_minute, per_hour, together=together)

    def _note_refusals(self, quota: throttling.Quota) -> None:
        if quota.admitted or self.caller.organization is None:
            refusals.settle()
        else:
            refusals.count(self.caller.organization)

    def _method(self) -> Callable[..., HttpResponseBase]:
        name = (self.request.method or "").lower()
        found = getattr(self, name, None) if name in self.http_method_names else None
        return found or self.http_method_not_allowed

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response]:
        return self._present

    def _present(self, error: Exception, context: dict[str, Any]) -> Response:
        problem = problem_from(error)
        recent_calls.note_refusal(self.request, error, problem.code)
        status = self.surface.status(problem)
        if outage := sentence_of(error):
            logger.error("A request has to be made again. %s", outage)
        elif status >= 500:
            logger.exception("A request failed.", exc_info=error)
        return Response(
            self.surface.envelope(problem), status=status, headers=self.surface.headers(problem)
        )

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.bears_secret:
            response["Cache-Control"] = "no-store"
        if response.status_code == 204:
            del response["Content-Type"]
        going = self.retirements.get(request.method or "") or self.retirements.get("*")
        for part in (self.quota, going):
            for name, value in part.headers().items() if part else ():
                response[name] = value
        return response
