"""What the network is to know of a company: its business card, the Directory, what it receives."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peppol import country_profiles, identifiers
from peppol.services.registration import cards
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.models import Company
from tenants.ui.forms import Group
from tenants.ui.operations import Ask, operation
from tenants.ui.pages import Page

_LANGUAGES = {
    "": _("Name"),
    "nl": _("Name in Dutch"),
    "fr": _("Name in French"),
    "de": _("Name in German"),
    "en": _("Name in English"),
}
_PARTS = {
    "kind": _("What for"),
    "name": _("Person or department"),
    "phone": _("Phone"),
    "email": _("E-mail address"),
}
# So many contacts can be written down on the page; others that an import brought stay.
_CONTACTS = 2


def types_in(country: str, chosen: Sequence[str] = ()) -> list[tuple[str, str]]:
    """What a company of a country may choose to receive, and what it has `chosen` already."""
    offered = country_profiles.types_of(country)
    others = [t for t in country_profiles.all_types() if t.uri in chosen and t not in offered]
    return [(one.uri, one.name) for one in (*offered, *others)]


def types_field() -> forms.MultipleChoiceField:
    """What a company receives; the usual is chosen, and its country's own are offered, too."""
    return forms.MultipleChoiceField(
        label=_("Receives"),
        choices=types_in(""),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        initial=[one.uri for one in identifiers.DEFAULT_DOCUMENT_TYPES],
        help_text=_("With none chosen it receives invoices and credit notes."),
    )


def _name(language: str) -> str:
    """The field for the name in a language."""
    return f"name_{language or 'any'}"


def _lines(label: Any, help_text: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, help_text=help_text, required=False, widget=area)


class AskCompanyCard(Ask):
    """The business card of a company, as the Directory shows it."""

    is_listed = forms.BooleanField(
        label=_("List it in the Peppol Directory"),
        help_text=_("Else it has no business card. It receives documents all the same."),
        required=False,
    )
    document_types = types_field()
    location = forms.CharField(
        label=_("Place"),
        max_length=500,
        required=False,
        help_text=_("An address or a region, as people should read it."),
    )
    registered_on = forms.DateField(
        label=_("On the network since"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    websites = _lines(_("Websites"), _("One a line."))
    identifiers = _lines(
        _("Further identifiers"), _("One a line: its scheme, a colon, the value; DUNS: 123456789.")
    )
    additional = _lines(_("Further information"), "")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = cards.shown(self.row)
        self._kept = said["contacts"][_CONTACTS:]
        self._named = said["names"]
        for language, label in _LANGUAGES.items():
            field = forms.CharField(label=label, max_length=255, required=False)
            field.initial = self._named.get(language, "")
            self.add(_name(language), field)
        for n in range(_CONTACTS):
            values = said["contacts"][n] if n < len(said["contacts"]) else [""] * len(_PARTS)
            for (part, label), value in zip(_PARTS.items(), values, strict=True):
                field = forms.CharField(label=label, max_length=255, required=False, initial=value)
                self.add(f"contact_{n}_{part}", field)
        self.initial = {
            "is_listed": said["is_listed"],
            "location": said["location"],
            "registered_on": said["registered_on"] and said["registered_on"].isoformat(),
            "websites": "\n".join(said["websites"]),
            "identifiers": "\n".join(f"{scheme}: {value}" for scheme, value in said["identifiers"]),
            "additional": said["additional"],
        }
        self.fields["document_types"].choices = types_in(self.row.country, said["document_types"])
        if said["document_types"]:
            self.initial["document_types"] = said["document_types"]
        for name in ("is_listed", "document_types", "additional", _name("")):
            self.fields[name].wide = True

    @property
    def groups(self) -> list[Group]:
        listed = ("is_listed", "document_types")
        further = ("location", "registered_on", "websites", "identifiers", "additional")
        first, second = ([f"contact_{n}_{part}" for part in _PARTS] for n in range(_CONTACTS))
        names = [_name(language) for language in _LANGUAGES]
        return [
            Group(_("Directory"), self._of(listed)),
            Group(_("Names"), self._of(names), _("As people look for it, by language.")),
            Group(_("Contact"), self._of(first), _("Anybody can read it in the Directory.")),
            Group(_("Another contact"), self._of(second), folded=not self[second[0]].initial),
            Group(_("More"), self._of(further)),
        ]

    def _of(self, names: Any) -> list[Any]:
        return [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        return {"said": self._said(answers)} if not self.errors else answers

    def _said(self, answers: dict[str, Any]) -> dict[str, Any]:
        """What was answered, as `cards.describe` takes it."""
        names = {language: answers[_name(language)] for language in _LANGUAGES}
        others = {key: name for key, name in self._named.items() if key not in _LANGUAGES}
        contacts = [[answers[f"contact_{n}_{part}"] for part in _PARTS] for n in range(_CONTACTS)]
        return {
            "is_listed": answers["is_listed"],
            "document_types": answers["document_types"],
            "names": {key: name for key, name in {**names, **others}.items() if name},
            "contacts": [one for one in contacts if any(one)] + self._kept,
            "location": answers["location"],
            "registered_on": answers["registered_on"],
            "websites": answers["websites"].split(),
            "identifiers": [
                [part.strip() for part in line.partition(":")[::2]]
                for line in answers["identifiers"].splitlines()
                if line.strip()
            ],
            "additional": answers["additional"],
        }


class CompanyCards(Page):
    """How the business card of a company is changed. Goes before the page's own class."""

    @operation(
        _("Edit the business card"),
        description=_("What the Peppol Directory shows, under each of its identifiers."),
        ask=AskCompanyCard,
        submit=_("Save"),
        right=Right.CHANGE,
        area=Area.REGISTRATIONS,
        icon="contact_page",
        dialog=False,
        header=False,
    )
    def describe(self, request: HttpRequest, row: Company, answers: dict[str, Any]) -> str:
        cards.describe(row, answers["said"], by=memberships.actor(request))
        return gettext("Saved. What is on the network is being published.")
