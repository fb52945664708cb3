"""What the steps of onboarding a company ask."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peppol import code_lists, country_profiles, identifiers
from peppol.portal.company_cards import types_field, types_in
from peppol.services.companies import namesakes
from tenants.access import memberships
from tenants.errors import Conflict, DomainError
from tenants.sentences import say
from tenants.ui import display
from tenants.ui.forms import Group
from tenants.ui.operations import Ask
from tenants.ui.profile_fields import asked, countries

STEPS = {
    "number": _("Number"),
    "profile": _("Company"),
    "network": _("Peppol"),
    "check": _("Check"),
}
OTHER, NONE = "other", "none"


class Step(Ask):
    """One page of the wizard; `row` is the draft that it belongs to, None on the first."""

    step = ""
    title: Any = ""
    submit: Any = _("Continue")
    lead: Any = ""

    @property
    def trail(self) -> list[dict[str, Any]]:
        """The way through the steps: which are behind, which is this one."""
        here = list(STEPS).index(self.step)
        return [
            {
                "title": title,
                "here": n == here,
                "behind": n < here,
                "link": self.link_to(step) if n < here else "",
            }
            for n, (step, title) in enumerate(STEPS.items())
        ]

    def link_to(self, step: str) -> str:
        """The page of a step that is behind; what was entered there is there still."""
        if step == "number":
            return f"{reverse('portal:tenants_company_add')}?draft={self.row.key}"
        return reverse("portal:tenants_company_step", args=[self.row.key, step])


def check_ours(request: HttpRequest, identifier: str) -> None:
    """Raise Conflict where a company of ours has an identifier on the network: none of another
    provider's, but one to go to."""
    company = namesakes.holder(memberships.organization(request), identifier)
    if company is not None:
        raise Conflict(
            "identifier_registered_taken",
            "%(company)s, a company of yours, is registered under this identifier.",
            values={"company": company.title},
        )


class AskProfile(Step):
    """Who the company is and where."""

    step = "profile"
    title = _("Who is it?")
    name = asked("name")
    legal_name = asked("legal_name")
    country = asked("country")
    company_number = asked("company_number")
    vat_number = asked("vat_number")
    email = asked("email")
    address_line1 = asked("address_line1")
    postal_code = asked("postal_code")
    city = asked("city")

    _GROUPS = (
        (_("Company"), ("name", "legal_name", "country", "company_number", "vat_number", "email")),
        (_("Address"), ("address_line1", "postal_code", "city")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in ("name", "address_line1"):
            self.fields[field].wide = True
        self.initial.update(self.row.answers.get("profile", {}))

    @property
    def groups(self) -> list[Group]:
        return [Group(title, [self[name] for name in names]) for title, names in self._GROUPS]


def facts(profile: dict[str, str]) -> list[tuple[Any, str]]:
    """What a profile says as (title, value), in the order in which it is asked."""
    said = profile | {"country": dict(countries()).get(profile.get("country", ""), "")}
    if said.get("legal_name") == said.get("name"):
        said.pop("legal_name", None)
    fields = AskProfile.base_fields.items()
    return [(field.label, said[name]) for name, field in fields if said.get(name)]


class Offers(forms.RadioSelect):
    """Choices as cards, each with what has to be known about it."""

    offers: tuple["OfferedIdentifier", ...] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        context = {"name": name, "value": str(value or ""), "offers": self.offers}
        return SafeString(render_to_string("portal/onboarding/choices.html", context))


@dataclass(frozen=True)
class OfferedIdentifier:
    """An identifier that could be the company's, what it is, and what speaks against it."""

    value: str
    title: Any
    note: Any = ""
    hint: Any = ""
    doubts: tuple[str, ...] = ()
    is_number: bool = True


def offers(profile: dict[str, str]) -> tuple[OfferedIdentifier, ...]:
    """What follows from a profile's numbers, the usual identifier first."""
    known, country = code_lists.schemes(), profile.get("country", "")
    numbers = {name: profile.get(name, "") for name in ("company_number", "vat_number")}
    proposed = identifiers.propose(country, **numbers)
    return tuple(
        OfferedIdentifier(
            str(pid),
            str(pid),
            known[pid.scheme].name,
            country_profiles.note(country, pid.scheme),
            tuple(say(doubt) for doubt in identifiers.warnings(pid)),
        )
        for pid in proposed
    )


class AskNetwork(Step):
    """Under which identifier the company is to be found on the network."""

    step = "network"
    title = _("How is it found on Peppol?")
    identifier = forms.ChoiceField(label=_("Peppol identifier"), widget=Offers())
    other = forms.CharField(
        label=_("The other identifier"),
        max_length=140,
        required=False,
        help_text=_("Scheme and number, such as 0208:0403170701 for a Belgian company number."),
    )
    register = forms.BooleanField(
        label=_("Register it on the network right away"), required=False, initial=True
    )
    send_only = forms.BooleanField(
        label=_("Only send: it receives with another provider"),
        required=False,
        help_text=_("Nothing is registered then. That can be done later."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = offers(self.row.answers["profile"])
        chosen = self.row.answers.get("identifier")
        every = (
            *found,
            OfferedIdentifier(OTHER, _("Another identifier"), is_number=False),
            OfferedIdentifier(
                NONE, _("None for now"), _("It can be registered later."), is_number=False
            ),
        )
        field = self.fields["identifier"]
        field.choices = [(one.value, one.title) for one in every]
        field.widget.offers = every
        field.initial = found[0].value if found else NONE
        if chosen is not None:
            self._show(chosen, {one.value for one in found})
        self.fields["other"].box = "gh-other"
        self.fields["register"].wide = self.fields["send_only"].wide = True

    def _show(self, chosen: str, known: set[str]) -> None:
        """Show what was chosen before."""
        self.initial.update({n: self.row.answers.get(n, False) for n in ("register", "send_only")})
        self.initial["identifier"] = chosen if chosen in known else OTHER if chosen else NONE
        self.initial["other"] = "" if chosen in known else chosen

    @property
    def groups(self) -> list[Group]:
        return [
            Group("", [self["identifier"], self["other"]], self._advice()),
            Group(_("Registration"), [self["register"], self["send_only"]]),
        ]

    def _advice(self) -> Any:
        if any(one.doubts for one in self.fields["identifier"].widget.offers):
            if settings.PEPPOL_NETWORK == "production":
                return _("The network refuses an identifier that is not sound.")
            return _("On this network an unsound identifier is tried all the same.")
        return ""

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = answers.get("identifier", "")
        field = "other" if chosen == OTHER else "identifier"
        chosen = answers.get("other", "").strip() if chosen == OTHER else chosen
        answers["identifier"] = "" if chosen == NONE else chosen
        if field == "other" and not chosen:
            self.add_error(field, _("This field is required."))
        if answers.get("send_only"):
            answers["register"] = False
        if answers["identifier"]:
            try:
                pid = identifiers.parse(chosen)
                identifiers.check_registrable(pid, settings.PEPPOL_NETWORK)
                check_ours(self.request, chosen)
            except DomainError as refusal:
                self.add_error(field, display.refusal(refusal))
        return answers


class AskAccess(Step):
    """How programs reach the company, and how it tells them what happens."""

    step = "check"
    title = _("Is everything right?")
    submit = _("Create the company")
    with_key = forms.BooleanField(
        label=_("Issue an API key for it"),
        required=False,
        help_text=_("Shown once, on the next page. Your platform key reaches the company as well."),
    )
    webhook = forms.URLField(
        label=_("Webhook"),
        max_length=2000,
        required=False,
        assume_scheme="https",
        help_text=_("Hears of everything that happens to this company. Leave it empty for none."),
    )
    is_unlisted = forms.BooleanField(
        label=_("Keep it out of the Peppol Directory"),
        help_text=_("It receives documents all the same."),
        required=False,
    )
    website = forms.URLField(
        label=_("Website"), max_length=255, required=False, assume_scheme="https"
    )
    document_types = types_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.row.answers["profile"]["country"]
        self.fields["document_types"].choices = types_in(country)
        for field in self.fields.values():
            field.wide = True

    @property
    def groups(self) -> list[Group]:
        card = [self[name] for name in ("website", "is_unlisted", "document_types")]
        return [
            Group(_("Access"), [self["webhook"], self["with_key"]]),
            Group(_("Directory and document types"), card, folded=True),
        ]

    def card(self) -> dict[str, Any]:
        """What the network is to know of the company that is not as usual."""
        answers, said = self.cleaned_data, dict[str, Any]()
        if answers["is_unlisted"]:
            said["is_listed"] = False
        if answers["website"]:
            said["websites"] = [answers["website"]]
        if set(answers["document_types"]) != set(self.fields["document_types"].initial):
            said["document_types"] = answers["document_types"]
        return said


FORMS: dict[str, type[Step]] = {form.step: form for form in (AskProfile, AskNetwork, AskAccess)}


def said_of(source: str) -> str:
    """Where the details are from, in words."""
    return {
        "register": gettext("Name and address are from the company register."),
        "vies": gettext("Name and address are from VIES."),
        "sandbox": gettext("The sandbox made this name up: change it as you like."),
    }.get(source, "")
