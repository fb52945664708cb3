"""The table of contents: which part answers where."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from config import health, hosts, inbound
from config.api import registry
from config.dashboards.operator import system_status
from config.sandbox import mailbox
from peppol import web as client_pages  # noqa: F401 — pages enter themselves
from peppol.sandbox import urls as sandbox
from tenants.ui.sites import portal
from tenants.web import client_links, logos, mail_stops, views

handler400 = "config.error_pages.bad_request"
handler404 = "config.error_pages.not_found"
handler500 = "config.error_pages.server_error"
urlpatterns = [
    path("", views.home, name="home"),
    path(
        "admin/system-status/",
        admin.site.admin_view(system_status.view),
        name="admin_system_status",
    ),
    path("admin/outbox/", admin.site.admin_view(mailbox.index), name="admin_outbox"),
    path("admin/outbox/<str:name>/", admin.site.admin_view(mailbox.show), name="admin_outbox_mail"),
    path("admin/", admin.site.urls),
    path("portal/start/", include("billing.portal.start")),
    path("portal/", portal.urls),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("portal", RedirectView.as_view(pattern_name="portal:index")),
    path("logos/<uuid:organization_id>/<str:version>", logos.show, name="logo"),
    path("invitations/<str:token>/", views.AcceptInvitation.as_view(), name="invitation"),
    path("client/<str:token>/", client_links.OpenLink.as_view(), name="client_link"),
    path("client/at/<str:secret>/", client_links.Visit.as_view(), name="client_visit"),
    path("client/at/<str:secret>/<path:rest>", client_links.Visit.as_view(), name="client_part"),
    path("mails/stop/<str:token>/", mail_stops.StopMails.as_view(), name="stop_mails"),
    path("accounts/", include("allauth.urls")),
    path("language/", set_language, name="set_language"),
    path("_allauth/", include("allauth.headless.urls")),
    path("", include("config.oidc_urls")),
    path("", include("allauth.idp.urls")),
    path("internal/tls/ask", hosts.tls_ask),
    path("internal/peppol/inbound", inbound.Inbound.as_view()),
    path("internal/peppol/progress", inbound.Progress.as_view()),
    path("health/liveness", health.liveness),
    path("health/readiness", health.readiness),
    path("api/docs/", include("config.api.docs")),
    *(path("", include(vendor.urls)) for vendor in registry.VENDORS),
]

if settings.PEPPOL_NETWORK == "sandbox":
    urlpatterns += [
        path("sandbox/smp/", include(sandbox.smp)),
        path("sandbox/ap/", include(sandbox.ap)),
        path("sandbox/directory/", include(sandbox.directory)),
    ]
