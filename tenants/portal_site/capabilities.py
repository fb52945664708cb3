"""Settings → Capabilities: what the business uses the platform for (INV-48)."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.models import Organization
from tenants.portal_site import callers
from tenants.portal_site.business_fields import Capabilities
from tenants.portal_site.operations import Outcome
from tenants.portal_site.setting import Setting, SettingForm, register
from tenants.services import organizations


class CapabilitiesForm(SettingForm):
    """One capability or both."""

    capabilities = Capabilities()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"capabilities": self.organization.capabilities}


@register
class CapabilitiesPage(Setting):
    """They can be changed later."""

    name = "capabilities"
    title = _("Capabilities")
    lead = _("Choose at least one. It can be changed at any time.")
    form = CapabilitiesForm

    def save(
        self, request: HttpRequest, organization: Organization, answers: dict[str, Any]
    ) -> Outcome:
        organizations.update(organization, answers, by=callers.actor(request))
        return gettext("Saved.")
