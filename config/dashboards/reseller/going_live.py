"""The way from a new account to documents over Peppol: what is done of it, and what comes next.

It begins with the steps of the onboarding (`billing.checklist`), which the surface answers too,
and goes on with what the portal knows besides. How much of it is done is one computation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing import checklist
from billing.checklist import Checklist, Step
from tenants.access import memberships, roles
from tenants.access.roles import Area
from tenants.models import Organization


@dataclass(frozen=True)
class Task:
    """A step as the overview shows it. `link` is empty when it is not this person's to do."""

    title: Any
    why: Any
    link: str
    done: bool
    optional: bool


@dataclass(frozen=True)
class Way:
    """All steps, and which comes next."""

    tasks: list[Task]
    ratio: float

    @property
    def percent(self) -> int:
        return round(100 * self.ratio)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left but what may be left."""
        return self.ratio == 1

    @property
    def first(self) -> Task | None:
        """What this person does first: what is needed before what is optional."""
        mine = [task for task in self.tasks if task.link and not task.done]
        return min(mine, key=lambda task: task.optional, default=None)


# Title, why, which page, and whose right it takes.
_SHOWN: dict[str, tuple[Any, Any, str, Area | None]] = {
    "complete_profile": (
        _("Create your organization"),
        _("It exists: you are in it."),
        "portal:index",
        None,
    ),
    "business_details": (
        _("Add tax and address details"),
        _("They appear on your statements."),
        "portal:tenants_organization_changelist",
        Area.SETTINGS,
    ),
    "select_plan": (
        _("Choose a plan"),
        _("It says how many documents and companies are included."),
        "start",
        Area.BILLING,
    ),
    "company": (
        _("Create a company"),
        _("A client of yours: its name or number is enough, the register fills in the rest."),
        "portal:tenants_company_add",
        Area.COMPANIES,
    ),
    "identifier": (
        _("Register a Peppol identifier"),
        _("From then on others can send documents to it. It takes seconds."),
        "portal:peppol_participant_add",
        Area.REGISTRATIONS,
    ),
    "key": (
        _("Issue an API key"),
        _("Your program signs in with it. It is shown once."),
        "portal:apikeys_apikey_add",
        Area.KEYS,
    ),
    "webhook": (
        _("Add a webhook"),
        _("We tell your program what happens, so that it need not ask."),
        "portal:webhooks_endpoint_add",
        Area.WEBHOOKS,
    ),
    "second_factor": (
        _("Protect your sign-in"),
        _("With an app on your telephone besides the password."),
        "mfa_index",
        None,
    ),
    "colleague": (
        _("Invite a colleague"),
        _("With a role of their own, so that nobody shares a password."),
        "portal:tenants_membership_invite",
        Area.TEAM,
    ),
}


def way(request: HttpRequest, counts: Mapping[str, int]) -> Way:
    """How far the caller's organization, and the caller, are."""
    own = memberships.organization(request)
    onboarding = checklist.of(own, checklist.plan_of(own))
    found = Checklist((*onboarding.steps, *_technical(request, own, counts)))
    return Way([_task(request, step) for step in found.steps], found.ratio)


def _technical(request: HttpRequest, own: Organization, counts: Mapping[str, int]) -> list[Step]:
    """The steps that follow the onboarding."""
    first = [Step("company", counts["companies"] > 0)] if own.is_platform else []
    connected = [Step("key", counts["keys"] > 0), Step("webhook", counts["endpoints"] > 0)]
    return [
        *first,
        Step("identifier", counts["registered"] > 0),
        *(connected if roles.is_open_to(own, Area.KEYS) else ()),
        Step("second_factor", _has_second_factor(request)),
        Step("colleague", counts["people"] > 1, optional=True),
    ]


def _task(request: HttpRequest, step: Step) -> Task:
    title, why, page, area = _SHOWN[step.key]
    mine = area is None or roles.changes(request, area)
    return Task(title, why, reverse(page) if mine else "", step.done, step.optional)


def _has_second_factor(request: HttpRequest) -> bool:
    return is_mfa_enabled(memberships.user(request))
