"""Flowie's platform API in attributes: statuses, envelope, credentials, the acting company."""

import re
from typing import Any, ClassVar, TypeVar

from django.db.models import Model, QuerySet
from rest_framework.request import Request

from apikeys import throttling
from apikeys.scopes import Ability
from config.api.flowie.responses.errors import Envelope, ErrorEntry, Failure, breach
from config.api.kit import cursors, people
from config.api.kit.access import PLATFORMS, Access
from config.api.kit.callers import Caller
from config.api.kit.cursors import Page
from config.api.kit.paths import row_at
from config.api.kit.problems import FieldError, Problem
from config.api.kit.surface import Surface, SurfaceView
from tenants.errors import DomainError, Forbidden, Invalid, Kind, NotFound, WrongState
from tenants.ids import read
from tenants.models import Organization

_Row = TypeVar("_Row", bound=Model)
ACTING = "X-Flowie-Company"
# Of several organizations, the one to act for; the second is the name it had.
ORGANIZATION = ("X-Flowie-Organization-Id", "Organization-Id")
PREFIX = re.compile(r"^/(?:exchange/)?v1")
# This surface's document names no limits, and its programs loop over all their tenants: a key
# may make this many times the plan's requests.
_GENEROSITY = 10
# What its documents call by a name of their own; everything else is our code in capitals.
_CODES = {"vat_taken": "COMPANY_EXISTS"}
# What a platform key does for its companies, in its own environment.
OF_PLATFORM = Access(PLATFORMS, (Ability.PLATFORM_ACT,), test_keys=True)


class Flowie(Surface):
    """Wire format of Flowie."""

    name = "flowie"
    title = "Platform API (Flowie)"
    description = (
        "Onboard companies, send in their name, hear of what happens and charge "
        "for it. Wire-compatible with Flowie's playbook for platforms; everything answers below "
        "`/exchange/v1` and `/v1`. Bodies are read as JSON whatever the Content-Type says."
    )
    tags = {
        "Companies": "A platform's companies: onboarded in one call, read, changed, taken off.",
        "Account": "Whose key it is, and in the sandbox a company to try things with.",
        "API keys": "The keys of a platform and of its companies.",
        "Documents": "What a company sends and receives.",
        "Webhooks": "Where events go, and what became of each delivery.",
        "Client links": "Pages on which a company's own people say or sign something.",
        "Platform": "Branding, usage, limits, and whether the installation works.",
    }
    statuses = {**Surface.statuses, Kind.INVALID: 422}
    role_code = "insufficient_role"
    names = {
        "host": "customDomain",
        "event_types": "events",
        "display_name": "branding.displayName",
        "logo_url": "branding.logoUrl",
        "primary_color": "branding.primaryColor",
        "support_email": "branding.supportEmail",
    }

    def authenticate(self, request: Request) -> Caller:
        """A key, or the token of a person who has signed in."""
        token = self.secret(request)
        if token.count(".") == 2:
            user = people.authenticate_user(token)
            named = named_organization(request) or request.headers.get(people.TARGET, "")
            return people.caller_of(user, target=named)
        return super().authenticate(request)

    def wrong_kind(self, kinds: tuple[str, ...]) -> DomainError:
        """A good key that is not for this is told what would be (FLO-18)."""
        if "platform" in kinds:
            return Forbidden("This takes a platform key.", code="platform_key_required")
        return Forbidden("This takes the token of a person.", code="dashboard_token_required")

    def envelope(self, problem: Problem) -> dict[str, Any]:
        """`code` and `message`; `errors` where there are several, and whom a conflict is with."""
        if problem.fields and "errors" not in problem.details:
            errors = [_entry(found, self.path_of(found)) for found in problem.fields]
        else:
            errors = [breach(found) for found in problem.details.get("errors", ())]
        code = _CODES.get(problem.code, problem.code.upper())
        nested = Envelope.about(self.status(problem), code, problem.message, errors)
        found = {"errors": errors} if errors else {}
        return Failure.of(problem, code=code, error=nested, **found)

    def spell(self, name: str) -> str:
        """In camel case, but for what has a name of its own."""
        return self.names.get(name) or camel(name)

    def headers(self, problem: Problem) -> dict[str, str]:
        """Clients that try a 409 again are told when that is pointless."""
        found = super().headers(problem)
        if self.status(problem) == 409 and "Retry-After" not in found:
            found["x-should-retry"] = "false"
        return found


class FlowieView(SurfaceView):
    """A resource of the platform API.

    `company` is whom a platform key names with `X-Flowie-Company`, or whose key a tenant key is;
    None when a platform key names nobody.
    """

    surface = Flowie()
    # Where the path does not name the target, a platform key has to (C-30).
    needs_company: ClassVar[bool] = False

    company: Organization | None = None

    def find_target(self) -> Organization | None:
        """The company acted for, else the platform. Raises Forbidden where one is missing."""
        if self.caller.kind != "company" and not self.organization.is_platform:
            raise Forbidden("This organization is no platform.", code="platform_required")
        self.company = self.named_company()
        if self.needs_company and self.company is None:
            raise Forbidden(f"Name the company to act for in {ACTING}.", code="company_required")
        return self.company or self.organization

    def count(self) -> throttling.Quota:
        limits = self.caller.organization or Organization()
        return self.count_caller(
            limits.requests_per_minute * _GENEROSITY, limits.requests_per_hour * _GENEROSITY
        )

    def idempotency_scope(self) -> tuple[str, ...]:
        """Apart from tenants and environments; both prefixes are one (C-24, C-26)."""
        surface, method, path, person = super().idempotency_scope()
        company = str(self.company.pk) if self.company else ""
        return (surface, method, PREFIX.sub("", path), person, self.caller.environment, company)

    def companies(self) -> Any:
        """A platform's companies in its key's environment, deregistered ones among them; of a
        tenant key the one company whose key it is."""
        if self.caller.kind == "company":
            mine = Organization.objects.filter(pk=self.organization.pk)
        else:
            mine = Organization.objects.filter(
                parent=self.organization, environment=self.caller.environment
            )
        return mine.select_related("parent").prefetch_related("participants")

    def company_at(self, company_id: str) -> Organization:
        """The row of that id. Raises NotFound for an unknown or foreign id alike."""
        found: Organization = row_at(self.companies(), company_id, what="Company")
        if self.company and self.company.pk != found.pk:
            raise NotFound("Company")
        return found

    def open_company_at(self, company_id: str) -> Organization:
        """The same, to be written to. Raises WrongState for a deregistered one."""
        return undeparted(self.company_at(company_id))

    def page(
        self, rows: "QuerySet[_Row]", query: dict[str, Any], scope: str, take: Any = None
    ) -> Page[_Row]:
        """The part of a list that a query asks for; a cursor is good for one `scope`."""
        limit, cursor = query["limit"], query["cursor"]
        return cursors.page(rows, limit=limit, cursor=cursor, scope=scope, take=take)

    @property
    def acting(self) -> Organization:
        """The company acted for, where the view needs one."""
        assert self.company is not None  # noqa: S101 — `find_target` has seen to it
        return self.company

    def named_company(self) -> Organization | None:
        """The company that a header names, or whose key a tenant key is.

        Raises NotFound for what is not the caller's, Invalid where two headers name different ones.
        """
        named = self.request.headers.get(ACTING, "").strip()
        own = self.organization if self.caller.kind == "company" else None
        company = self.company_at(named) if named else own
        organization = named_organization(self.request)
        # A person's was found when they came in.
        if not organization or self.caller.kind == "user":
            return company
        if read(organization) == self.organization.pk:
            return company
        other = self.company_at(organization)
        if company is not None and company.pk != other.pk:
            sentence = f"{ACTING} and {ORGANIZATION[0]} name different companies."
            raise Invalid(sentence, code="company_mismatch")
        return other


def named_organization(request: Request) -> str:
    """The organization that a request is to be made for, as its header spells it."""
    found = (request.headers.get(name, "").strip() for name in ORGANIZATION)
    return next(filter(None, found), "")


def undeparted(company: Organization) -> Organization:
    """The company unless it was deregistered. Raises WrongState."""
    if company.deleted_at is not None:
        raise WrongState("This company was deregistered.", code="company_deregistered")
    return company


def _entry(found: FieldError, path: list[str | int]) -> dict[str, Any]:
    return ErrorEntry.of(found, field=".".join(map(str, path)))


def camel(name: str) -> str:
    """`vat_number` as this surface spells it: `vatNumber`."""
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)
