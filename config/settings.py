"""Every setting of an installation, read from the environment; the defaults run embedded.

Embedded means SQLite, a Celery broker made of files and nothing else to install. `DATABASE_URL`
and `REDIS_URL` turn the same code into a production installation. Any variable may also be given
as `<NAME>_FILE`, the path of a file that holds it.
"""

import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import environ
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.urls import reverse_lazy

from config.looks import PORTAL, UNFOLD  # noqa: F401 — settings of the two sites

env = environ.FileAwareEnv()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("GATEHOUSE_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
TESTING = "pytest" in sys.modules


def _signing_key() -> str:
    """A new RSA key in PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def installation_secret(
    name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(64)
) -> str:
    """Return the secret `name` of this installation: from the environment, else from the data
    directory, where it is made at first use and readable by its owner alone."""
    given: str = env.str(name, default="")
    if given:
        return given
    if TESTING:
        return f"{name}-of-the-test-suite-which-protects-nothing-but-has-to-be-long"
    path = DATA_DIR / "keys" / name.lower()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(make())
    except FileExistsError:
        pass
    return path.read_text()


# --- The installation ---------------------------------------------------------------------------
BASE_URL = env.str("GATEHOUSE_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
SERVED_OVER_TLS = BASE_URL.startswith("https://")
DEBUG = env.bool("DJANGO_DEBUG", default=False)
SECRET_KEY = installation_secret("SECRET_KEY")
# Hashes of API keys and the encryption of webhook secrets stand or fall with these two.
API_KEY_PEPPER = installation_secret("API_KEY_PEPPER")
ENCRYPTION_KEYS = [key for key in installation_secret("ENCRYPTION_KEYS").split(",") if key]
# Custom domains come and go while we run, so our own middleware decides (config.hosts).
ALLOWED_HOSTS = ["*"]
OWN_HOSTS = [
    *(["testserver"] if TESTING else []),
    urlsplit(BASE_URL).hostname or "localhost",
    *env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"]),
]

# --- The network (docs: README, "Configuration") ------------------------------------------------
PEPPOL_NETWORK = env.str("PEPPOL_NETWORK", default="sandbox")
SMP_URL = env.str("SMP_URL", default=f"{BASE_URL}/sandbox/smp").rstrip("/")
# The SMP's address as the SML has it, where ours leads to it by another way.
SMP_PUBLIC_URL = env.str("SMP_PUBLIC_URL", default="").rstrip("/")
SMP_TOKEN = env.str("SMP_TOKEN", default="") or (
    installation_secret("SANDBOX_SMP_TOKEN") if PEPPOL_NETWORK == "sandbox" else ""
)
SMP_USERNAME = env.str("SMP_USERNAME", default="")
SMP_PASSWORD = env.str("SMP_PASSWORD", default="")
# PEM files of the certificate authorities whose signatures on SMP answers are believed.
SMP_TRUST_ANCHORS = env.list("SMP_TRUST_ANCHORS", default=[])
# The zone whose NAPTR records say at which SMP a participant is; empty means that nobody is asked.
SML_ZONE = env.str(
    "SML_ZONE",
    default={
        "production": "participant.sml.prod.tech.peppol.org",
        "test": "participant.sml.test.tech.peppol.org",
    }.get(PEPPOL_NETWORK, ""),
)
SMP_CONNECT_TIMEOUT = env.float("SMP_CONNECT_TIMEOUT", default=3.0)
SMP_READ_TIMEOUT = env.float("SMP_READ_TIMEOUT", default=10.0)
# How many registrations are worked on at a time, by all workers together.
REGISTRATION_CONCURRENCY = env.int("REGISTRATION_CONCURRENCY", default=4)
DIRECTORY_URL = env.str("DIRECTORY_URL", default=f"{BASE_URL}/sandbox/directory").rstrip("/")
ACCESS_POINT_URL = env.str("ACCESS_POINT_URL", default=f"{BASE_URL}/sandbox/ap").rstrip("/")
# What a registration publishes: the AS4 address and the certificate of the access point.
ACCESS_POINT_AS4_URL = env.str("ACCESS_POINT_AS4_URL", default=f"{ACCESS_POINT_URL}/as4")
ACCESS_POINT_CERTIFICATE = env.str("ACCESS_POINT_CERTIFICATE", default="")
# How it is spoken to: phoss_ap, or phase4_standalone, which keeps nothing and cannot be asked.
ACCESS_POINT_DIALECT = env.str("ACCESS_POINT_DIALECT", default="phoss_ap")
ACCESS_POINT_TOKEN = env.str("ACCESS_POINT_TOKEN", default="") or (
    installation_secret("SANDBOX_AP_TOKEN") if PEPPOL_NETWORK == "sandbox" else ""
)
ACCESS_POINT_TIMEOUT = env.float("ACCESS_POINT_TIMEOUT", default=30.0)
# What the access point shows when it forwards what it received, and whether it waits for our word.
INBOUND_TOKEN = installation_secret("INBOUND_TOKEN")
INBOUND_MODE = env.str("INBOUND_MODE", default="sync")
# How many documents are being sent at a time, by all workers together.
DOCUMENT_CONCURRENCY = env.int("DOCUMENT_CONCURRENCY", default=8)
# The countries whose tax authorities can be reported to, and by what.
COMPLIANCE_REPORTERS = (
    dict.fromkeys(("BE", "FR", "IT"), "peppol.sandbox.reporter.report")
    if PEPPOL_NETWORK == "sandbox"
    else {}
)
TECHNICAL_CONTACT_URL = env.str("TECHNICAL_CONTACT_URL", default="mailto:support@example.org")

# --- Names and numbers of companies -------------------------------------------------------------
# Where VAT numbers are checked: VIES, or by their check digits alone in the sandbox.
VIES_URL = env.str(
    "VIES_URL",
    default=""
    if PEPPOL_NETWORK == "sandbox"
    else "https://ec.europa.eu/taxation_customs/vies/rest-api",
)
VIES_TIMEOUT = env.float("VIES_TIMEOUT", default=4.0)

# --- Billing ------------------------------------------------------------------------------------
# Who issues the monthly statements, as JSON: name, country, vat_number, company_number,
# company_number_scheme, peppol_id, street, postal_code, city, contact, email, phone, iban.
BILLING_SELLER = env.json(
    "BILLING_SELLER",
    default={
        "name": "Gatehouse Sandbox", "country": "BE", "vat_number": "BE0202239951",
        "company_number": "0202239951", "company_number_scheme": "0208",
        "peppol_id": "0208:0202239951", "street": "Proefstraat 1", "postal_code": "1000",
        "city": "Brussel", "email": "billing@gatehouse.example", "iban": "BE71096123456769",
    },
)  # fmt: skip
# Percent, on what is sold at home and to consumers in the EU.
BILLING_VAT_RATE = env.str("BILLING_VAT_RATE", default="21")

# --- Custom domains -----------------------------------------------------------------------------
# The host name that platforms point their domains at; the installation's own unless given.
CUSTOM_DOMAIN_TARGET = env.str("CUSTOM_DOMAIN_TARGET", default="")
# Name servers to ask instead of the system's.
DNS_SERVERS = env.list("DNS_SERVERS", default=[])
DNS_PORT = env.int("DNS_PORT", default=53)

# --- Webhooks -----------------------------------------------------------------------------------
# Addresses that webhooks may reach although they are not public. The sandbox lists loopback.
WEBHOOK_ALLOWED_CIDRS = env.list(
    "WEBHOOK_ALLOWED_CIDRS",
    default=["127.0.0.0/8", "::1/128"] if PEPPOL_NETWORK == "sandbox" else [],
)

# How long finished deliveries and their attempts are kept; events stay.
WEBHOOK_RETENTION_DAYS = env.int("WEBHOOK_RETENTION_DAYS", default=30)

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
    "config.middleware.RequestContext",
    "config.hosts.KnownHosts",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.SecurityHeaders",
    "config.doors.SoundInput",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.PeoplesLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tenants.portal_site.visiting.Visiting",
]
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
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
                "tenants.portal_site.frame.frame",
            ]
        },
    }
]

# --- Truth: the database ------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'gatehouse.db'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A writer takes its lock when the transaction begins, so it waits instead of failing midway.
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.db"}
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = 60
# Workers of one machine that send webhooks at a time; SQLite has one writer anyway.
WEBHOOK_SENDERS = env.int(
    "WEBHOOK_SENDERS", default=1 if DATABASES["default"]["ENGINE"].endswith("sqlite3") else 2
)

# --- The messenger: Celery ----------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
CELERY_BROKER_URL = "memory://" if TESTING else REDIS_URL or "filesystem://"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
if CELERY_BROKER_URL == "filesystem://":
    QUEUE_DIR = DATA_DIR / "queue"
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, str | float] = {
        # Seconds between looks; the transport's own second is what somebody would wait.
        "polling_interval": 0.1,
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
    }
elif REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 2}
# Counters of the rate limits: exact over all processes on Redis, over all threads of one without.
RATE_LIMIT_STORAGE = REDIS_URL or "memory://"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# --- People -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "tenants.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_HASHERS = [
    f"django.contrib.auth.hashers.{'MD5' if TESTING else 'PBKDF2'}PasswordHasher",
    "apikeys.hashers.RandomSecret",
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = env.str(
    "ACCOUNT_EMAIL_VERIFICATION", default="none" if PEPPOL_NETWORK == "sandbox" else "mandatory"
)
# Where nobody has to confirm an address, a second factor cannot wait for it.
MFA_ALLOW_UNVERIFIED_EMAIL = ACCOUNT_EMAIL_VERIFICATION == "none"
ACCOUNT_ADAPTER = "tenants.portal_site.adapters.AccountAdapter"
MFA_ADAPTER = "tenants.portal_site.adapters.MfaAdapter"
HEADLESS_CLIENTS = ("app",)
HEADLESS_TOKEN_STRATEGY = "allauth.headless.tokens.strategies.jwt.JWTTokenStrategy"  # noqa: S105
HEADLESS_JWT_ALGORITHM = "HS256"
HEADLESS_JWT_PRIVATE_KEY = installation_secret("USER_TOKEN_KEY")
# The session that a token names is read on every request: signing out ends the token at once.
HEADLESS_JWT_STATEFUL_VALIDATION_ENABLED = True
_DAY = 86400
HEADLESS_JWT_ACCESS_TOKEN_EXPIRES_IN = env.int(
    "USER_TOKEN_SECONDS", default=14 * _DAY if PEPPOL_NETWORK == "sandbox" else 3600
)
HEADLESS_JWT_REFRESH_TOKEN_EXPIRES_IN = SESSION_COOKIE_AGE = 14 * _DAY
# Nobody has to be kept from guessing in a sandbox, and programs sign up by the dozen there.
ACCOUNT_RATE_LIMITS = (
    {"signup": "600/m/ip", "login": "600/m/ip"} if PEPPOL_NETWORK == "sandbox" else {}
)
# Machine tokens: an OIDC provider for the client credentials of organizations.
IDP_OIDC_ADAPTER = "config.oidc.Adapter"
IDP_OIDC_PRIVATE_KEY = (
    _signing_key() if TESTING else installation_secret("OIDC_PRIVATE_KEY", _signing_key)
)
IDP_OIDC_ACCESS_TOKEN_FORMAT = "jwt"  # noqa: S105
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = env.int("MACHINE_TOKEN_SECONDS", default=3600)
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("home")
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Gatehouse <gatehouse@localhost>")

# --- The web ------------------------------------------------------------------------------------
APPEND_SLASH = False  # a redirect would lose the body of a POST
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "tenants.portal_site.uploads.Limit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVED_OVER_TLS
SECURE_SSL_REDIRECT = SERVED_OVER_TLS
# A program that speaks plain HTTP has already leaked its key: it is refused, not redirected.
SECURE_REDIRECT_EXEMPT = [r"^(peppol-api|api|exchange|v1|health|internal)/"]
SECURE_HSTS_SECONDS = 365 * 86400 if SERVED_OVER_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SERVED_OVER_TLS
SECURE_REFERRER_POLICY = "same-origin"
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
X_FRAME_OPTIONS = "DENY"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True
# Each test's client loads the middleware anew, which would look for every static file each time.
WHITENOISE_AUTOREFRESH = TESTING
MEDIA_ROOT = DATA_DIR / "media"
PAYLOAD_BUCKET = env.str("PAYLOAD_S3_BUCKET", default="")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    # Payloads of documents: files, or a bucket of anything that speaks S3.
    "payloads": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": PAYLOAD_BUCKET,
            "endpoint_url": env.str("PAYLOAD_S3_ENDPOINT", default=None),
            "region_name": env.str("PAYLOAD_S3_REGION", default=None),
            "default_acl": "private",
            "file_overwrite": True,
        },
    }
    if PAYLOAD_BUCKET
    else {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": env.str("PAYLOAD_DIR", default=str(DATA_DIR / "payloads")),
            "file_permissions_mode": 0o600,
        },
    },
}
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("nl", "Nederlands"), ("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
LANGUAGE_COOKIE_AGE = 365 * _DAY
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
