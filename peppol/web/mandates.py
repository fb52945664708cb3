"""The page on which a company reads its mandate and confirms it."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from peppol.models import Mandate
from peppol.services.client_purposes import MANDATE
from peppol.services.mandates import mandates, texts
from peppol.services.mandates.mandates import Signature
from tenants.services import client_links
from tenants.web.client_address import client_address
from tenants.web.client_pages import ClientForm, ClientPage, serves


class MandateForm(ClientForm):
    """Who agrees, to the text that `seen` is the hash of."""

    name = forms.CharField(label=_("Your first and last name"), max_length=255)
    capacity = forms.CharField(
        label=_("In what capacity"),
        max_length=255,
        help_text=_("Such as director or owner: somebody who may sign for the company."),
    )
    agreed = forms.BooleanField(label=_("I have read the mandate, and give it for the company."))
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)
    language = forms.CharField(max_length=2, widget=forms.HiddenInput, required=False)


@serves(MANDATE)
class MandatePage(ClientPage):
    """Name, time, address and the hash of the text are kept."""

    form = MandateForm
    template = "client/mandate.html"
    submit = _("Sign the mandate")
    done = _("Thank you. The mandate is signed.")

    @cached_property
    def mandate(self) -> Mandate:
        """What is to be signed, in the language of the page."""
        return mandates.proposed(self.company, (get_language() or "en")[:2])

    def context(self) -> dict[str, Any]:
        row = self.mandate
        return {
            "mandate": row,
            "mandate_title": texts.title(row.language),
            "paragraphs": row.text.split("\n"),
        }

    def save(self, form: Any) -> None:
        said = form.cleaned_data
        signature = Signature(
            said["name"],
            said["capacity"],
            client_address(self.request),
            said["seen"],
            said["language"] if said["language"] in texts.LANGUAGES else "en",
        )
        mandates.confirm(self.company, signature, by=client_links.actor_of(self.link))
