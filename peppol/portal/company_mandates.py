"""What can be done about a company's mandate from its own page."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peppol.portal.mandates import SCOPES, Copy
from peppol.services.identification.evidence import HandedIn
from peppol.services.mandates import mandates, texts
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.models import Company
from tenants.services import mails
from tenants.ui.operations import Ask, operation
from tenants.ui.outcomes import Redirect
from tenants.ui.pages import Page

_NAMES = {"en": "English", "fr": "Français", "nl": "Nederlands", "de": "Deutsch"}


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"})


class AskMandate(Ask):
    """What a mandate is for, until when, and in which language it is printed."""

    scope = forms.MultipleChoiceField(
        label=_("For"), choices=SCOPES, widget=forms.CheckboxSelectMultiple, initial=mandates.ALL
    )
    starts_on = forms.DateField(label=_("From"), required=False, widget=_day())
    ends_on = forms.DateField(
        label=_("Until"),
        required=False,
        widget=_day(),
        help_text=_("Left empty: until it is revoked."),
    )
    language = forms.ChoiceField(
        label=_("Language of the PDF"),
        choices=[(one, _NAMES[one]) for one in texts.LANGUAGES],
        help_text=_("On a link it is read in the language of whoever signs it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = memberships.organization(self.request)
        self.fields["language"].initial = mails.language_of(own)


class AskCopy(Ask):
    """The signed copy of one company, and who signed it."""

    file = Copy()
    signed_by = forms.CharField(label=_("Who signed it"), max_length=255, required=False)
    signed_as = forms.CharField(label=_("In what capacity"), max_length=255, required=False)


class CompanyMandates(Page):
    """What can be done about a company's mandate. Goes before the page's own class."""

    @operation(
        _("Draw up a mandate"),
        description=_("To be printed and signed, or confirmed by the client on a link."),
        ask=AskMandate,
        submit=_("Draw it up"),
        right=Right.CHANGE,
        platforms=True,
        icon="history_edu",
        dialog=False,
    )
    def draw_up(self, request: HttpRequest, row: Company, answers: dict[str, Any]) -> Redirect:
        made = mandates.draw_up(row, by=memberships.actor(request), **answers)
        self.message_user(request, gettext("The mandate of %(company)s is drawn up.") % _of(row))
        return Redirect(_page_of(made))

    @operation(
        _("Signed mandate"),
        description=_("A scan or the signed PDF. It is kept encrypted."),
        ask=AskCopy,
        submit=_("Take it in"),
        right=Right.CHANGE,
        platforms=True,
        icon="upload_file",
        dialog=False,
    )
    def take_copy(self, request: HttpRequest, row: Company, answers: dict[str, Any]) -> Redirect:
        upload = answers.pop("file")
        file = HandedIn(upload.name, upload.content)
        kept = mandates.keep_copy(row, file, by=memberships.actor(request), **answers)
        self.message_user(request, gettext("The mandate of %(company)s is signed.") % _of(row))
        return Redirect(_page_of(kept))


def _of(row: Company) -> dict[str, str]:
    return {"company": row.title}


def _page_of(row: Any) -> str:
    return reverse("portal:peppol_mandate_change", args=[row.pk])
