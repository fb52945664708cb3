"""What the OpenAPI document says of usage and statistics; the answers are in `reports`."""

from typing import Any

from rest_framework import serializers


def _count() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0)


class ShownPeriod(serializers.Serializer[Any]):
    """Days in UTC, both included."""

    start = serializers.DateField()
    end = serializers.DateField()


class Total(serializers.Serializer[Any]):
    """What all companies exchanged."""

    documentsSent = _count()
    documentsReceived = _count()
    documentsFailed = _count()
    complianceReports = _count()


class UsageRow(serializers.Serializer[Any]):
    """What one company exchanged; `tenantId` is its `metadata.tenantId`."""

    companyId = serializers.CharField()
    tenantId = serializers.JSONField()
    sent = _count()
    received = _count()
    failed = _count()
    complianceReports = _count()


class Usage(serializers.Serializer[Any]):
    """Usage of a period; the last two fields with `groupBy=company`."""

    period = ShownPeriod()
    total = Total()
    byCompany = UsageRow(many=True, required=False)
    nextCursor = serializers.CharField(allow_null=True, required=False)


class Counted(serializers.Serializer[Any]):
    """What the company exchanged."""

    sent = _count()
    received = _count()
    failed = _count()
    complianceReports = _count()


class Quota(serializers.Serializer[Any]):
    """How much is used of the company's own quota, or of the one all companies share."""

    scope = serializers.ChoiceField(["company", "platform"])
    limit = serializers.IntegerField(allow_null=True)
    used = _count()
    percent = serializers.FloatField(allow_null=True)
    alert = serializers.BooleanField(help_text="From 80 % on.")


class LastDay(serializers.Serializer[Any]):
    """Of the documents sent in the last 24 hours, how many failed."""

    sent = _count()
    failed = _count()
    failureRate = serializers.FloatField(min_value=0, max_value=1)


class Stats(serializers.Serializer[Any]):
    """A tenant's documents, quota and health."""

    companyId = serializers.CharField()
    period = ShownPeriod()
    documents = Counted()
    quota = Quota()
    last24Hours = LastDay()


class Check(serializers.Serializer[Any]):
    """What one check found; the circuit breakers' has the state of each."""

    ok = serializers.BooleanField()
    detail = serializers.CharField(required=False)
    states = serializers.DictField(
        child=serializers.ChoiceField(["closed", "open", "half_open"]), required=False
    )


class Readiness(serializers.Serializer[Any]):
    """Whether the installation works: one finding for each check."""

    status = serializers.ChoiceField(["ready", "not_ready"])
    checks = serializers.DictField(child=Check())
