"""What the portal asks to onboard a company."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peppol import identifiers
from peppol.registers import companies
from tenants.errors import DomainError
from tenants.portal_site import callers
from tenants.portal_site.fields import Country
from tenants.portal_site.operations import Ask


@dataclass
class Group:
    """Fields that are asked together."""

    title: Any
    fields: list[Any]
    help: Any = ""


class AskCompany(Ask):
    """A new company: who it is, where it is, and what to do with it at once."""

    name = forms.CharField(
        label=_("Name"),
        max_length=255,
        required=False,
        help_text=_("Of a Belgian company the register knows it, and the address, by its number."),
    )
    legal_name = forms.CharField(label=_("Legal name"), max_length=255, required=False)
    country = Country(label=_("Country"))
    company_number = forms.CharField(label=_("Company number"), max_length=64, required=False)
    vat_number = forms.CharField(label=_("VAT number"), max_length=64, required=False)
    email = forms.EmailField(label=_("E-mail address"), max_length=254, required=False)
    address_line1 = forms.CharField(label=_("Street and number"), max_length=255, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=32, required=False)
    city = forms.CharField(label=_("City"), max_length=255, required=False)
    identifier = forms.CharField(
        label=_("Peppol identifier"),
        max_length=140,
        required=False,
        help_text=_("Scheme and number, such as 0208:0403170701 for a Belgian company number."),
    )
    register = forms.BooleanField(
        label=_("Register it on the network right away"), required=False, initial=True
    )
    with_key = forms.BooleanField(label=_("Issue an API key for it"), required=False)
    webhook = forms.URLField(
        label=_("Webhook"),
        max_length=2000,
        required=False,
        assume_scheme="https",
        help_text=_("Hears of everything that happens to this company."),
    )

    _GROUPS = (
        (_("Company"), ("name", "legal_name", "country", "company_number", "vat_number", "email")),
        (_("Address"), ("address_line1", "postal_code", "city")),
        (_("Peppol"), ("identifier", "register")),
        (_("Access"), ("with_key", "webhook")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].initial = callers.organization(self.request).country
        for name in ("name", "address_line1", "identifier", "register", "with_key", "webhook"):
            self.fields[name].wide = True  # type: ignore[attr-defined]

    @property
    def groups(self) -> list[Group]:
        return [Group(title, [self[name] for name in names]) for title, names in self._GROUPS]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if not answers.get("name"):
            self._fill_in(answers)
        return answers

    def _fill_in(self, answers: dict[str, Any]) -> None:
        """Take what was left empty from the register; without a name there is no company."""
        country, number = answers.get("country", ""), answers.get("company_number", "")
        try:
            found = companies.look_up(country, number) if number else None
        except DomainError as refusal:
            self.add_error("company_number", refusal.message)
            return
        if found is None:
            self.add_error("name", _("This field is required."))
            return
        known = {
            "name": found.name,
            "legal_name": found.name,
            "address_line1": found.street,
            "postal_code": found.postal_code,
            "city": found.city,
        }
        answers.update({name: answers.get(name) or value for name, value in known.items()})

    def clean_identifier(self) -> str:
        text: str = self.cleaned_data["identifier"].strip()
        if text:
            try:
                identifiers.parse(text)
            except DomainError as refusal:
                raise forms.ValidationError(refusal.message) from None
        return text
