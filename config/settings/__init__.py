"""Every setting of an installation, read from the environment; the defaults run embedded.

Embedded means SQLite, a Celery broker made of files and nothing else to install. `DATABASE_URL`
and `REDIS_URL` turn the same code into a production installation. Any variable may also be given
as `<NAME>_FILE`, the path of a file that holds it.
"""

from typing import Any

from config.api import registry
from config.settings.installation import *  # noqa: F403
from config.settings.installation import BASE_DIR, BASE_URL, DATA_DIR, SERVED_OVER_TLS, TESTING, env
from config.settings.network import *  # noqa: F403
from config.settings.people import *  # noqa: F403
from config.settings.work import *  # noqa: F403
from config.theme import PORTAL, UNFOLD  # noqa: F401 — settings of the two sites

# --- Applications -------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # the two sites are ours
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "config.apps.OperatorSite",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "allauth.idp.oidc",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "tenants",
    "apikeys",
    "webhooks",
    "peppol",
    "peppol.sandbox",
    "billing",
    "config.apps.Gatehouse",
]
MIDDLEWARE = [
    "config.row_scope.RowScope",
    "config.middleware.RequestContext",
    "config.hosts.KnownHosts",
    "django.middleware.security.SecurityMiddleware",
    "config.compression.Compression",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.SecurityHeaders",
    "config.input_guard.SoundInput",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.PeoplesLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.row_scope.Authentication",
    "tenants.web.custom_domains.CustomDomainPages",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tenants.ui.impersonation.ImpersonationMiddleware",
]
IMPORT_EXPORT_ESCAPE_ILLEGAL_CHARS_ON_EXPORT = True
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tenants.ui.layout.frame",
            ]
        },
    }
]

# --- The web ------------------------------------------------------------------------------------
APPEND_SLASH = False  # a redirect would lose the body of a POST
FILE_UPLOAD_HANDLERS = [
    "tenants.web.uploads.Limit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVED_OVER_TLS
SECURE_SSL_REDIRECT = SERVED_OVER_TLS
# A program that speaks plain HTTP has already leaked its key: it is refused, not redirected.
SECURE_REDIRECT_EXEMPT = [rf"^({'|'.join(registry.first_segments())}|health|internal)/"]
SECURE_HSTS_SECONDS = 365 * 86400 if SERVED_OVER_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SERVED_OVER_TLS
SECURE_REFERRER_POLICY = "same-origin"
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many proxies of ours a request passes, each of which says by whom it was called. None is for
# an installation that has not said: like 0, and `check --deploy` asks.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=None)
CSRF_TRUSTED_ORIGINS = [BASE_URL]
X_FRAME_OPTIONS = "DENY"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# What stands here is served in the place of an app's file of that name.
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
WHITENOISE_USE_FINDERS = True
# Addresses change with the contents.
WHITENOISE_MAX_AGE = 365 * 86400
# Each test's client loads the middleware anew, which would look for every static file each time.
WHITENOISE_AUTOREFRESH = TESTING
MEDIA_ROOT = DATA_DIR / "media"
PAYLOAD_BUCKET = env.str("PAYLOAD_S3_BUCKET", default="")


def _files(**place: str) -> dict[str, Any]:
    """Files, or a bucket of anything that speaks S3, whoever of several machines asks."""
    if not PAYLOAD_BUCKET:
        options: dict[str, Any] = {"allow_overwrite": True, **place}
        return {"BACKEND": "tenants.files.WholeFiles", "OPTIONS": options}
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": PAYLOAD_BUCKET,
            "endpoint_url": env.str("PAYLOAD_S3_ENDPOINT", default=None),
            "region_name": env.str("PAYLOAD_S3_REGION", default=None),
            "default_acl": "private",
            "file_overwrite": True,
        },
    }


STORAGES = {
    # Both are written with their rows, and by a worker to where they end up.
    "default": {"BACKEND": "tenants.storage.AfterCommit", "OPTIONS": {"behind": "media"}},
    "payloads": {"BACKEND": "tenants.storage.AfterCommit", "OPTIONS": {"behind": "payload_files"}},
    "staticfiles": {"BACKEND": "config.static_files.VersionedStaticFiles"},
    "media": _files(),
    "payload_files": _files(location=env.str("PAYLOAD_DIR", default=str(DATA_DIR / "payloads"))),
}
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("nl", "Nederlands"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 86400
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SERVED_OVER_TLS
USE_TZ = True
TIME_ZONE = "UTC"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    # It reads all surfaces as one document; each has a document of its own, checked by the tests.
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"context": {"()": "config.logs.Context"}},
    "formatters": {
        "json": {
            "()": "config.logs.Redacted",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
            "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
        }
    },
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "filters": ["context"],
            "formatter": "json",
        }
    },
    "loggers": {
        # It warns at every connection that a broker made of files has no host name.
        "kombu.connection": {"level": "ERROR"},
        "celery": {"level": env.str("CELERY_LOG_LEVEL", default="WARNING")},
        # Our own request log says the same with more; what fails is logged where it is dressed.
        "django.server": {"level": "ERROR"},
        "py.warnings": {"level": "ERROR"},
        # It tells of every table of a font that goes into a PDF.
        "fontTools": {"level": "WARNING"},
    },
    "root": {"handlers": ["stdout"], "level": env.str("LOG_LEVEL", default="INFO")},
}
