"""What every log line carries, and what none may."""

import logging
import re

from tenants.actors import request_id

# Keys, webhook secrets and bearer tokens, wherever they turn up in a message.
_SECRET = re.compile(
    r"whsec_[A-Za-z0-9+/=]{8,}|(?i:bearer)\s+\S+|\b[a-z]+(?:_[a-z]+)*_[0-9A-Za-z]{36}\b"
)


class Context(logging.Filter):
    """Adds the id of the request that a line belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class Redact(logging.Filter):
    """Blanks out whatever has the shape of a secret, in the message and in a traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        clean = _SECRET.sub("[redacted]", message)
        if clean != message:
            record.msg, record.args = clean, None
        return True
