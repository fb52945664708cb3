"""Mails: post one inside a change's transaction; a worker writes and sends it."""

import logging
from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from tenants import background
from tenants.models import Mail, Organization
from tenants.services import branding, domains

logger = logging.getLogger(__name__)

# Longer than a mail server is waited for, so that no living sender loses its claim.
_LEASE = timedelta(minutes=2)
_RETRIES = [timedelta(minutes=n) for n in (1, 5, 30, 120, 480)]

Facts = dict[str, Any]
_LETTERS: dict[str, Callable[[Mail], Facts | None]] = {}


def declare(template: str, facts: Callable[[Mail], Facts | None]) -> str:
    """Enter a kind of mail: `facts` gathers what its templates show, at the time of sending.

    None means that the mail is no longer wanted. The templates are `mails/<template>.txt`, whose
    first line is the subject, and `.html`.
    """
    _LETTERS[template] = facts
    return template


def post(organization: Organization, template: str, *, to: str, facts: Facts) -> Mail:
    """Have a mail sent once the transaction commits; the mail is about `organization`."""
    mail = Mail.objects.create(organization=organization, template=template, to=to, facts=facts)
    background.wake("mails")
    return mail


def drain(limit: int = 50) -> int:
    """Send what is due and return how many mails were tried.

    Each is claimed first, so that two workers never send the same one at a time. A worker that
    dies after sending and before saying so makes its mail go out twice, never not at all.
    """
    tried = 0
    for mail in Mail.objects.due().select_related("organization__parent")[:limit]:
        if _claim(mail):
            _send(mail)
            tried += 1
    return tried


def _claim(mail: Mail) -> bool:
    lease = timezone.now() + _LEASE
    return bool(
        Mail.objects.due()
        .filter(pk=mail.pk, next_attempt_at=mail.next_attempt_at)
        .update(next_attempt_at=lease, attempt_count=mail.attempt_count + 1)
    )


def _send(mail: Mail) -> None:
    facts = _LETTERS[mail.template](mail)
    if facts is None:
        _settle(mail, Mail.State.DROPPED)
        return
    try:
        write(mail, facts).send()
    except (SMTPException, OSError) as error:
        _put_off(mail, f"{type(error).__name__}: {error}")
    else:
        _settle(mail, Mail.State.SENT)


def write(mail: Mail, facts: Facts) -> EmailMultiAlternatives:
    """Compose the message in both forms; the text's first line becomes the subject."""
    # A managed company's people know its platform; nobody knows us.
    sender = mail.organization.parent or mail.organization
    looks = branding.looks_of(sender)
    context = {
        "organization": mail.organization,
        "sender_name": looks.name if looks else sender.title,
        "color": looks.strong if looks else branding.OURS,
        "logo": f"{domains.address_of(sender)}{looks.logo}" if looks and looks.logo else "",
        **facts,
    }
    with translation.override(language_of(sender)):
        plain = render_to_string(f"mails/{mail.template}.txt", context)
        html = render_to_string(f"mails/{mail.template}.html", context)
    subject, _, text = plain.partition("\n")
    message = EmailMultiAlternatives(subject.strip(), text.strip() + "\n", to=[mail.to])
    if looks and looks.support:
        message.reply_to = [looks.support]
    message.attach_alternative(html, "text/html")
    return message


def language_of(organization: Organization) -> str:
    """The language that `organization` chose for its mails; English where it chose none of ours."""
    chosen = str(organization.defaults.get("language"))
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _settle(mail: Mail, state: Mail.State) -> None:
    Mail.objects.filter(pk=mail.pk).update(
        state=state, sent_at=timezone.now(), next_attempt_at=None, last_error=""
    )


def _put_off(mail: Mail, error: str) -> None:
    logger.warning("A mail could not be sent: %s", error)
    retries = _RETRIES[mail.attempt_count : mail.attempt_count + 1]
    Mail.objects.filter(pk=mail.pk).update(
        state=Mail.State.PENDING if retries else Mail.State.FAILED,
        next_attempt_at=timezone.now() + retries[0] if retries else None,
        last_error=error[:255],
    )
