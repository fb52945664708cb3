"""Writes to client links: one is made for a company and a purpose, opened, used, taken back.

An app declares its purposes with `declare`; what their pages show is said in `tenants.web`.
"""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop

from tenants import events, persistence
from tenants.actors import Actor
from tenants.errors import Invalid, NotFound, WrongState
from tenants.models import ClientLink, Mail, Organization
from tenants.services import client_origins, domains, mails

MADE = events.declare("company.link_made", "A link for a company's own people was made.")
OPENED = events.declare("company.link_opened", "A client link was opened.")
USED = events.declare(
    "company.link_used",
    "A company's own people did what a client link was for.",
    public=True,
    example={"link": {"id": "0197a1f4-5c1e-7c3e-a1b2-9f1f6f0c2b11", "purpose": "profile"}},
)
REVOKED = events.declare("company.link_revoked", "A client link was taken back.")

VALID_FOR = timedelta(days=3)
LONGEST, SHORTEST = timedelta(days=14), timedelta(minutes=5)
# The audit trail remembers them; their rows nobody needs after so long.
KEEP = timedelta(days=90)
# For how long whoever opened it may take to do what it is for.
VISIT = timedelta(hours=1)
_ACTING = (Organization.Status.ACTIVE, Organization.Status.PENDING)


@dataclass(frozen=True)
class Purpose:
    """What a client link is for: its name for programs, what people are told of it, and which
    companies lack it (None: it is nothing that could be lacked)."""

    name: str
    title: Any
    lead: Any
    lacking: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None


# In the order in which a client is asked for them.
PURPOSES: dict[str, Purpose] = {}


def declare(purpose: Purpose) -> Purpose:
    """Enter a purpose, after those that were declared before."""
    PURPOSES[purpose.name] = purpose
    return purpose


@transaction.atomic
def make(
    company: Organization,
    purpose: str,
    *,
    by: Actor,
    return_url: str = "",
    valid_for: timedelta = VALID_FOR,
    send_to: str = "",
) -> ClientLink:
    """Make a link, and send it by mail where `send_to` says so; `address_of` is where it leads.

    Raises Invalid for an unknown purpose, a return address that the platform does not allow or a
    time that is too short or long, WrongState for a company without a platform or that is stopped.
    """
    company = Organization.objects.select_related("parent").get(pk=company.pk)
    if company.parent is None or not may_be_visited(company):
        sentence = "Links are for the companies of a platform, while neither is suspended."
        raise WrongState(sentence, code="not_active")
    if purpose not in PURPOSES:
        values = {"known": ", ".join(PURPOSES)}
        raise Invalid(
            "The purpose is one of %(known)s.", values=values, fields={"purpose": ["unknown"]}
        )
    if not SHORTEST <= valid_for <= LONGEST:
        raise Invalid("A link is good for 5 minutes to 14 days.", code="bad_duration")
    link = ClientLink(
        organization=company,
        purpose=purpose,
        return_url=client_origins.check_return(company.parent, return_url),
        sent_to=send_to,
        expires_at=timezone.now() + valid_for,
    )
    link.token_digest = _digest(_token_of(link))
    persistence.insert(link)
    if send_to:
        mails.post(company, LETTER, to=send_to, context={"id": str(link.pk)})
    _note(link, MADE, by, changes={"sent_to": [None, send_to]} if send_to else {})
    return link


_CLOSED = {
    "opened": gettext_noop("This link was opened already. Ask for a new one."),
    "used": gettext_noop("This link was used already."),
    "expired": gettext_noop("This link has expired. Ask for a new one."),
    "revoked": gettext_noop("This link was taken back."),
}


def find(token: str) -> ClientLink:
    """The link behind an address, whatever became of it; reads only. Raises NotFound."""
    return _found(token_digest=_digest(token))


def check_open(link: ClientLink) -> None:
    """Raise WrongState where the link opens nothing any more."""
    if link.state != ClientLink.State.OPEN:
        raise _closed(link)


def visit(secret: str) -> ClientLink:
    """The opened link behind the secret of a visit; reads only.

    Raises NotFound, and WrongState once it was used, taken back or the visit is over.
    """
    link = _found(session_digest=_digest(secret))
    if link.state != ClientLink.State.OPENED:
        raise _closed(link)
    return link


@transaction.atomic
def begin_visit(link: ClientLink) -> str:
    """Begin the one visit that a link is good for; its secret. Raises WrongState."""
    secret, now = secrets.token_urlsafe(32), timezone.now()
    # Of two that open it at once, one finds it closed.
    begun = ClientLink.objects.open().filter(pk=link.pk)
    facts = {"opened_at": now, "session_ends_at": now + VISIT, "session_digest": _digest(secret)}
    if not begun.update(**facts):
        raise _closed(_anew(link))
    _note(link, OPENED, actor_of(link))
    return secret


@transaction.atomic
def use(link: ClientLink) -> ClientLink:
    """Note that what the link is for was done: it opens nothing any more.

    Called in the transaction of what is done, before it. Raises WrongState for whoever comes late.
    """
    now = timezone.now()
    if not ClientLink.objects.visited().filter(pk=link.pk).update(used_at=now):
        raise _closed(_anew(link))
    link.used_at = now
    _note(link, USED, actor_of(link))
    return link


@transaction.atomic
def revoke(link: ClientLink, *, by: Actor) -> ClientLink:
    """Take a link back, opened or not. Raises WrongState where it opens nothing any more."""
    now = timezone.now()
    if link.state not in (ClientLink.State.OPEN, ClientLink.State.OPENED):
        raise _closed(link)
    if not ClientLink.objects.unused().filter(pk=link.pk).update(revoked_at=now):
        raise _closed(_anew(link))
    link.revoked_at = now
    _note(link, REVOKED, by)
    return link


def forget_old(most: int = 5000) -> int:
    """Delete the links that opened nothing any more for ninety days; how many."""
    over = ClientLink.objects.filter(expires_at__lt=timezone.now() - KEEP).order_by("expires_at")
    gone, _ = ClientLink.objects.filter(
        pk__in=list(over.values_list("pk", flat=True)[:most])
    ).delete()
    return gone


def address_of(link: ClientLink) -> str:
    """Where a link leads. Its token is made from its id, so that it is stored nowhere."""
    home = domains.address_of(link.organization)
    return f"{home}{reverse('client_link', args=[_token_of(link)])}"


def actor_of(link: ClientLink) -> Actor:
    """Whom the audit trail names for what is done by a link."""
    return Actor("link", str(link.pk), "client link")


def may_be_visited(company: Organization) -> bool:
    """Whether the links of a company open anything: neither it nor its platform is stopped."""
    open_ = company.status in _ACTING and company.deleted_at is None
    return open_ and (company.parent is None or may_be_visited(company.parent))


def _found(**digest: str) -> ClientLink:
    rows = ClientLink.objects.select_related("organization__parent")
    link = rows.filter(**digest).first()
    if link is None or not may_be_visited(link.organization) or link.purpose not in PURPOSES:
        raise NotFound("Link")
    return link


def _anew(link: ClientLink) -> ClientLink:
    # Not whose it is, which need not be in sight here.
    times = ("expires_at", "opened_at", "session_ends_at", "used_at", "revoked_at")
    link.refresh_from_db(fields=times)
    return link


def _token_of(link: ClientLink) -> str:
    mac = salted_hmac("tenants.client_link", str(link.pk), algorithm="sha256")
    return urlsafe_b64encode(mac.digest()).decode().rstrip("=")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def _closed(link: ClientLink) -> WrongState:
    state = str(link.state)
    return WrongState(_CLOSED.get(state, _CLOSED["expired"]), code=f"link_{state}")


def _note(link: ClientLink, event: str, by: Actor, **details: Any) -> None:
    said = {"link": {"id": str(link.pk), "purpose": link.purpose}}
    events.record(link.organization, event, by=by, data=said, **details)


def _letter(mail: Mail) -> dict[str, Any] | None:
    link = ClientLink.objects.open().filter(pk=mail.context["id"]).first()
    if link is None:
        return None
    company = Organization.objects.select_related("parent").get(pk=link.organization_id)
    if link.purpose not in PURPOSES or not may_be_visited(company):
        return None
    link.organization = company
    sender = company.parent or company
    return {
        "client_link": link,
        "purpose": PURPOSES[link.purpose],
        "platform": sender.title,
        "link": address_of(link),
    }


LETTER = mails.declare("client_link", _letter)
