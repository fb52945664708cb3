"""Answering an invoice that came in, from its page."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextareaWidget

from peppol.invoices.answering import Answer
from peppol.models import Document
from peppol.readable import words
from peppol.services.documents import answers
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.ui.operations import Ask, operation
from tenants.ui.outcomes import Done

# Of the reasons that an answer can give, those of whoever checks an invoice.
_DISPUTED = ("PRI", "QTY", "ITM", "DEL", "QUA", "REF", "LEG", "PAY", "UNR", "OTH")


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


class AskWhy(Ask):
    """What is wrong with an invoice: the reasons that people have most often, and their words."""

    reason = forms.ChoiceField(
        label=_("What is wrong"),
        choices=[(code, words.REASONS[code]) for code in _DISPUTED],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


def _may_be_accepted(row: Document) -> bool:
    return answers.may_be_answered(row) and row.answer != Document.Answer.ACCEPTED


class Answering:
    """A page of documents on which an invoice that came in is answered."""

    @operation(
        _("Accept"),
        description=_("The seller is told over Peppol that the invoice will be paid as it is."),
        right=Right.CHANGE,
        when=_may_be_accepted,
        icon="thumb_up",
        variant=ActionVariant.PRIMARY,
        once=True,
    )
    def accept(self, request: HttpRequest, row: Document, answers_given: dict[str, Any]) -> Done:
        by = memberships.actor(request)
        answers.send(row, Answer(code=Document.Answer.ACCEPTED), by=by)
        return Done(gettext("The seller is told that you accept it."), row)

    @operation(
        _("Dispute"),
        ask=AskWhy,
        submit=_("Tell the seller"),
        description=_("The seller is told over Peppol what is wrong, and is expected to answer."),
        right=Right.CHANGE,
        when=answers.may_be_answered,
        icon="thumb_down",
        once=True,
    )
    def dispute(self, request: HttpRequest, row: Document, answers_given: dict[str, Any]) -> Done:
        reasons, text = (answers_given["reason"],), answers_given["text"]
        said = Answer(code=Document.Answer.UNDER_QUERY, reasons=reasons, text=text)
        answers.send(row, said, by=memberships.actor(request))
        return Done(gettext("The seller is told what is wrong."), row)

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
