"""A platform's settings: what callers send of them, and what it is in our words."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from config.api.flowie.requests.fields import Country, Strict
from config.api.kit.fields import Flag, Int64, Text
from peppol.services.documents import compliance

_LOOKS = {
    "displayName": "display_name",
    "logoUrl": "logo_url",
    "primaryColor": "primary_color",
    "supportEmail": "support_email",
}


class Branding(Strict):
    """How a platform looks; what is left out stays, what is empty is unset."""

    displayName = Text(max_length=255, required=False, allow_blank=True)
    logoUrl = Text(max_length=2000, required=False, allow_blank=True)
    primaryColor = Text(max_length=7, required=False, allow_blank=True)
    supportEmail = Text(max_length=254, required=False, allow_blank=True)


class Limit(Int64):
    """A limit of documents, or null for none."""

    def __init__(self) -> None:
        super().__init__(min_value=1, max_value=2**31 - 1, required=False, allow_null=True)


class DocumentLimits(Strict):
    """How many documents each company may have; null takes a limit away."""

    perMonth = Limit()
    perDay = Limit()
    hard = Flag(required=False, help_text="Whether sending stops when the month's are used up.")


class Defaults(Strict):
    """What holds for the documents of all companies."""

    preferredFormat = serializers.RegexField(
        r"^[a-z0-9][a-z0-9.-]*$", max_length=40, required=False, allow_null=True
    )
    autoCompliance = serializers.DictField(child=Flag(), required=False)
    refuseDuplicates = Flag(required=False)
    documentLimits = DocumentLimits(required=False)

    def validate_autoCompliance(self, wanted: dict[str, bool]) -> dict[str, bool]:  # noqa: N802
        """Its names are countries, and what is switched on has somebody to report to."""
        check = Country(max_length=2)
        found = {check.run_validation(country): on for country, on in wanted.items()}
        nobody = [c for c, on in found.items() if on and c not in compliance.countries()]
        if nobody:
            raise serializers.ValidationError(compliance.unreported(nobody))
        return found


class Settings(Strict):
    """A part of the settings; what is left out stays (FLO-38)."""

    branding = Branding(required=False)
    customDomain = Text(max_length=253, required=False, allow_null=True)
    defaults = Defaults(required=False)


def changes(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of `settings.change` for a part of the settings."""
    found: dict[str, Any] = {}
    if "branding" in fields:
        found["looks"] = {_LOOKS[name]: value for name, value in fields["branding"].items()}
    if "customDomain" in fields:
        found["host"] = fields["customDomain"]
    if "defaults" in fields:
        found["defaults"] = fields["defaults"]
    return found
