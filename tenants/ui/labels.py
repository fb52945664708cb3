"""What models, their fields and our programs are called on pages, in the reader's language.

Programs read these names in English, so they stand unmarked where they are declared.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from tenants.access import staff
from tenants.models import Event, Organization

MODELS = (
    (gettext_noop("access point"), gettext_noop("access points")),
    (gettext_noop("billing address"), gettext_noop("billing addresses")),
    (gettext_noop("branding"), gettext_noop("brandings")),
    (gettext_noop("bulk operation"), gettext_noop("bulk operations")),
    (gettext_noop("circuit"), gettext_noop("circuits")),
    (gettext_noop("custom domain"), gettext_noop("custom domains")),
    (gettext_noop("event"), gettext_noop("events")),
    (gettext_noop("heartbeat"), gettext_noop("heartbeats")),
    (gettext_noop("mail"), gettext_noop("mails")),
    (gettext_noop("plan"), gettext_noop("plans")),
    (gettext_noop("platform application"), gettext_noop("platform applications")),
    (gettext_noop("register import"), gettext_noop("register imports")),
    (gettext_noop("registered company"), gettext_noop("registered companies")),
    (gettext_noop("seal"), gettext_noop("seals")),
    (gettext_noop("subscription"), gettext_noop("subscriptions")),
    (gettext_noop("user"), gettext_noop("users")),
    (gettext_noop("impersonation"), gettext_noop("impersonations")),
)
FIELDS = (
    gettext_noop("address line1"),
    gettext_noop("address line2"),
    gettext_noop("AS4 address"),
    gettext_noop("attempt count"),
    gettext_noop("Base64 of DER, in one line."),
    gettext_noop("beat at"),
    gettext_noop("billing contact"),
    gettext_noop("certificate"),
    gettext_noop("city"),
    gettext_noop("code"),
    gettext_noop("company fee"),
    gettext_noop("A month, for each company."),
    gettext_noop("company limit"),
    gettext_noop("completed at"),
    gettext_noop("compliance reports"),
    gettext_noop("concurrency"),
    gettext_noop("country"),
    gettext_noop("created at"),
    gettext_noop("currency"),
    gettext_noop("description"),
    gettext_noop("detail"),
    gettext_noop("direction"),
    gettext_noop("display name"),
    gettext_noop("document type"),
    gettext_noop("email"),
    gettext_noop("environment"),
    gettext_noop("event types"),
    gettext_noop("expected companies"),
    gettext_noop("extract"),
    gettext_noop("failures"),
    gettext_noop("In a row."),
    gettext_noop("fingerprint"),
    gettext_noop("SHA-256 of the certificate."),
    gettext_noop("finished at"),
    gettext_noop("first name"),
    gettext_noop("for platforms"),
    gettext_noop("May be chosen by those who manage companies."),
    gettext_noop("forward attempts"),
    gettext_noop("handle"),
    gettext_noop("host"),
    gettext_noop("identifier"),
    gettext_noop("included documents"),
    gettext_noop("invited by"),
    gettext_noop("is active"),
    gettext_noop("is offered"),
    gettext_noop("May be chosen by customers."),
    gettext_noop("issued on"),
    gettext_noop("kind"),
    gettext_noop("last name"),
    gettext_noop("legal form"),
    gettext_noop("logo url"),
    gettext_noop("metadata"),
    gettext_noop("month"),
    gettext_noop("monthly fee"),
    gettext_noop("name"),
    gettext_noop("next attempt at"),
    gettext_noop("next check at"),
    gettext_noop("number"),
    gettext_noop("operator staff"),
    gettext_noop("organization"),
    gettext_noop("overage price"),
    gettext_noop("postal code"),
    gettext_noop("primary color"),
    gettext_noop("properties"),
    gettext_noop("reason"),
    gettext_noop("receiver"),
    gettext_noop("recipient"),
    gettext_noop("recipient additions"),
    gettext_noop("reference"),
    gettext_noop("The authority's own."),
    gettext_noop("requests per hour"),
    gettext_noop("requests per minute"),
    gettext_noop("revoked reason"),
    gettext_noop("role"),
    gettext_noop("rows"),
    gettext_noop("retry schedule"),
    gettext_noop("Seconds between attempts; empty means the standard."),
    gettext_noop("scopes"),
    gettext_noop("sender"),
    gettext_noop("smp"),
    gettext_noop("snapshot on"),
    gettext_noop("started at"),
    gettext_noop("started on"),
    gettext_noop("state"),
    gettext_noop("status"),
    gettext_noop("step"),
    gettext_noop("street"),
    gettext_noop("support email"),
    gettext_noop("template"),
    gettext_noop("test mode"),
    gettext_noop("timeout seconds"),
    gettext_noop("to"),
    gettext_noop("updated at"),
    gettext_noop("uri"),
    gettext_noop("url"),
    gettext_noop("VAT id"),
    gettext_noop("VAT number"),
    gettext_noop("white label"),
    gettext_noop("verify companies"),
    gettext_noop("New companies of whoever is on it wait until staff have verified them."),
    gettext_noop("stops at its documents"),
    gettext_noop("Sending stops when the included documents are used up."),
    gettext_noop("documents sent a day"),
    gettext_noop("No more are sent on one day; empty means any number."),
    gettext_noop("doubted"),
    gettext_noop("looked at"),
    gettext_noop("unanswered"),
    gettext_noop("different"),
)
# Values that no model names the way they are written.
VALUES = (gettext_noop("Admin"), gettext_noop("Withdrawn"))
# Fields whose values are words of ours.
CHOSEN = frozenset({"environment", "kind", "role", "state", "status"})
# Who acts where nobody does.
PROGRAMS = (
    gettext_noop("billing"),
    gettext_noop("client link"),
    gettext_noop("compliance"),
    gettext_noop("documents"),
    gettext_noop("domain check"),
    gettext_noop("import"),
    gettext_noop("logo fetch"),
    gettext_noop("quota"),
    gettext_noop("registration"),
    gettext_noop("sign-in"),
    gettext_noop("time limit"),
    gettext_noop("transmission"),
    gettext_noop("VAT register"),
    gettext_noop("webhook sender"),
)


def translate(models: Iterable[type[Model]]) -> None:
    """Have the names of models and fields read in the language of the page."""
    for model in models:
        options = model._meta
        if not isinstance(options.verbose_name, Promise):
            # What has no plural of its own was given one from the singular, with an s.
            plural = _(str(options.verbose_name_plural))
            options.verbose_name, options.verbose_name_plural = _named(options.verbose_name), plural
        for field in (*options.fields, *options.many_to_many):
            field.verbose_name = _named(field.verbose_name)
            field.help_text = _named(field.help_text)


def _named(text: Any) -> Any:
    return _(text) if text and not isinstance(text, Promise) else text


def column(name: str) -> str:
    """A field as it is called on pages, by its name in Python; an organization's by its title."""
    titles = {field.name: field.verbose_name for field in Organization._meta.fields}
    # A state is a registration's or a document's; the organization's is a part of its address.
    titled = name in titles and name not in CHOSEN
    return capfirst(str(titles[name]) if titled else gettext(_spaced(name)))


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def choice(value: Any) -> str:
    """The value of such a field as it is called on pages."""
    return gettext(_spaced(str(value)).capitalize())


def actor(kind: str, label: str) -> str:
    """Who did something; a program goes by its name in the reader's language."""
    return gettext(label) if kind in ("system", "link") and label else label


# What the operator alone does. Whoever it is done to deals with the operator, not with a person.
OPERATORS = ("application.approved", "application.rejected", "application.info_requested")


def actor_of(event: Event, *, for_staff: bool) -> str:
    """Who did what an event tells; of the operator's people only staff read the address, and of
    a platform's none of its companies (`tenants.ui.outsiders`)."""
    if not for_staff and event.actor_kind == "user" and _is_the_operators(event):
        return gettext("The operator")
    if not for_staff and (platform := getattr(event, "by_platform", "")):
        return str(platform)
    return actor(event.actor_kind, event.actor_label)


def _is_the_operators(event: Event) -> bool:
    return event.type in OPERATORS or event.actor_id in staff.ids()


# Under which word events keep what they are about, and by what of it people know it.
_SUBJECTS = (
    ("member", "email"),
    ("key", "name"),
    ("endpoint", "url"),
    ("participant", "identifier"),
    ("document", "number"),
)


def subject_of(event: Event) -> str:
    """Which person, key, webhook or identifier an event is about; nothing of other events."""
    kept: Any = event.data
    found = (kept[word].get(name) for word, name in _SUBJECTS if isinstance(kept.get(word), dict))
    return next((str(text) for text in found if text), "")
