"""What people can do about a document that is under way."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from peppol.models import Document
from peppol.services.documents import documents
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.ui.operations import Ask, operation


class AskWhyNot(Ask):
    """Why a document is not to be sent any more."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class UnderWay:
    """A page of documents on which one that is under way is tried now, or not sent any more."""

    @operation(
        _("Try it now"),
        description=_("It is sent, or asked about, without waiting for its turn."),
        right=Right.CHANGE,
        when=lambda row: row.state in Document.UNDER_WAY_STATES,
        icon="refresh",
    )
    def try_now(self, request: HttpRequest, row: Document, answers: dict[str, Any]) -> str:
        documents.hasten(row, by=memberships.actor(request))
        return gettext("%(document)s is tried now.") % {"document": row}

    @operation(
        _("Stop sending"),
        ask=AskWhyNot,
        description=_("It is not sent any more, and not counted. The access point has not got it."),
        right=Right.CHANGE,
        when=lambda row: row.can_be_withdrawn,
        icon="cancel_schedule_send",
        variant=ActionVariant.DANGER,
    )
    def withdraw(self, request: HttpRequest, row: Document, answers: dict[str, Any]) -> str:
        documents.withdraw(row, by=memberships.actor(request), reason=answers["reason"])
        return gettext("%(document)s is not sent.") % {"document": row}
