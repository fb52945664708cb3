"""Mails: post one inside a change's transaction; a worker writes and sends it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from tenants import background, events, leases
from tenants.actors import Actor
from tenants.errors import WrongState
from tenants.models import Mail, Organization
from tenants.outside_text import without_secrets
from tenants.services import branding, domains

RETRIED = events.declare("mail.retried", "A mail that could not be sent was tried again.")
DROPPED = events.declare("mail.dropped", "A mail that waited was taken back.")
logger = logging.getLogger(__name__)

# Longer than a mail server is waited for, so that no living sender loses its claim.
_LEASE = timedelta(minutes=2)
# Of what was sent, or is not wanted any more, nobody needs the row after so long.
KEEP = timedelta(days=90)
_RETRIES = [timedelta(minutes=n) for n in (1, 5, 30, 120, 480)]

Context = dict[str, Any]


@dataclass(frozen=True)
class Letter:
    """A kind of mail: what its templates show, and whether it is we who write it."""

    context: Callable[[Mail], Context | None]
    from_us: bool


_LETTERS: dict[str, Letter] = {}


def declare(
    template: str, context: Callable[[Mail], Context | None], *, from_us: bool = False
) -> str:
    """Enter a kind of mail: `context` gathers what its templates show, at the time of sending.

    What it names `attachments` (name, content, media type) goes along as files, `headers` with the
    mail's own; `language` is what it is written in, else the platform's.
    None means that the mail is no longer wanted. The templates are `mails/<template>.txt`, whose
    first line is the subject, and `.html`. It is in the platform's looks unless it is `from_us`.
    """
    _LETTERS[template] = Letter(context, from_us)
    return template


def post(organization: Organization, template: str, *, to: str, context: Context) -> Mail:
    """Have a mail sent once the transaction commits; the mail is about `organization`."""
    mail = Mail.objects.create(organization=organization, template=template, to=to, context=context)
    background.wake("mails")
    return mail


@transaction.atomic
def send_again(mail: Mail, *, by: Actor) -> Mail:
    """Have a mail that failed tried again from the start. Raises WrongState."""
    again = {"state": Mail.State.PENDING, "attempt_count": 0, "next_attempt_at": timezone.now()}
    if not Mail.objects.filter(pk=mail.pk, state=Mail.State.FAILED).update(**again):
        raise WrongState("This mail did not fail.", code="not_failed")
    events.record(mail.organization, RETRIED, by=by, data={"mail": {"template": mail.template}})
    background.wake("mails")
    mail.refresh_from_db()
    return mail


@transaction.atomic
def drop(mail: Mail, *, by: Actor) -> Mail:
    """Have a mail not sent that waits. Raises WrongState when it is out, or given up."""
    gone = {"state": Mail.State.DROPPED, "next_attempt_at": None}
    if not Mail.objects.filter(pk=mail.pk, state=Mail.State.PENDING).update(**gone):
        raise WrongState("This mail does not wait any more.", code="not_pending")
    events.record(mail.organization, DROPPED, by=by, data={"mail": {"template": mail.template}})
    mail.refresh_from_db()
    return mail


def forget_old(most: int = 5000) -> int:
    """Forget mails that were sent, or dropped, long ago; how many."""
    done = Mail.objects.filter(state__in=(Mail.State.SENT, Mail.State.DROPPED))
    old = done.filter(created_at__lt=timezone.now() - KEEP).values_list("pk", flat=True)[:most]
    return Mail.objects.filter(pk__in=list(old)).delete()[0]


def drain(limit: int = 50) -> int:
    """Send what is due and return how many mails were tried.

    Each is claimed first, so that two workers never send the same one at a time. A worker that
    dies after sending and before saying so makes its mail go out twice, never not at all.
    """
    tried = 0
    for mail in Mail.objects.due().select_related("organization__parent")[:limit]:
        if leases.take(mail, "next_attempt_at", _LEASE, attempt_count=mail.attempt_count + 1):
            _send(mail)
            tried += 1
    return tried


def _send(mail: Mail) -> None:
    try:
        context = _LETTERS[mail.template].context(mail)
        if context is not None:
            write(mail, context).send()
    except Exception as error:
        # One that cannot be written or sent, whatever the reason, keeps no other one waiting.
        _put_off(mail, without_secrets(f"{type(error).__name__}: {error}"))
    else:
        _settle(mail, Mail.State.DROPPED if context is None else Mail.State.SENT)


def write(mail: Mail, context: Context) -> EmailMultiAlternatives:
    """Compose the message in both forms; the text's first line becomes the subject."""
    # A managed company's people know its platform; nobody knows us.
    sender = mail.organization.parent or mail.organization
    looks = _looks_of(sender, from_us=_LETTERS[mail.template].from_us)
    context = {
        "organization": mail.organization,
        **frame(looks, domains.address_of(sender)),
        **context,
    }
    with translation.override(context.get("language") or language_of(sender)):
        plain = render_to_string(f"mails/{mail.template}.txt", context)
        html = render_to_string(f"mails/{mail.template}.html", context)
    subject, _, text = plain.strip().partition("\n")
    message = EmailMultiAlternatives(
        subject.strip(),
        text.strip() + "\n",
        from_of(looks),
        [mail.to],
        reply_to=reply_to(looks),
        headers=context.get("headers"),
    )
    message.attach_alternative(html, "text/html")
    for name, content, media_type in context.get("attachments", ()):
        message.attach(name, content, media_type)
    return message


def _looks_of(sender: Organization, *, from_us: bool) -> branding.Looks:
    if from_us:
        return branding.ours()
    return branding.looks_of(sender) or branding.Looks(sender.title, "", "", "")


def from_of(looks: branding.Looks) -> str:
    """Whom a mail says it is from: the name people know, at the one address we send from."""
    # A header is one line, whatever somebody's name is.
    name = " ".join(looks.name.split())
    return formataddr((name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def reply_to(looks: branding.Looks) -> list[str]:
    """Where answers to a mail go, where that is not to us."""
    return [looks.support] if looks.support else []


def frame(looks: branding.Looks, address: str) -> Context:
    """What stands around a mail's text: the sender's name, colours and logo at `address`."""
    return {
        "sender_name": looks.name,
        "color": looks.strong,
        "light": looks.light,
        "logo": f"{address}{looks.logo}" if looks.logo else "",
    }


def language_of(organization: Organization) -> str:
    """The language that `organization` chose to be written to in; English where none of ours."""
    chosen = str(organization.defaults.get("language"))
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _settle(mail: Mail, state: Mail.State) -> None:
    leases.held(mail, "next_attempt_at").update(
        state=state, sent_at=timezone.now(), next_attempt_at=None, last_error=""
    )


def _put_off(mail: Mail, error: str) -> None:
    logger.warning("A mail could not be sent: %s", error)
    retries = _RETRIES[mail.attempt_count - 1 : mail.attempt_count]
    leases.held(mail, "next_attempt_at").update(
        state=Mail.State.PENDING if retries else Mail.State.FAILED,
        next_attempt_at=timezone.now() + retries[0] if retries else None,
        last_error=error[:255],
    )
