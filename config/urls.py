"""The table of contents: which part answers where."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config import hosts
from tenants.portal_site import views
from tenants.portal_site.sites import portal

urlpatterns = [
    path("", views.home, name="home"),
    path("admin/", admin.site.urls),
    path("portal/", portal.urls),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("portal", RedirectView.as_view(pattern_name="portal:index")),
    path("invitations/<str:token>/", views.AcceptInvitation.as_view(), name="invitation"),
    path("accounts/", include("allauth.urls")),
    path("internal/tls/ask", hosts.tls_ask),
]
