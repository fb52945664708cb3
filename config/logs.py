"""What every log line carries, and what none may."""

import logging
import re
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from tenants.actors import request_id

# Keys, webhook secrets, bearer tokens and whatever a query calls a key, wherever they turn up.
_SECRET = re.compile(
    r"wh(?:sec|sk)_[A-Za-z0-9+/=_-]{8,}"
    r"|\b[a-z]+(?:_[a-z]+)*_[0-9A-Za-z]{36}\b"
    r"|(?i:bearer|basic|token)\s+[A-Za-z0-9._~+/=-]{6,}"
)
# What is called a secret, in a query, a header, JSON or the text of a dictionary; and what stands
# before the host of an address. What stands before "key" is not looked at: from each letter of a
# long word, that would be the whole word once more.
_CALLED = re.compile(
    r"(?i)((?:key|token|secret|password|authorization)"
    r"(?:\\?[\"'])?\s*[=:]\s*(?:\\?[\"'])?)(?!\[redacted\])[^&\s\"'\\,}]+"
)
_USER_INFO = re.compile(r"(://)[^/@\s:]+:[^/@\s]+(?=@)")
# The addresses that mails lead to are as good as a password.
_INVITATION = re.compile(
    r"(/invitations/|/mails/stop/|/reset/key/|/confirm-email/|/client/(?:at/)?)[^/\s\"']+"
)
# The longest text of a line, in characters: a traceback fits, a stranger's path of a megabyte not.
_LONGEST = 20_000


class Context(logging.Filter):
    """Adds the id of the request or task that a line belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class Redacted(JsonFormatter):
    """JSON lines in which everything of the shape of a secret is blanked out, tracebacks too."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """As it is, but no text longer than a long traceback."""
        shown = super().process_log_record(log_data)
        # Django names the request with its query.
        shown.pop("request", None)
        return {name: _shortened(value) for name, value in shown.items()}


def redact(text: str) -> str:
    """`text` without secrets, in a time that grows with its length and no faster."""
    clean = _SECRET.sub("[redacted]", text)
    for pattern in (_CALLED, _USER_INFO, _INVITATION):
        clean = pattern.sub(r"\1[redacted]", clean)
    return clean


def _shortened(value: Any) -> Any:
    """The beginning and the end of a long text."""
    if not isinstance(value, str) or len(value) <= _LONGEST:
        return value
    # Half a secret would no longer be known for one.
    clean = redact(value)
    return f"{clean[: _LONGEST // 2]} … {clean[-_LONGEST // 2 :]}"
