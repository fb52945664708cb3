"""The fields of an organization's profile, as forms of both sites ask for them."""

from functools import cache
from gettext import translation
from typing import Any

import pycountry
from django import forms
from django.contrib.admin.utils import flatten
from django.db import models
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelect2Widget

from tenants.models import Organization
from tenants.ui.pages import Page

PROFILE_FIELDSETS: tuple[Any, ...] = (
    (
        _("Company"),
        {
            "fields": (
                "name",
                ("legal_name", "display_name"),
                "country",
                ("company_number", "vat_number"),
                "description",
            )
        },
    ),
    (
        _("Address"),
        {
            "fields": (
                ("address_line1", "address_line2"),
                ("postal_code", "city"),
                ("state", "address_country"),
            )
        },
    ),
    (_("Contact"), {"fields": (("email", "phone"),)}),
)
# The same columns one after the other, as a download has them.
PROFILE_COLUMNS: tuple[str, ...] = tuple(
    flatten([row for _title, group in PROFILE_FIELDSETS for row in group["fields"]])
)


def countries() -> list[tuple[str, str]]:
    """Every country as (alpha-2 code, name in the present language), by name."""
    return _countries(get_language() or "en")


@cache
def _countries(language: str) -> list[tuple[str, str]]:
    names = translation("iso3166-1", pycountry.LOCALES_DIR, [language], fallback=True).gettext
    found = ((c.alpha_2, names(getattr(c, "common_name", c.name))) for c in pycountry.countries)
    return sorted(found, key=lambda entry: entry[1])


class Country(forms.ChoiceField):
    """A country, chosen by name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=lambda: [("", "–"), *countries()], widget=UnfoldAdminSelect2Widget(), **kwargs
        )


def asked(name: str, **options: Any) -> forms.Field:
    """The form field of a profile's column, as every form asks for it."""
    column: Any = Organization._meta.get_field(name)
    if name in ("country", "address_country"):
        return Country(label=column.verbose_name, **options)
    if isinstance(column, models.URLField):
        options.setdefault("assume_scheme", "https")
    field: forms.Field = column.formfield(**options)
    return field


class ProfileFields(Page):
    """A page with an organization's profile on it."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in ("country", "address_country"):
            return asked(db_field.name, required=False)
        return super().formfield_for_dbfield(db_field, request, **kwargs)
