"""fiskaly's management API in attributes: credentials, statuses, envelope, limits."""

from contextlib import AbstractContextManager
from typing import Any, ClassVar

from rest_framework.request import Request

from apikeys import throttling
from apikeys.scopes import Ability
from config.api.fiskaly import ids, sign_in
from config.api.fiskaly.callers import FiskalyCaller
from config.api.fiskaly.responses import FailureAnswer, Refusal
from config.api.fiskaly.tokens import read_token
from config.api.kit.access import EVERYBODY, NOT_CLOSED, Access, to_read
from config.api.kit.paths import id_of, row_at
from config.api.kit.problems import FieldError, Problem
from config.api.kit.surface import Surface, SurfaceView
from tenants.access.roles import Area
from tenants.errors import Forbidden, Kind
from tenants.models import Organization
from tenants.row_security import limit_rows_to
from tenants.web.client_address import client_address

# The vendor states no number; a plan may give more.
LEAST_PER_MINUTE, LEAST_PER_HOUR = 600, 20_000


class Fiskaly(Surface):
    """Wire format of fiskaly's management API."""

    name = "fiskaly"
    title = "Management API (fiskaly)"
    description = (
        "Manage organizations, their API keys, users and billing addresses with a "
        "token from `POST /api/v0/auth`. Wire-compatible with fiskaly's management API 0.12."
    )
    tags = {
        "Authentication": "A token for an API key and its secret, or for a person.",
        "Organizations": "Your own organization, and those that it manages.",
        "API keys": "What programs sign in with, of each organization.",
        "Users": "The people of an organization.",
        "Billing addresses": "Where bills go, of each organization.",
    }
    security = {**Surface.security, "bearerFormat": "JWT"}
    statuses = {**Surface.statuses, Kind.WRONG_STATE: 403}
    role_code = "forbidden"
    names = {
        "vat_number": "vat_id",
        "postal_code": "zip",
        "city": "town",
        "country": "country_code",
        "address_country": "country_code",
    }

    def authenticate(self, request: Request) -> FiskalyCaller:
        """Whoever the access token stands for, read again from the database."""
        token = read_token(self.secret(request), "access")
        return sign_in.by_token(token)

    def envelope(self, problem: Problem) -> dict[str, Any]:
        """Status, its name, a code for programs and a sentence for people (FIS-09)."""
        sentence = "; ".join(map(self._sentence, problem.fields)) or problem.message
        return FailureAnswer.of(Refusal(self.status(problem), problem.code, sentence))

    def headers(self, problem: Problem) -> dict[str, str]:
        """Whoever retries a 409 blindly is told that it changes nothing."""
        again = {"x-should-retry": "false"} if self.status(problem) == 409 else {}
        return {**again, **super().headers(problem)}

    def _sentence(self, found: FieldError) -> str:
        path = ".".join(map(str, self.path_of(found)))
        return f"{path}: {found.message}" if path else found.message


def access_to(
    *, reads: Ability, writes: Ability, test_keys: bool = False, states: frozenset[str] = NOT_CLOSED
) -> dict[str, Access]:
    """Access to a resource, by method."""
    changes = Access(EVERYBODY, (writes,), test_keys=test_keys, states=states)
    return {
        "GET": to_read(reads, kinds=EVERYBODY),
        **dict.fromkeys(("POST", "PATCH", "PUT", "DELETE"), changes),
    }


class SignInSurface(Fiskaly):
    """The same surface for whoever has not signed in yet; what they show is not looked at."""

    def authenticate(self, request: Request) -> FiskalyCaller:
        return FiskalyCaller.nobody(client_address(request))


class FiskalyView(SurfaceView):
    """A resource of the management API. `area` is what a role must give rights for, which is asked
    again of each organization that a call names: somebody may have another role in each."""

    surface: ClassVar[Surface] = Fiskaly()
    area: ClassVar[Area] = Area.COMPANIES

    caller: FiskalyCaller
    target: Organization | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: str) -> Any:
        """Ids of a path are read here, in either spelling."""
        named = {name: str(ids.read(text) or text) for name, text in kwargs.items()}
        return super().dispatch(request, *args, **named)

    def find_target(self) -> Organization | None:
        """The one that the path names. Raises NotFound for an unknown or foreign id alike."""
        named = self.kwargs.get("organization_id")
        self.target = self.organization_of(named) if named is not None else None
        return self.target

    def organization_of(self, organization_id: str) -> Organization:
        """One that the caller may see. Raises NotFound for an unknown or foreign id alike."""
        if self.target is not None and id_of(organization_id) == self.target.pk:
            return self.target
        return row_at(self.caller.organizations(self.area), organization_id, what="Organization")

    def changeable(self, organization_id: str) -> Organization:
        """One that the caller may change here. Raises NotFound, Forbidden."""
        organization = self.organization_of(organization_id)
        self.demand(self.caller.changes(organization, self.area))
        return organization

    def demand(self, allowed: bool) -> None:
        """Raise Forbidden unless `allowed`."""
        if not allowed:
            raise Forbidden("You may not do this with this organization.")

    def count(self) -> throttling.Quota:
        """Count this request against its caller's limits, or a stranger's against its address."""
        limits = self.caller.organization
        if limits is None:
            bucket = f"anonymous:{self.caller.identity}"
            return throttling.admit(bucket, per_minute=throttling.ANONYMOUS_PER_MINUTE)
        return self.count_caller(
            max(limits.requests_per_minute, LEAST_PER_MINUTE),
            max(limits.requests_per_hour, LEAST_PER_HOUR),
        )

    def idempotency_scope(self) -> tuple[str, ...]:
        """People of one organization may have different rights: each repeats their own calls."""
        method, path = self.request.method or "", self.request.path.rstrip("/")
        return (self.surface.name, method, path, self.caller.identity if self.caller.user else "")

    def _row_limited(self) -> AbstractContextManager[None]:
        around = [way.organization for way in self.caller.ways]
        return limit_rows_to(*around, person=self.caller.user)
