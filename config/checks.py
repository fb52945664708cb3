"""Speaks up at `manage.py check --deploy` about settings that would hurt in production."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection

from config.api import registry
from config.api.kit.surface import SurfaceView
from config.settings import env
from peppol.access_point import dialects as access_point_dialects
from peppol.access_point.dialects import access_point_address
from peppol.rules import releases, sets
from peppol.services.registration import desired
from peppol.smp import dialects as smp_dialects
from peppol.smp.dialects import smp_address


@register(Tags.compatibility)
def network_dialects(**_: Any) -> Iterable[CheckMessage]:
    """Whoever has to be called can be spoken to."""
    for name, known, code in (
        ("SMP_DIALECT", smp_dialects.names(), "gatehouse.E006"),
        ("ACCESS_POINT_DIALECT", access_point_dialects.names(), "gatehouse.E007"),
    ):
        if getattr(settings, name) not in known:
            yield Error(f"{name} is one of {', '.join(known)}.", id=code)


@register(Tags.compatibility)
def published_addresses(**_: Any) -> Iterable[CheckMessage]:
    """What every registration publishes can be published."""
    for trouble in desired.troubles():
        yield Error(trouble, id="gatehouse.E015")


@register(Tags.security)
def gate(**_: Any) -> Iterable[CheckMessage]:
    """Every method of every view of a surface declares who may call it."""
    for vendor in registry.VENDORS:
        views = {getattr(one.callback, "cls", None) for one in vendor.urls.urlpatterns}
        for view in views:
            yield from _undeclared(view)


def _undeclared(view: Any) -> Iterable[CheckMessage]:
    if not (isinstance(view, type) and issubclass(view, SurfaceView)):
        return
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        if hasattr(view, method.lower()) and method not in view.access:
            where = f"{view.__module__}.{view.__qualname__}"
            yield Error(f"{where} declares no access to {method}.", id="gatehouse.E014")


@register(Tags.security, deploy=True)
def network(**_: Any) -> Iterable[CheckMessage]:
    """The network is real, or the installation is a sandbox and says so."""
    if settings.PEPPOL_NETWORK not in ("sandbox", "test", "production"):
        yield Error("PEPPOL_NETWORK is sandbox, test or production.", id="gatehouse.E001")
    if settings.PEPPOL_NETWORK == "sandbox":
        return
    for name, url in (
        ("SMP_URL", smp_address()),
        ("ACCESS_POINT_URL", access_point_address()),
        ("DIRECTORY_URL", settings.DIRECTORY_URL),
    ):
        if "/sandbox/" in url:
            yield Error(
                f"{name} points at the sandbox on the {settings.PEPPOL_NETWORK} network.",
                id="gatehouse.E002",
            )
    if not settings.SMP_TRUST_ANCHORS:
        yield Error("SMP_TRUST_ANCHORS is empty: no SMP could be believed.", id="gatehouse.E003")
    if not settings.ACCESS_POINT_CERTIFICATE:
        yield Error("ACCESS_POINT_CERTIFICATE is empty.", id="gatehouse.E004")
    if settings.BILLING_SELLER["name"] == "Gatehouse Sandbox":
        yield Warning(
            "BILLING_SELLER is not given: statements would name the sandbox as their seller.",
            id="gatehouse.W004",
        )
    if settings.WEBHOOK_ALLOWED_CIDRS:
        yield Warning(
            "WEBHOOK_ALLOWED_CIDRS opens private addresses to every customer's webhooks.",
            id="gatehouse.W001",
        )


@register(Tags.database, deploy=True)
def rules(databases: Any = None, **_: Any) -> Iterable[CheckMessage]:
    """Production judges by an official release, and by none that is out of date."""
    if not databases or settings.PEPPOL_NETWORK != "production":
        return
    used = [one for one, in_force in sets.shown() if in_force]
    if not any(one.official for one in used):
        yield Warning(
            "Documents are judged by the built-in rules.",
            hint="manage.py rules install takes the official release.",
            id="gatehouse.W006",
        )
    outdated = releases.outdated(max(one.mandatory_from for one in used), sets.today())
    if outdated:
        yield Warning(f"The rules are out of date: {outdated}", id="gatehouse.W007")


@register(Tags.security, deploy=True)
def secrets(**_: Any) -> Iterable[CheckMessage]:
    """Several machines share their secrets only when they are given."""
    if connection.vendor == "sqlite":
        return
    for name in (
        "SECRET_KEY",
        "API_KEY_PEPPER",
        "ENCRYPTION_KEYS",
        "USER_TOKEN_KEY",
        "OIDC_PRIVATE_KEY",
    ):
        if not env.str(name, default=""):
            yield Warning(
                f"{name} is not given, so each machine makes its own.", id="gatehouse.W002"
            )


@register(Tags.security, deploy=True)
def surroundings(**_: Any) -> Iterable[CheckMessage]:
    """What stands around the installation was said: mail, proxies, the access point's token."""
    local = ("localhost", "127.0.0.1", "::1")
    public = settings.SERVED_OVER_TLS and urlsplit(settings.BASE_URL).hostname not in local
    if settings.PEPPOL_NETWORK == "sandbox":
        if public:
            yield Error(
                "PEPPOL_NETWORK is sandbox on a public name: nothing would reach the network.",
                id="gatehouse.E008",
            )
        return
    if not env.str("EMAIL_URL", default=""):
        yield Error("EMAIL_URL is not given: nobody would get a mail.", id="gatehouse.E009")
    if not env.str("INBOUND_TOKEN", default=""):
        yield Error(
            "INBOUND_TOKEN is not given: the access point could forward nothing.",
            id="gatehouse.E010",
        )
    if settings.TRUSTED_PROXY_COUNT is None:
        yield Error(
            "TRUSTED_PROXY_COUNT is not given: limits would count all behind a proxy as one.",
            hint="The number of your proxies that a request passes; 0 for none.",
            id="gatehouse.E011",
        )


@register(Tags.security, deploy=True)
def several_processes(**_: Any) -> Iterable[CheckMessage]:
    """What several web processes share is where they all reach it."""
    if settings.WEB_CONCURRENCY < 2:
        return
    if connection.vendor == "sqlite":
        yield Error("WEB_CONCURRENCY is above 1 on SQLite.", id="gatehouse.E012")
    if not settings.REDIS_URL:
        yield Error(
            "WEB_CONCURRENCY is above 1 without REDIS_URL: each would count limits by itself.",
            id="gatehouse.E013",
        )


@register(Tags.security, deploy=True)
def transport(**_: Any) -> Iterable[CheckMessage]:
    """Keys travel over TLS."""
    if not settings.SERVED_OVER_TLS and settings.PEPPOL_NETWORK != "sandbox":
        yield Error("GATEHOUSE_BASE_URL must begin with https://.", id="gatehouse.E005")


@register(Tags.database, deploy=True)
def second_wall(databases: Any = None, **_: Any) -> Iterable[CheckMessage]:
    """Row-level security does not bind superusers."""
    if not databases or connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        (walks_through,) = cursor.fetchone()
    if walks_through:
        yield Warning(
            "The database role walks through row-level security.",
            hint="Use a role that is neither superuser nor BYPASSRLS.",
            id="gatehouse.W003",
        )
