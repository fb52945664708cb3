"""Settings of one's own organization that are more than fields of its profile: a page each.

An app registers its pages with `register`; they stand beside the profile as tabs.
"""

import logging
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenants.access import memberships, roles
from tenants.access.gate import Door, Right
from tenants.errors import DomainError
from tenants.models import Organization
from tenants.ui import interrupted, revelations, submissions
from tenants.ui.forms import Form
from tenants.ui.outcomes import Outcome
from tenants.ui.revelations import Revelation

logger = logging.getLogger(__name__)


class SettingForm(Form):
    """What a page of settings asks, of the organization whose page it is."""

    def __init__(
        self, *args: Any, request: HttpRequest, organization: Organization, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.organization = request, organization

    def lock(self) -> None:
        """Show everything and take nothing."""
        for field in self.fields.values():
            field.disabled = True
            field.widget.attrs["disabled"] = True


class Setting:
    """A page of settings. Owners and admins change it; whoever sees the area looks."""

    name = ""
    title: Any = ""
    lead: Any = ""
    submit: Any = _("Save")
    area = roles.Area.SETTINGS
    # What it takes to do what the page offers; to look takes the right to see its area.
    right = Right.GOVERN
    template = "portal/settings/page.html"
    form: type[SettingForm] = SettingForm

    def is_for(self, organization: Organization) -> bool:
        """Whether organizations like this one have the page at all."""
        return True

    def asks(self, organization: Organization) -> bool:
        """Whether there is a form to fill in, as things are."""
        return True

    def context(self, request: HttpRequest, organization: Organization) -> dict[str, Any]:
        """What the page's own template shows besides the form."""
        return {}

    def part(self, request: HttpRequest, organization: Organization) -> HttpResponse | None:
        """The part of the page that its script asks for with `?part`, where it has one."""
        return None

    def save(
        self, request: HttpRequest, organization: Organization, answers: dict[str, Any]
    ) -> Outcome:
        """Have a service do what was asked; a sentence, or another outcome. Raises DomainError."""
        raise NotImplementedError

    def may_change(self, request: HttpRequest) -> bool:
        """Whether the caller may do what the page offers."""
        return Door(self.right, self.area).opens(request)

    @property
    def address(self) -> str:
        return reverse("portal:setting", args=[self.name])


_known: dict[str, Setting] = {}


def register(page: type[Setting]) -> type[Setting]:
    """Class decorator: the portal has this page, after those registered before."""
    _known[page.name] = page()
    return page


def offered(request: HttpRequest) -> list[Setting]:
    """The pages that the caller may open."""
    organization = memberships.organization(request)
    return [
        p
        for p in _known.values()
        if Door(Right.SEE, p.area).opens(request) and p.is_for(organization)
    ]


def view(request: HttpRequest, name: str, *, site: Any) -> HttpResponse:
    """`settings/<name>/`: show the page (GET), or do what it offers (POST)."""
    organization = memberships.organization(request)
    page = _known.get(name)
    if page is None or not page.is_for(organization):
        raise Http404
    if not Door(Right.SEE, page.area).opens(request):
        raise PermissionDenied
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    if "part" in request.GET and (part := page.part(request, organization)):
        return part
    may, interruption = page.may_change(request), interrupted.resume(request)
    form = page.form(
        *((request.POST, request.FILES) if request.method == "POST" else ()),
        request=request,
        organization=organization,
    )
    if interruption is not None:
        form.refuse(interruption)
    elif request.method == "POST":
        if not may:
            raise PermissionDenied
        save = partial(_save, request, page, organization, form, site)
        found = submissions.once(request, save)
        return redirect(found) if isinstance(found, str) else found
    if not may:
        form.lock()
    return _show(request, page, organization, form, site)


def _save(
    request: HttpRequest, page: Setting, organization: Organization, form: SettingForm, site: Any
) -> HttpResponse:
    if not form.is_valid():
        return _show(request, page, organization, form, site)
    try:
        outcome = page.save(request, organization, form.cleaned_data)
    except DomainError as refusal:
        logger.info("Refused %s by %s: %s", page.name, request.user.pk, refusal.code)
        form.refuse(refusal)
        return _show(request, page, organization, form, site)
    if isinstance(outcome, Revelation):
        model = Organization._meta.label
        return redirect(
            revelations.address(request, outcome, site=site, model=model, back=page.address)
        )
    messages.success(request, str(outcome))
    return redirect(page.address)


def _show(
    request: HttpRequest, page: Setting, organization: Organization, form: SettingForm, site: Any
) -> HttpResponse:
    context = {
        **_frame(request, page, site),
        "title": page.title,
        "page": page,
        "form": form if page.asks(organization) else None,
        "may": page.may_change(request),
        **page.context(request, organization),
    }
    return TemplateResponse(request, page.template, context)


def tabs(request: HttpRequest, here: str = "") -> list[dict[str, Any]]:
    """The profile and the pages beside it, for the strip above each."""
    found = [
        {"title": p.title, "link": p.address, "here": p.name == here} for p in offered(request)
    ]
    profile = reverse(
        "portal:tenants_organization_change", args=[memberships.organization(request).pk]
    )
    return [{"title": _("Profile"), "link": profile, "here": not here}, *found]


def _frame(request: HttpRequest, page: Setting, site: Any) -> dict[str, Any]:
    return {**site.each_context(request), "settings_tabs": tabs(request, page.name)}
