"""Settings → Become a platform: the application, its state and what was said about it."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.access import memberships
from tenants.models import Organization, PlatformApplication
from tenants.services import applications
from tenants.ui.outcomes import Outcome
from tenants.ui.settings_page import Setting, SettingForm, register

State = PlatformApplication.State
_OPEN = (State.INFO_REQUESTED, State.REJECTED)


class ApplicationForm(SettingForm):
    """The fields of the application (INV-31); after the first time, an answer to the reviewer."""

    motivation = forms.CharField(
        label=_("Why do you want to manage companies?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Who they are and what you do for them, in a few sentences."),
    )
    expected_companies = forms.IntegerField(
        label=_("Companies expected"), min_value=1, max_value=2_147_483_647
    )
    expected_documents = forms.IntegerField(
        label=_("Documents a month expected"),
        min_value=0,
        max_value=2_147_483_647,
        help_text=_("Of all companies together."),
    )
    technical_contact = forms.EmailField(
        label=_("Technical contact"),
        max_length=254,
        help_text=_("Whom we write to about the integration."),
    )
    message = forms.CharField(
        label=_("Your answer to the reviewer"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    terms_accepted = forms.BooleanField(label=_("I accept the terms of service."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        application = of(self.organization)
        if application is None:
            del self.fields["message"]
            self.initial = {"technical_contact": memberships.user(self.request).email}
            return
        del self.fields["terms_accepted"]
        self.initial = {name: getattr(application, name) for name in applications.FORM}
        self.order_fields(["message"])


@register
class Platform(Setting):
    """The way from a business to a platform (INV-31 to INV-35)."""

    name = "platform"
    title = _("Become a platform")
    template = "portal/application/application.html"
    form = ApplicationForm

    def is_for(self, organization: Organization) -> bool:
        return organization.parent_id is None and (
            organization.kind == Organization.Kind.BUSINESS or of(organization) is not None
        )

    def asks(self, organization: Organization) -> bool:
        application = of(organization)
        if application is None:
            return organization.kind == Organization.Kind.BUSINESS
        return application.state in _OPEN

    def context(self, request: HttpRequest, organization: Organization) -> dict[str, Any]:
        application = of(organization)
        if application is None:
            return {"submit_text": _("Apply")}
        turns = list(application.messages.all())
        return {
            "application": application,
            "turns": turns,
            "said": turns[-1].text if turns and application.state != State.SUBMITTED else "",
            "submit_text": _("Submit again"),
        }

    def save(
        self, request: HttpRequest, organization: Organization, answers: dict[str, Any]
    ) -> Outcome:
        by = memberships.actor(request)
        fields = {name: answers[name] for name in applications.FORM}
        application = of(organization)
        if application is None:
            accepted = answers.get("terms_accepted", False)
            applications.submit(organization, fields, terms_accepted=accepted, by=by)
            return gettext("Your application is on its way. You will find the answer here.")
        message = answers.get("message", "")
        applications.resubmit(application, fields, message=message, by=by)
        return gettext("Your application is with the reviewer again.")


def of(organization: Organization) -> PlatformApplication | None:
    """The application of an organization, if it has applied."""
    return PlatformApplication.objects.filter(organization=organization).first()
