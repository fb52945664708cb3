"""The page on which a company says who it is."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from peppol.portal.identification_forms import IdentificationForm
from peppol.services.client_purposes import IDENTIFY
from peppol.services.identification import identification
from tenants.services import client_links
from tenants.web.client_pages import ClientPage, serves


@serves(IDENTIFY)
class IdentificationPage(ClientPage):
    """The portal's form. What is handed in here is decided on by somebody else."""

    form = IdentificationForm
    submit = _("Hand in")
    done = _("Thank you. It is being looked at; you need do nothing more.")

    def save(self, form: Any) -> None:
        by = client_links.actor_of(self.link)
        identification.submit(self.company, form.facts, form.handed_in, by=by)
