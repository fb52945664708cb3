"""`/portal/start/`: from a new account to a business on a plan, one form a page (INV-49).

It can be left and taken up again anywhere: what is done is read from the business itself.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.utils import has_verified_email
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from apikeys.services import registration
from billing import checklist
from billing.portal.start_forms import STEPS, Step
from billing.services import subscriptions
from tenants.access import memberships, roles
from tenants.access.gate import Door, Right, open_to_all
from tenants.access.roles import Area
from tenants.errors import DomainError
from tenants.models import Organization, User
from tenants.services import organizations, people
from tenants.ui.sites import portal, row_limited

TITLES = {
    "profile": _("Business"),
    "details": _("Details"),
    "plan": _("Plan"),
    "done": _("Done"),
}
_KEYS = {"profile": "complete_profile", "details": "business_details", "plan": "select_plan"}
_DOORS = {
    "details": Door(Right.CHANGE, Area.SETTINGS),
    "plan": Door(Right.CHANGE, Area.BILLING),
}


@open_to_all
@never_cache
@login_required
@row_limited
def begin(request: HttpRequest) -> HttpResponseBase:
    """The step at which this person is."""
    return redirect(address(_next(request)))


@open_to_all
@never_cache
@login_required
@row_limited
def profile(request: HttpRequest) -> HttpResponseBase:
    """The first step, before there is an organization to act for."""
    if memberships.memberships(request):
        return begin(request)
    if request.user.is_staff:
        raise PermissionDenied

    def save(answers: dict[str, Any]) -> None:
        assert isinstance(request.user, User)  # noqa: S101 — signed in, says the decorator
        business = registration.found(request.user, answers)
        request.session[memberships.SESSION_KEY] = str(business.pk)

    return _step(request, "profile", save)


@_DOORS["details"].guards
def details(request: HttpRequest) -> HttpResponseBase:
    """The second step, which can be skipped."""

    def save(answers: dict[str, Any]) -> None:
        organizations.update(
            memberships.organization(request), answers, by=memberships.actor(request)
        )

    return _own_step(request, "details", save)


@_DOORS["plan"].guards
def plan(request: HttpRequest) -> HttpResponseBase:
    """The third step."""

    def save(answers: dict[str, Any]) -> None:
        chosen = answers["plan"]
        subscriptions.select(
            memberships.organization(request), chosen, by=memberships.actor(request)
        )

    return _own_step(request, "plan", save)


@open_to_all
def done(request: HttpRequest) -> HttpResponseBase:
    """The page at the end, or the step that is still to be done."""
    if (step := _next(request)) != "done":
        return redirect(address(step))
    return render(request, "portal/start/done.html", _context(request, "done"))


def address(step: str) -> str:
    """Where a step is; of "" the portal, for those who have no steps to take."""
    return reverse(f"start_{step}") if step else reverse("portal:index")


def _next(request: HttpRequest) -> str:
    """The first step that is still to be done and is this person's to do."""
    if memberships.membership(request) is None:
        return "profile"
    business = memberships.organization(request)
    if business.parent_id:
        return ""
    found = checklist.of(business, checklist.plan_of(business))
    if found.ratio == 1:
        return "done"
    todo = [s for s in ("details", "plan") if not found.is_done(_KEYS[s]) and _may(request, s)]
    return todo[0] if todo else ""


def _may(request: HttpRequest, step: str) -> bool:
    return _DOORS[step].opens(request)


def _own_step(
    request: HttpRequest, step: str, save: Callable[[dict[str, Any]], None]
) -> HttpResponseBase:
    """A step of the business there is: of a managed one, its platform decides."""
    if memberships.organization(request).parent_id:
        raise PermissionDenied
    return _step(request, step, save)


def _step(
    request: HttpRequest, step: str, save: Callable[[dict[str, Any]], None]
) -> HttpResponseBase:
    business = memberships.organization(request) if memberships.memberships(request) else None
    given = (request.POST,) if request.method == "POST" else ()
    form = STEPS[step](*given, request=request, business=business)
    if request.method == "POST" and form.is_valid():
        try:
            save(form.cleaned_data)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            order = list(TITLES)
            return redirect(address(order[order.index(step) + 1]))
    return render(request, "portal/start/step.html", _context(request, step, form))


def _context(request: HttpRequest, step: str, form: Step | None = None) -> dict[str, Any]:
    business = memberships.organization(request) if memberships.memberships(request) else None
    found = checklist.of(business, checklist.plan_of(business))
    order = list(TITLES)
    return {
        "form": form,
        "title": form.title if form else _("All set"),
        "business": business,
        "percent": round(100 * found.ratio),
        "trail": [
            {
                "title": TITLES[name],
                "here": name == step,
                "behind": name != step and name in _KEYS and found.is_done(_KEYS[name]),
            }
            for name in order
        ],
        "back": address(order[order.index(step) - 1]) if step == "plan" else "",
        "later": address("plan") if step == "details" else "",
        "invitations": _invitations(request) if business is None else (),
        "may_apply": business is not None
        and business.kind == Organization.Kind.BUSINESS
        and roles.governs(request),
    }


def _invitations(request: HttpRequest) -> Any:
    """Who waits for this person elsewhere, so that they do not start a business by mistake."""
    user = request.user
    if not isinstance(user, User):
        return ()
    confirmed = has_verified_email(user)
    return people.invitations_of(user)[:5] if confirmed else ()


def _row_limited(view: Callable[[HttpRequest], HttpResponseBase]) -> Any:
    return portal.admin_view(view)


urlpatterns: list[URLPattern] = [
    path("", begin, name="start"),
    path("business/", profile, name="start_profile"),
    path("details/", _row_limited(details), name="start_details"),
    path("plan/", _row_limited(plan), name="start_plan"),
    path("done/", _row_limited(done), name="start_done"),
]
