"""Settings → API credentials: the machine client and its secret (INV-51)."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apikeys.models import MachineClient
from apikeys.services import clients
from tenants.access import memberships
from tenants.access.roles import Area
from tenants.models import Organization
from tenants.ui.outcomes import Outcome
from tenants.ui.revelations import Revelation, Secret
from tenants.ui.settings_page import Setting, SettingForm, register


class RotateForm(SettingForm):
    """A new secret stops the old one: that is to be meant."""

    sure = forms.BooleanField(label=_("The present secret may stop working at once."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if of(self.organization) is None:
            del self.fields["sure"]


@register
class Credentials(Setting):
    """The secret is shown in the moment it is made, and nowhere again."""

    name = "credentials"
    title = _("API credentials")
    lead = _("Your servers get access tokens with them, by OpenID Connect client credentials.")
    area = Area.KEYS
    template = "portal/keys/client_credentials.html"
    form = RotateForm

    def context(self, request: HttpRequest, organization: Organization) -> dict[str, Any]:
        client = of(organization)
        submit = _("Make a new secret") if client else _("Issue credentials")
        discovery = f"{settings.BASE_URL}/.well-known/openid-configuration"
        return {"client": client, "submit_text": submit, "discovery": discovery}

    def save(
        self, request: HttpRequest, organization: Organization, answers: dict[str, Any]
    ) -> Outcome:
        made = clients.rotate(organization, by=memberships.actor(request))
        return Revelation(
            title=gettext("Your new API credentials"),
            note=gettext("The client ID is %(id)s.") % {"id": made.client_id},
            secrets=(Secret(_("Client secret"), made.secret, "client-secret.txt"),),
        )


def of(organization: Organization) -> MachineClient | None:
    """The machine client of an organization, if it has one."""
    return MachineClient.objects.filter(organization=organization).first()
