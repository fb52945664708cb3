"""Is my customer on Peppol? Asked of the network itself."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from peppol import identifiers, reach
from peppol.document_types import identifier
from peppol.invoices.reading import UBL
from peppol.invoices.writing import CUSTOMIZATION
from tenants.access.gate import Right
from tenants.errors import Invalid
from tenants.ui import display
from tenants.ui.operations import Ask, operation

_INVOICE = identifier(f"{UBL}:Invoice-2::Invoice", CUSTOMIZATION)


class AskWho(Ask):
    """Under which identifier somebody is looked for."""

    identifier = forms.CharField(
        label=_("Peppol identifier"),
        max_length=140,
        help_text=_("Such as 0208:0403170701, or 9957:FR86797978996."),
    )

    def clean_identifier(self) -> str:
        try:
            return str(identifiers.parse(self.cleaned_data["identifier"].strip()))
        except Invalid as refusal:
            raise forms.ValidationError(str(display.refusal(refusal))) from None


class LookingUp:
    """A page from which it is looked up whether somebody is on Peppol, and what they take."""

    @operation(
        _("Is my customer on Peppol?"),
        ask=AskWho,
        submit=_("Look up"),
        description=_("The network says who is registered, and for which documents."),
        right=Right.SEE,
        icon="travel_explore",
        dialog=False,
    )
    def look_up(self, request: HttpRequest, answers: dict[str, Any]) -> TemplateResponse:
        page: Any = self
        found = reach.find(answers["identifier"], _INVOICE)
        context = {
            **page.admin_site.each_context(request),
            "opts": page.opts,
            "title": _("Is my customer on Peppol?"),
            "found": found,
        }
        return TemplateResponse(request, "portal/documents/lookup.html", context)
