"""The question before a document is sent whose number was sent before."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peppol.services.documents import duplicates
from tenants.errors import DomainError, Kind
from tenants.models import Organization
from tenants.sentences import Sentence
from tenants.ui.operations import Ask


class AskAgain(Ask):
    """What an operation asks that sends: nothing at first, and of a twin whether one is sure."""

    again_label: Any = _("Send it all the same")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "again" in self.data:
            self._ask_again()

    def refuse(self, refusal: DomainError) -> None:
        """Ask, where that is what the refusal is about."""
        self.fields.pop("again", None)
        if "again" in refusal.fields:
            self._ask_again()
        super().refuse(refusal)

    def _ask_again(self) -> None:
        self.add("again", forms.BooleanField(label=self.again_label, required=False))


def make_sure(
    document: Any, company: Organization, environment: str, answers: Mapping[str, Any]
) -> None:
    """Raise DomainError, with the question, for a twin that was not asked about yet."""
    twin = duplicates.earlier(document, company, environment)
    if twin is not None and not answers.get("again"):
        told = Sentence(duplicates.SENTENCE, **duplicates.values(twin))
        raise DomainError(Kind.CONFLICT, duplicates.CODE, str(told), fields={"again": [str(told)]})
