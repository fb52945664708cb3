"""What every log line carries, and what none may."""

import logging
import re

from pythonjsonlogger.json import JsonFormatter

from tenants.actors import request_id

# Keys, webhook secrets, bearer tokens and whatever a query calls a key, wherever they turn up.
_SECRET = re.compile(
    r"wh(?:sec|sk)_[A-Za-z0-9+/=_-]{8,}"
    r"|\b[a-z]+(?:_[a-z]+)*_[0-9A-Za-z]{36}\b"
    r"|(?i:bearer|basic|token)\s+[A-Za-z0-9._~+/=-]{6,}"
)
# What is called a secret, in a query, a header, JSON or the text of a dictionary; and what stands
# before the host of an address.
_CALLED = re.compile(
    r"(?i)((?:[a-z0-9_-]*(?:key|token|secret|password|authorization))"
    r"(?:\\?[\"'])?\s*[=:]\s*(?:\\?[\"'])?)(?!\[redacted\])[^&\s\"'\\,}]+"
)
_USER_INFO = re.compile(r"(://)[^/@\s:]+:[^/@\s]+(?=@)")
# The addresses that mails lead to are as good as a password.
_INVITATION = re.compile(r"(/invitations/|/reset/key/|/confirm-email/)[^/\s\"']+")


class Context(logging.Filter):
    """Adds the id of the request or task that a line belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class Redacted(JsonFormatter):
    """JSON lines in which everything of the shape of a secret is blanked out, tracebacks too."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def redact(text: str) -> str:
    """`text` without secrets."""
    clean = _SECRET.sub("[redacted]", text)
    for pattern in (_CALLED, _USER_INFO, _INVITATION):
        clean = pattern.sub(r"\1[redacted]", clean)
    return clean
