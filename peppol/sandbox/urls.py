"""The sandbox network's paths. Literal prefixes come before participants."""

from django.urls import path, re_path

from peppol.sandbox import access_point, views

smp = [
    path("smp-status/", views.Status.as_view()),
    path("ping/", views.Status.as_view()),
    path("sandbox-ca.pem", views.ca_certificate),
    path("servicegroupids/all", views.GroupList.as_view()),
    path("list/<str:login>", views.OwnGroups.as_view()),
    path("migration/inbound", views.InboundMigration.as_view()),
    re_path(
        r"^migration/outbound/(?P<step>start|cancel|finalize)/(?P<group>[^/]+)$",
        views.OutboundMigration.as_view(),
    ),
    path("complete/<str:group>", views.Complete.as_view()),
    path("businesscard/<str:group>", views.BusinessCard.as_view()),
    path("businesscard/<str:group>/push", views.BusinessCardPush.as_view()),
    re_path(
        r"^(?P<group>[^/]+)/customproperties/(?P<kind>public|private)/(?P<name>[^/]+)$",
        views.CustomProperty.as_view(),
    ),
    path("<str:group>/customproperties/<str:name>", views.ShownProperty.as_view()),
    path("<str:group>/services", views.Services.as_view()),
    re_path(
        r"^(?P<group>[^/]+)/services/(?P<document_type>[^/]+)/(?P<process>[^/]+::[^/]+)$",
        views.ServiceProcess.as_view(),
    ),
    path("<str:group>/services/<path:document_type>", views.ServiceMetadata.as_view()),
    path("<str:group>", views.ServiceGroup.as_view()),
]
report = access_point.Report.as_view()
ap = [
    path("management/status", access_point.Management.as_view()),
    path(
        "api/outbound/submit/<path:address>",
        access_point.Submit.as_view(),
    ),
    path("api/outbound/status/<str:instance_id>", access_point.OutboundStatus.as_view()),
    path("api/inbound/report", access_point.InboundReport.as_view()),
    re_path(
        r"^api/reporting/create-(?P<kind>eusr|tsr)/(?P<year>\d{4})/(?P<month>\d{1,2})$", report
    ),
]
directory = [
    path("indexer/1.0/", views.directory_index),
    path("indexer/1.0/<path:participant>", views.directory_index),
    re_path(r"^search/1\.0/(?P<form>json|xml)$", views.directory_search),
]
