"""Whether the installation works: what `config.health` answers here and at the root."""

from typing import Any

from rest_framework import serializers


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
