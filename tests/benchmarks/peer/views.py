"""The views, from the framework's generic ones."""

from rest_framework import generics, serializers
from rest_framework.throttling import SimpleRateThrottle
from rest_framework_api_key.permissions import BaseHasAPIKey, KeyParser

from tests.benchmarks.peer.models import PeerTenant, ResellersKey


class HasResellersKey(BaseHasAPIKey):
    """As the package's documentation has it."""

    model = ResellersKey


class PerMinute(SimpleRateThrottle):
    """So many a minute for each key."""

    scope = "minute"

    def get_cache_key(self, request, view):
        return f"{self.scope}:{KeyParser().get(request)}"


class PerHour(PerMinute):
    """So many an hour."""

    scope = "hour"


class TenantSerializer(serializers.ModelSerializer):
    class Meta:
        model = PeerTenant
        exclude = ("reseller",)


class OwnTenants:
    """The tenants of whoever shows the key."""

    serializer_class = TenantSerializer
    permission_classes = (HasResellersKey,)
    throttle_classes = (PerMinute, PerHour)

    def reseller(self):
        key = ResellersKey.objects.get_from_key(KeyParser().get(self.request))
        return key.reseller

    def get_queryset(self):
        return PeerTenant.objects.filter(reseller=self.reseller())

    def perform_create(self, serializer):
        serializer.save(reseller=self.reseller())


class Tenants(OwnTenants, generics.ListCreateAPIView):
    """The list and the way to a new one."""


class Tenant(OwnTenants, generics.RetrieveUpdateDestroyAPIView):
    """One tenant."""
