"""How people and machines sign in, and how they are written to."""

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.urls import reverse_lazy

from config.settings.installation import TESTING, env, installation_secret
from config.settings.network import PEPPOL_NETWORK


def _signing_key() -> str:
    """A new RSA key in PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


AUTH_USER_MODEL = "tenants.User"
# Mails of what happens to companies: so many of a kind for each a day, and files of so many bytes.
MAILS_A_DAY = env.int("MAILS_A_DAY", default=200)
MAIL_MOST_BYTES = env.int("MAIL_MOST_BYTES", default=7 * 1024 * 1024)
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
# The first one hashes; whoever signs in with a hash of another one gets a new one. scrypt takes
# memory too, which makes guessing dear, and a third of the time of PBKDF2.
PASSWORD_HASHERS = [
    f"django.contrib.auth.hashers.{'MD5' if TESTING else 'Scrypt'}PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "apikeys.hashers.RandomSecret",
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = env.str(
    "ACCOUNT_EMAIL_VERIFICATION", default="none" if PEPPOL_NETWORK == "sandbox" else "mandatory"
)
# Who finds a browser open changes nothing that lasts, and the person hears of what changed.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Where nobody has to confirm an address, a second factor cannot wait for it.
MFA_ALLOW_UNVERIFIED_EMAIL = ACCOUNT_EMAIL_VERIFICATION == "none"
ACCOUNT_ADAPTER = "tenants.web.allauth.AccountAdapter"
# A code that was read before its half minute ended is good when it arrives (RFC 6238, 5.2).
MFA_TOTP_TOLERANCE = 1
MFA_ADAPTER = "tenants.web.allauth.MfaAdapter"
HEADLESS_CLIENTS = ("app",)
HEADLESS_TOKEN_STRATEGY = "tenants.web.tokens.TokenStrategy"  # noqa: S105
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
if PEPPOL_NETWORK == "sandbox" and EMAIL_CONFIG["EMAIL_BACKEND"].endswith(".console.EmailBackend"):
    EMAIL_BACKEND = "config.sandbox.mailbox.Outbox"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Gatehouse <gatehouse@localhost>")
