"""The sandbox's outbox: mails that were sent, to be read in the admin. No server carries them."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.mail.backends.console import EmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tenants.ids import uuid7

_KEPT = 200


class Outbox(EmailBackend):
    """Writes mails to the console, and keeps the newest as files."""

    def write_message(self, message: Any) -> None:
        super().write_message(message)
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / f"{uuid7()}.eml").write_bytes(message.message().as_bytes())
        for old in _newest_first()[_KEPT:]:
            old.unlink(missing_ok=True)


def is_kept(request: HttpRequest) -> bool:
    """Whether this installation keeps its mails: a sandbox that has no mail server does."""
    return bool(f"{__name__}.{Outbox.__name__}" == settings.EMAIL_BACKEND)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`/admin/outbox/`: what was sent, newest first."""
    _only_where_kept(request)
    rows = [{"name": path.stem, **_facts(path, _read(path))} for path in _newest_first()]
    context = {**admin.site.each_context(request), "title": _("Outbox"), "mails": rows}
    return TemplateResponse(request, "admin/sandbox/mailbox.html", context)


@require_safe
def show(request: HttpRequest, name: str) -> HttpResponse:
    """`/admin/outbox/<name>/`: one mail, as HTML and as text."""
    _only_where_kept(request)
    path = next((p for p in _newest_first() if p.stem == name), None)
    if path is None:
        raise Http404
    mail = _read(path)
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    context = {
        **admin.site.each_context(request),
        "title": mail["Subject"] or gettext("A mail"),
        "mail": _facts(path, mail),
        "html": html.get_content() if html else "",
        "text": text.get_content() if text else "",
    }
    return TemplateResponse(request, "admin/sandbox/mail.html", context)


def _only_where_kept(request: HttpRequest) -> None:
    if not is_kept(request):
        raise Http404


def _facts(path: Path, mail: EmailMessage) -> dict[str, Any]:
    named = {name: str(mail[name] or "") for name in ("subject", "to", "from")}
    sent = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return {**named, "answers": str(mail["reply-to"] or ""), "sent": sent}


def _read(path: Path) -> EmailMessage:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(mail, EmailMessage)  # noqa: S101 — for the type checker; the policy says so
    return mail


def _newest_first() -> list[Path]:
    return sorted(_folder().glob("*.eml"), reverse=True)


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "outbox"
