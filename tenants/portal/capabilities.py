"""Settings → Capabilities: what the business uses the platform for (INV-48)."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.access import memberships
from tenants.models import Organization
from tenants.portal.profile_forms import Capabilities
from tenants.services import organizations
from tenants.ui.outcomes import Outcome
from tenants.ui.settings_page import Setting, SettingForm, register


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
        organizations.update(organization, answers, by=memberships.actor(request))
        return gettext("Saved.")
