"""What a business tells of itself, as form fields: at the start, and later in its settings."""

import zoneinfo
from functools import cache
from typing import Any

import pycountry
from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tenants.capabilities import Capability
from tenants.ui.profile_fields import countries

_NOTES = {
    Capability.EINVOICING: _("Send and receive e-invoices over Peppol."),
    Capability.BILLING: _("Have statements made of what you and your customers use."),
}


class Cards(forms.RadioSelect):
    """Choices as cards, of which one is taken; `facts` says more of each, by its value."""

    template_name = "ui/choice_cards.html"
    # Not the input's own type: of a single checkbox Unfold puts the label at its side.
    input_type = "cards"
    kind = "radio"

    def __init__(self, attrs: Any = None, choices: Any = (), notes: Any = None) -> None:
        super().__init__(attrs, choices)
        self.notes: dict[str, dict[str, Any]] = notes or {}

    def _render(self, template_name: str, context: Any, renderer: Any = None) -> SafeString:
        # Django's own renderer of forms does not look among the project's templates.
        return SafeString(render_to_string(template_name, context))

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        return {**option, "type": self.kind, **self.notes.get(str(value), {})}


class ManyCards(Cards, forms.CheckboxSelectMultiple):
    """Choices as cards, of which several can be taken."""

    kind = "checkbox"
    allow_multiple_selected = True


class Capabilities(forms.MultipleChoiceField):
    """What a business uses the platform for: one capability or both (INV-03)."""

    def __init__(self, **options: Any) -> None:
        notes = {str(word): {"note": note} for word, note in _NOTES.items()}
        super().__init__(
            label=_("What you use it for"),
            choices=Capability.choices,
            widget=ManyCards(notes=notes),
            **options,
        )

    def clean(self, value: Any) -> list[str]:
        chosen = super().clean(value)
        return [word for word in Capability.values if word in chosen]


class Home(forms.ChoiceField):
    """A country, in a plain list: such pages come before the sites' scripts."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=lambda: [("", "–"), *countries()], **options)


class Currency(forms.ChoiceField):
    """A currency by its ISO 4217 code (INV-09)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=lambda: [("", "–"), *_currencies()], **options)


class TimeZone(forms.ChoiceField):
    """An IANA time zone (INV-09). A browser that knows its own proposes it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=lambda: [("", "–"), *((name, name.replace("_", " ")) for name in _zones())],
            widget=forms.Select(attrs={"data-guess": "timezone"}),
            **options,
        )


@cache
def _currencies() -> list[tuple[str, str]]:
    return sorted((one.alpha_3, f"{one.alpha_3} · {one.name}") for one in pycountry.currencies)


@cache
def _zones() -> list[str]:
    return sorted(name for name in zoneinfo.available_timezones() if "/" in name or name == "UTC")
