"""Answering an invoice that came in, from its page."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from peppol.invoices.answering import Answer
from peppol.models import Document
from peppol.readable import words
from peppol.services.documents import answers
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.ui.operations import Ask, operation
from tenants.ui.outcomes import Done


class AskAnswer(Ask):
    """What is answered, why, and what the seller is asked to do."""

    status = forms.ChoiceField(label=_("Answer"), choices=Document.Answer.choices)
    reasons = forms.MultipleChoiceField(
        label=_("Reasons"),
        choices=words.REASONS.items(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Needed for a query, for conditions and for a rejection."),
    )
    actions = forms.MultipleChoiceField(
        label=_("What the seller is asked to do"),
        choices=words.ACTIONS.items(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    text = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
    effective_on = forms.DateField(
        label=_("In effect from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class Answering:
    """A page of documents on which an invoice that came in is answered."""

    @operation(
        _("Answer"),
        ask=AskAnswer,
        submit=_("Send the answer"),
        description=_("The seller gets it over Peppol, as an Invoice Response."),
        right=Right.CHANGE,
        when=answers.may_be_answered,
        icon="reply",
        once=True,
    )
    def respond(self, request: HttpRequest, row: Document, answers_given: dict[str, Any]) -> Done:
        sent = answers.send(
            row,
            Answer(
                code=answers_given["status"],
                reasons=tuple(answers_given["reasons"]),
                actions=tuple(answers_given["actions"]),
                text=answers_given["text"],
                effective_on=answers_given["effective_on"],
            ),
            by=memberships.actor(request),
        )
        return Done(gettext("The answer is on its way."), sent)
