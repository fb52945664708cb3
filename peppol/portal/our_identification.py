"""Settings → Identification: who the organization itself is, handed in by its own people."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peppol.models import Identification
from peppol.portal.identification_forms import IdentificationForm
from peppol.services.identification import identification
from tenants.access import memberships
from tenants.models import Organization
from tenants.ui.outcomes import Outcome
from tenants.ui.settings_page import Setting, SettingForm, register


class OurIdentificationForm(IdentificationForm, SettingForm):
    """Who one is oneself; somebody else decides."""

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, company=organization, organization=organization, **kwargs)


@register
class OurIdentification(Setting):
    """Whoever is asked who they are says it here; it can be said anew at any time."""

    name = "identification"
    title = _("Identification")
    lead = _("Somebody else decides on it. What is in force stays so meanwhile.")
    submit = _("Hand in")
    template = "portal/settings/identification.html"
    form = OurIdentificationForm

    def context(self, request: HttpRequest, organization: Organization) -> dict[str, Any]:
        return {"identification": _of(organization)}

    def save(
        self, request: HttpRequest, organization: Organization, answers: dict[str, Any]
    ) -> Outcome:
        files, by = answers.pop("evidence"), memberships.actor(request)
        identification.submit(organization, answers, files, by=by)
        return gettext("It is handed in, and will be decided on.")


def _of(organization: Organization) -> Identification | None:
    return Identification.objects.filter(organization=organization).first()
