"""The questions before a document is sent: its number was sent before, its receiver cannot get it.

Both are asked at once, and each is answered by a tick; the worker looks at the receiver once more.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peppol.services.documents import duplicates, receivers
from tenants.errors import DomainError, Kind
from tenants.models import Organization
from tenants.sentences import Sentence
from tenants.ui.operations import Ask

TWIN, UNREACHED = "again", "unreached"


class AskAgain(Ask):
    """What an operation asks that sends: nothing at first, and whether one is sure of the rest."""

    labels: Mapping[str, Any] = {
        TWIN: _("Send it all the same"),
        UNREACHED: _("Send it to this receiver all the same"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.labels:
            if name in self.data:
                self._ask(name)

    def refuse(self, refusal: DomainError) -> None:
        """Ask, where that is what the refusal is about."""
        for name in self.labels:
            self.fields.pop(name, None)
            if name in refusal.fields:
                self._ask(name)
        super().refuse(refusal)

    def _ask(self, name: str) -> None:
        self.add(name, forms.BooleanField(label=self.labels[name], required=False))


def make_sure(
    document: Any,
    company: Organization,
    environment: str,
    answers: Mapping[str, Any],
    *,
    document_type: str = "",
) -> None:
    """Raise DomainError, with the questions, for what was not asked about yet.

    `document_type` is what the receiver would have to take, where `document` does not say it.
    """
    questions: dict[str, list[str]] = {}
    twin = duplicates.earlier(document, company, environment)
    if twin is not None:
        told = Sentence(duplicates.SENTENCE, **duplicates.values(twin))
        questions[TWIN] = [str(told)]
    found = receivers.ask(document.receiver, document_type or document.document_type)
    if (obstacle := receivers.obstacle(found)) is not None:
        questions[UNREACHED] = [str(obstacle)]
    if any(not answers.get(name) for name in questions):
        sentence = " ".join(said for sentences in questions.values() for said in sentences)
        raise DomainError(Kind.CONFLICT, _code(questions), sentence, fields=questions)


def _code(questions: Mapping[str, Any]) -> str:
    return duplicates.CODE if TWIN in questions else receivers.CODE
