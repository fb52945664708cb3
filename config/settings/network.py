"""The Peppol network, and whatever else is asked or called outside the installation."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.installation import BASE_URL, env, installation_secret

# --- The network (docs: README, "Configuration") ------------------------------------------------
# Taken for another one, "Production" would start as neither sandbox nor production.
PEPPOL_NETWORK = env.str("PEPPOL_NETWORK", default="sandbox").strip().lower()
if PEPPOL_NETWORK not in ("sandbox", "test", "production"):
    raise ImproperlyConfigured("PEPPOL_NETWORK is sandbox, test or production.")
# How the SMP is spoken to, and where it is.
SMP_DIALECT = env.str("SMP_DIALECT", default="phoss")
SMP_URL = env.str("SMP_URL", default=f"{BASE_URL}/sandbox/smp").rstrip("/")
# The SMP's address as the SML has it, where ours leads to it by another way.
SMP_PUBLIC_URL = env.str("SMP_PUBLIC_URL", default="").rstrip("/")
SMP_TOKEN = env.str("SMP_TOKEN", default="")
SMP_USERNAME = env.str("SMP_USERNAME", default="")
SMP_PASSWORD = env.str("SMP_PASSWORD", default="")
if PEPPOL_NETWORK == "sandbox" and not (SMP_TOKEN or SMP_PASSWORD):
    # Given ones are of an SMP that is no part of the sandbox.
    SMP_TOKEN = installation_secret("SANDBOX_SMP_TOKEN")
    SMP_USERNAME = SMP_USERNAME or "gatehouse"
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
# The nightly look at every registration: how many a night at most (0: none), how many a second, and
# from which hour on (UTC). What seems to be lost is looked at again after so many seconds.
REGISTRATION_WATCH = env.int("REGISTRATION_WATCH", default=10_000)
REGISTRATION_WATCH_PER_SECOND = env.float("REGISTRATION_WATCH_PER_SECOND", default=2.0)
REGISTRATION_WATCH_HOUR = env.int("REGISTRATION_WATCH_HOUR", default=1)
_IN_SANDBOX = PEPPOL_NETWORK == "sandbox"
REGISTRATION_WATCH_AGAIN = env.int("REGISTRATION_WATCH_AGAIN", default=10 if _IN_SANDBOX else 1800)
# So often it is looked whether another provider has released what is to come to us, in seconds.
RELEASE_WATCH = env.int("RELEASE_WATCH", default=10 if _IN_SANDBOX else 300)
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
# The service provider's own identifier (0242), to which the receiver's side sends what became of a
# document, where that is asked for.
MLS_TO = env.str("MLS_TO", default="0242:000001" if PEPPOL_NETWORK == "sandbox" else "")
# Whether statuses about what we receive are sent from here. A phoss-ap sends them by itself, and
# of each document there is one at most.
SENDS_MLS = env.bool(
    "SENDS_MLS",
    default=PEPPOL_NETWORK == "sandbox" or ACCESS_POINT_DIALECT == "phase4_standalone",
)
INBOUND_MODE = env.str("INBOUND_MODE", default="sync")
# How many documents are being sent at a time, by all workers together.
DOCUMENT_CONCURRENCY = env.int("DOCUMENT_CONCURRENCY", default=8)
# The countries whose tax authorities can be reported to, and by what: the dotted name of a function
# that takes a document and returns the authority's reference.
COMPLIANCE_REPORTERS = env.json(
    "COMPLIANCE_REPORTERS",
    default=dict.fromkeys(("BE", "FR", "IT"), "peppol.sandbox.reporter.report")
    if PEPPOL_NETWORK == "sandbox"
    else {},
)
# Whether the monthly reports to OpenPeppol (EUSR, TSR) are fetched and watched here.
NETWORK_REPORTS = env.bool("NETWORK_REPORTS", default=PEPPOL_NETWORK != "sandbox")
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

# --- Who companies are --------------------------------------------------------------------------
# What a company may not do before somebody has verified who it is: trusted, before_sending or
# before_registering. Staff may have it otherwise for a platform.
IDENTIFICATION_POLICY = env.str(
    "IDENTIFICATION_POLICY",
    default="before_sending" if PEPPOL_NETWORK == "production" else "trusted",
)
if IDENTIFICATION_POLICY not in ("trusted", "before_sending", "before_registering"):
    raise ImproperlyConfigured(
        "IDENTIFICATION_POLICY is trusted, before_sending or before_registering."
    )
# After how many days it is checked again, and for how many evidence is kept when it has ended.
IDENTIFICATION_DAYS = env.int("IDENTIFICATION_DAYS", default=730)
IDENTIFICATION_EVIDENCE_DAYS = env.int("IDENTIFICATION_EVIDENCE_DAYS", default=1826)

# What a company may not do before it has given its platform a mandate: none, before_sending or
# before_registering. Staff may have it otherwise for a platform.
MANDATE_POLICY = env.str("MANDATE_POLICY", default="none")
if MANDATE_POLICY not in ("none", "before_sending", "before_registering"):
    raise ImproperlyConfigured("MANDATE_POLICY is none, before_sending or before_registering.")

# --- Billing ------------------------------------------------------------------------------------
# Who issues the monthly statements, as JSON: name, country, vat_number, company_number,
# company_number_scheme, peppol_id, street, postal_code, city, contact, email, phone, iban.
BILLING_SELLER = env.json(
    "BILLING_SELLER",
    default={
        "name": "Gatehouse Sandbox",
        "country": "BE",
        "vat_number": "BE0202239951",
        "company_number": "0202239951",
        "company_number_scheme": "0208",
        "peppol_id": "0208:0202239951",
        "street": "Proefstraat 1",
        "postal_code": "1000",
        "city": "Brussel",
        "email": "billing@gatehouse.example",
        "iban": "BE71096123456769",
    },
)
# Percent, on what is sold at home and to consumers in the EU.
BILLING_VAT_RATE = env.str("BILLING_VAT_RATE", default="21")

# --- Custom domains -----------------------------------------------------------------------------
# The host name that platforms point their domains at; the installation's own unless given.
CUSTOM_DOMAIN_TARGET = env.str("CUSTOM_DOMAIN_TARGET", default="")
# What a TLS proxy on another machine shows when it asks which names are ours.
TLS_ASK_TOKEN = env.str("TLS_ASK_TOKEN", default="")
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
