"""How deliveries speak to chats: a sentence, in the JSON that Slack, Teams and Mattermost take."""

import json
import re
from typing import Any

from tenants import events
from tenants.models import Event
from tenants.ui import labels
from webhooks.dialects import Dialect

# What chats read as more than text: mentions of everybody, and links that say other than they do.
_SPECIAL = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_CALLS = re.compile(r"(?<!\w)@(?=\w)|\](?=\()")
_NOTHING = "\u200b"


class Chat(Dialect):
    """`{"text": …}`: what happened to whom, as a sentence."""

    name = "chat"

    def body(self, event: Event) -> bytes:
        return json.dumps(self.payload(event), ensure_ascii=False).encode()

    def payload(self, event: Event) -> dict[str, Any]:
        known = events.CATALOGUE.get(event.type)
        company = event.data.get("company", {}).get("name", "")
        what = known.description if known else event.type
        subject = labels.subject_of(event)
        parts = [f"*{_plain(company)}*" if company else "", what, _plain(subject)]
        return {"text": "\n".join(part for part in parts if part)}


def _plain(text: object) -> str:
    """What others wrote (a company's name, the number of an invoice that arrived), as one line in
    which nothing is a mention or a link."""
    line = " ".join(str(text).split()).translate(_SPECIAL)
    return _CALLS.sub(lambda found: f"{found[0]}{_NOTHING}", line)
