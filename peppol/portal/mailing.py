"""Sending a document by mail: to whoever is not on Peppol, and as a copy."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peppol.models import Document
from peppol.readable.documents import read
from peppol.readable.parts import Invoice
from peppol.services.documents import by_mail
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.ui.operations import Ask, operation


class AskAddress(Ask):
    """Where a document goes by mail: the buyer's own address, where the document has one."""

    to = forms.EmailField(label=_("E-mail address"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = read(self.row)
        contact = said.buyer.contact if isinstance(said, Invoice) else ()
        self.fields["to"].initial = next((text for text in contact if "@" in text), "")


class AskReader(Ask):
    """Who gets a copy."""

    to = forms.EmailField(label=_("E-mail address"))


class Mailing:
    """A page of documents on which what did not arrive is sent by mail, and copies are."""

    @operation(
        _("Send by mail"),
        ask=AskAddress,
        description=_("As PDF and as the electronic invoice, to whoever is not on Peppol."),
        right=Right.CHANGE,
        when=by_mail.may_be_mailed,
        icon="mail",
        once=True,
    )
    def send_by_mail(self, request: HttpRequest, row: Document, answers: dict[str, Any]) -> str:
        by_mail.send(row, answers["to"], by=memberships.actor(request))
        return gettext("It is on its way to %(to)s.") % {"to": answers["to"]}

    @operation(
        _("Send a copy"),
        ask=AskReader,
        submit=_("Send"),
        description=_("By mail, as PDF and as the electronic invoice; to your bookkeeper, say."),
        right=Right.CHANGE,
        when=by_mail.may_be_copied,
        icon="forward_to_inbox",
        once=True,
    )
    def send_copy(self, request: HttpRequest, row: Document, answers: dict[str, Any]) -> str:
        by_mail.send_copy(row, answers["to"], by=memberships.actor(request))
        return gettext("A copy is on its way to %(to)s.") % {"to": answers["to"]}
