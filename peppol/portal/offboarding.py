"""The guided end of a company: what ends is listed before, and followed to the last identifier."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from peppol.models import Participant
from peppol.services.companies import offboarding
from peppol.services.companies.offboarding import Remains
from tenants.access import memberships
from tenants.access.gate import Right, takes
from tenants.models import Company, Organization
from tenants.ui import display
from tenants.ui.operations import Ask, operation
from tenants.ui.scoped import ScopedAdmin, scope
from tenants.ui.stages import Stage

State = Participant.State


@dataclass(frozen=True)
class Ending:
    """How far the end of a company is."""

    stages: list[Stage]
    # What the template of a registration asks for; there is no one identifier here.
    participant: None = None
    is_stuck: bool = False

    @property
    def is_over(self) -> bool:
        return all(stage.state == "done" for stage in self.stages)

    @property
    def percent(self) -> int:
        return round(100 * sum(stage.state == "done" for stage in self.stages) / len(self.stages))

    @property
    def verdict(self) -> Any:
        return _("It has ended.") if self.is_over else _("Under way …")


def ending_of(company: Organization, numbers: list[Participant]) -> Ending:
    """The steps of the end of `company`, whose identifiers are `numbers`, as they stand."""
    found = offboarding.remains(company)
    stages = [_keys(found), _webhooks(found), *(_number(one) for one in numbers)]
    closed = "done" if found.is_closed else "todo"
    return Ending([*stages, Stage(_("The company is closed"), closed)])


def _keys(found: Remains) -> Stage:
    if not found.keys:
        return Stage(_("No key works any more"), "done")
    count = len(found.keys)
    said = ngettext("%d key is revoked", "%d keys are revoked", count) % count
    return Stage(said, "todo", ", ".join(key.name for key in found.keys[:5]))


def _webhooks(found: Remains) -> Stage:
    if not found.endpoints:
        return Stage(_("No webhook is called any more"), "done")
    count = len(found.endpoints)
    said = ngettext("%d webhook is disabled", "%d webhooks are disabled", count) % count
    return Stage(said, "todo", ", ".join(one.url for one in found.endpoints[:5]))


def _number(row: Participant) -> Stage:
    words = {"number": row.identifier}
    title = gettext("%(number)s is taken off the network") % words
    if row.state == State.UNREGISTERED:
        return Stage(gettext("%(number)s is off the network") % words, "done")
    if row.state == State.UNREGISTERING:
        return Stage(title, "held" if row.last_error else "now", display.said(row.last_error))
    return Stage(title, "todo")


class AskOffboard(Ask):
    """The reason, and the name once more, so that nobody ends the wrong company."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    name = forms.CharField(label=_("Name of the company, to be sure"), max_length=255)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = self.row.title

    @property
    def render_before_template(self) -> str:
        ending = ending_of(self.row, numbers_of(self.request, self.row))
        ahead = [step for step in ending.stages if step.state != "done"]
        return super().render_before_template + render_to_string(
            "ui/step_list.html", {"steps": ahead}
        )

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name.strip().casefold() != self.row.title.casefold():
            raise forms.ValidationError(_("This is not its name."))
        return name


def numbers_of(request: HttpRequest, company: Company) -> list[Participant]:
    """The identifiers of a company that are, or were, on the network."""
    rows = scope(Participant, request).filter(organization=company.pk)
    return list(rows.exclude(state=State.DRAFT).order_by("id")[:50])


class Offboarding(ScopedAdmin):
    """The operation that ends a company, and the page that shows it end."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        address = "<path:object_id>/offboarding/"
        own = path(address, view(self.offboarding), name="tenants_company_offboarding")
        return [own, *super().get_urls()]

    @operation(
        _("Offboard"),
        description=_("Its business ends here for good. This is what happens, in this order:"),
        ask=AskOffboard,
        submit=_("End it"),
        right=Right.GOVERN,
        when=lambda row: row.status != Organization.Status.CLOSED,
        icon="logout",
        variant=ActionVariant.DANGER,
        dialog=False,
    )
    def offboard(self, request: HttpRequest, row: Company, answers: dict[str, Any]) -> HttpResponse:
        offboarding.offboard(row, reason=answers["reason"], by=memberships.actor(request))
        return redirect("portal:tenants_company_offboarding", row.pk)

    @takes(Right.GOVERN)
    def offboarding(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """How far the end of a company is; with `?part=1` the steps alone."""
        row = self.row(request, object_id)
        if row is None:
            raise Http404
        ending = ending_of(row, numbers_of(request, row))
        if "part" in request.GET:
            return TemplateResponse(
                request, "portal/onboarding/progress.html", {"progress": ending}
            )
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": gettext("The end of %(company)s") % {"company": row.title},
            "heading": _("What has ended"),
            "progress": ending,
            "address": request.path,
            "company_page": reverse("portal:tenants_company_change", args=[row.pk]),
            "media": self.media,
        }
        return TemplateResponse(request, "portal/onboarding/progress_page.html", context)
