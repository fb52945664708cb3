"""Answers to invoices: what callers send."""

from typing import Any

from rest_framework import serializers

from config.api.flowie.requests.fields import Strict
from config.api.kit.fields import Text
from peppol.invoices.answering import Answer
from peppol.models import Document
from peppol.readable import words


class Answering(Strict):
    """A status of UNCL 4343, with codes of OPStatusReason and OPStatusAction."""

    status = serializers.ChoiceField(Document.Answer.choices)
    reasons = serializers.ListField(
        child=serializers.ChoiceField(list(words.REASONS)), required=False, max_length=20
    )
    actions = serializers.ListField(
        child=serializers.ChoiceField(list(words.ACTIONS)), required=False, max_length=20
    )
    text = Text(max_length=1000, required=False, allow_blank=True)
    note = Text(max_length=1000, required=False, allow_blank=True)
    effectiveDate = serializers.DateField(required=False)


def read(given: dict[str, Any]) -> Answer:
    """The answer in our words."""
    return Answer(
        code=given["status"],
        reasons=tuple(given.get("reasons", ())),
        actions=tuple(given.get("actions", ())),
        text=given.get("text", ""),
        note=given.get("note", ""),
        effective_on=given.get("effectiveDate"),
    )
