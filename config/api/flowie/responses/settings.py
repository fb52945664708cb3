"""A platform's settings."""

from operator import itemgetter
from typing import Any

from rest_framework import serializers

from config.api.kit.answers import Answer, Choice, Flag, Mapping, Number, Text, TextOrNull
from tenants import hosts
from tenants.models import Branding, CustomDomain, Organization


class ShownBranding(Answer):
    """How a platform looks; empty where nothing was set."""

    displayName = Text("display_name", allow_blank=True)
    logoUrl = Text("logo_url", allow_blank=True)
    primaryColor = Text("primary_color", allow_blank=True)
    supportEmail = Text("support_email", allow_blank=True)


class DnsRecord(Answer):
    """A record to set for the custom domain."""

    type = Choice(["CNAME", "A", "AAAA", "TXT"], itemgetter("type"))
    name = Text(itemgetter("name"))
    value = Text(itemgetter("value"))


class ShownLimits(Answer):
    """How many documents each company may have, unless it was given limits of its own."""

    perMonth = Number(lambda limits: limits.get("perMonth"), allow_null=True)
    perDay = Number(lambda limits: limits.get("perDay"), allow_null=True)
    hard = Flag(lambda limits: bool(limits.get("hard")))


def _limits(defaults: dict[str, Any]) -> dict[str, Any] | None:
    given = defaults.get("documentLimits")
    return ShownLimits.of(given) if given else None


class ShownDefaults(Answer):
    """What holds for the documents of all companies."""

    preferredFormat = TextOrNull(lambda defaults: defaults.get("preferredFormat"))
    autoCompliance = Mapping(
        lambda defaults: defaults.get("autoCompliance", {}), child=serializers.BooleanField()
    )
    refuseDuplicates = Flag(lambda defaults: defaults.get("refuseDuplicates"), required=False)
    documentLimits = ShownLimits(required=False, read=_limits)


def _dns_records(domain: CustomDomain | None) -> list[dict[str, str]]:
    return hosts.records(domain.host, domain.challenge) if domain else []


class Settings(Answer):
    """A platform's settings."""

    branding = ShownBranding()
    customDomain = TextOrNull(lambda domain: domain and domain.host)
    customDomainStatus = Choice(
        CustomDomain.State, lambda domain: domain.state if domain else None, allow_null=True
    )
    customDomainError = TextOrNull(lambda domain: domain and domain.last_error)
    dnsRecords = DnsRecord(many=True, read=_dns_records)
    defaults = ShownDefaults()
    whiteLabel = Flag()

    @classmethod
    def about(
        cls, platform: Organization, looks: Branding | None, domain: CustomDomain | None
    ) -> dict[str, Any]:
        """Of a platform, with the DNS records that its custom domain takes (FLO-33)."""
        return cls.of(
            domain,
            branding=ShownBranding.of(looks or Branding()),
            defaults=ShownDefaults.of(platform.defaults),
            whiteLabel=platform.white_label,
        )
