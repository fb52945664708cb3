"""Where the peer's tenants are, and a view of one row with nothing around it."""

from django.http import JsonResponse
from django.urls import path

from tests.benchmarks.peer.models import PeerTenant
from tests.benchmarks.peer.views import Tenant, Tenants


def row(request, id):
    return JsonResponse(PeerTenant.objects.values("id", "name").get(pk=id))


urlpatterns = [
    path("tenants", Tenants.as_view()),
    path("tenants/<uuid:pk>", Tenant.as_view()),
    path("row/<uuid:id>", row),
]
