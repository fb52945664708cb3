"""How deliveries speak to chats: a sentence, in the JSON that Slack, Teams and Mattermost take."""

import json
from typing import Any

from tenants import events
from tenants.models import Event
from tenants.ui import labels
from webhooks.dialects import Dialect


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
        parts = [f"*{company}*" if company else "", what, subject]
        return {"text": "\n".join(part for part in parts if part)}
