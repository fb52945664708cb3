"""The reseller's documents: what was sent and received, how far each is, and sending another."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peppol.document_columns import FILTERS, DocumentColumns
from peppol.invoices import reading
from peppol.models import Document, Participant
from peppol.portal.answering import Answering
from peppol.portal.asking_again import TWIN, UNREACHED, AskAgain, make_sure
from peppol.portal.lookup import LookingUp
from peppol.portal.mailing import Mailing
from peppol.portal.many_documents import ManyDocuments
from peppol.portal.readable import ReadableDocuments
from peppol.portal.under_way import UnderWay
from peppol.services.documents import documents, intake
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.errors import DomainError, Invalid
from tenants.ids import earliest
from tenants.models import Organization
from tenants.ui import filters
from tenants.ui.choices import AskFor
from tenants.ui.operations import creation, more, operation
from tenants.ui.outcomes import Done
from tenants.ui.pages import ReadOnly
from tenants.ui.scoped import ScopedAdmin, scope
from tenants.ui.sites import portal

# For so long after its end a document may still be answered and reported.
_AFTERMATH = timedelta(days=10)


class AskUbl(AskAgain, AskFor):
    """A UBL file to send, and what is wrong with the one that was tried."""

    file = forms.FileField(
        label=_("UBL file"),
        widget=forms.FileInput(attrs={"accept": ".xml,application/xml,text/xml"}),
        help_text=format_lazy(
            _("An invoice or a credit note after Peppol BIS Billing 3, {most} MB at most."),
            most=settings.MOST_DOCUMENT_BYTES // 2**20,
        ),
    )

    labels = {
        TWIN: _("Send it all the same; choose the file once more"),
        UNREACHED: _("Send it to this receiver all the same; choose the file once more"),
    }
    breaches: tuple[dict[str, Any], ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company = self.fields.get("organization")
        if company is not None:
            company.required = company.widget.is_required = False
            company.initial = company.initial if self.request.GET.get("organization") else None
            company.help_text = _("Left empty: whoever the document's sender identifier is of.")

    @property
    def render_before_template(self) -> str:
        if not self.breaches:
            return super().render_before_template
        context = {"breaches": self.breaches, "file": self.cleaned_data.get("file")}
        return render_to_string("portal/documents/broken_rules.html", context)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        most = settings.MOST_DOCUMENT_BYTES
        if file.size > most:
            raise forms.ValidationError(
                gettext("The document is larger than %(most)s MB.") % {"most": most // 2**20}
            )
        return file

    def refuse(self, refusal: DomainError) -> None:
        """Show every rule that is broken, where the refusal says which."""
        self.breaches = tuple(refusal.details.get("errors", ()))
        super().refuse(refusal)


@admin.register(Document, site=portal)
class DocumentPage(
    Answering,
    LookingUp,
    Mailing,
    ManyDocuments,
    UnderWay,
    ReadableDocuments,
    DocumentColumns,
    ReadOnly,
    ScopedAdmin,
):
    """Documents of the organization and its companies."""

    area = Area.DOCUMENTS
    when_empty = _("What is sent and received over Peppol.")
    in_events = "document"
    in_search = 5
    list_filter = (
        *FILTERS,
        filters.related("organization", _("company")),
        filters.choice("environment"),
        filters.period("created_at", _("sent or received")),
    )
    actions = ("print_out", "pack")
    actions_list = ("send", "look_up")
    actions_detail = (
        "accept",
        "dispute",
        "send_by_mail",
        "send_again",
        more("respond", "send_copy", "try_now", "withdraw"),
    )

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        owner = ("owner",) if memberships.organization(request).is_platform else ()
        return ("title", "way", *owner, "partner", "state_badge", "n_amount", "when")

    def events(self, request: HttpRequest, row: Document) -> Any:
        """What happened to it, looked for in the time in which it can have happened."""
        until = (row.finished_at or timezone.now()) + _AFTERMATH
        begun = row.created_at - timedelta(minutes=1)
        return super().events(request, row).filter(id__gte=earliest(begun), id__lt=earliest(until))

    @creation(
        _("Send a document"),
        ask=AskUbl,
        submit=_("Check and send"),
        description=_("It is checked by the official rules first; what breaks them is not sent."),
        icon="send",
    )
    def send(self, request: HttpRequest, answers: dict[str, Any]) -> Done:
        content = answers["file"].read()
        company = answers.get("organization")
        company = self.chosen(request, company) if company else self._sender(request, content)
        draft = intake.from_ubl(company, content)
        make_sure(draft, company, company.environment, answers)
        row = documents.send(
            company, draft, by=memberships.actor(request), environment=company.environment
        )
        return Done(gettext("%(document)s is on its way.") % {"document": row}, row)

    def _sender(self, request: HttpRequest, content: bytes) -> Organization:
        """Whose document it is, by its sender's identifier; one's own where nobody is asked."""
        own = memberships.organization(request)
        if not own.is_platform:
            return own
        sender = reading.header(reading.parse(content)).sender
        scheme, _colon, value = sender.partition(":")
        rows = scope(Participant, request).identified(scheme, value).holding()
        found = rows.select_related("organization").first()
        if found is None:
            sentence = gettext("None of your companies sends under %(sender)s. Choose one.") % {
                "sender": sender or "–"
            }
            raise Invalid(sentence, fields={"organization": [sentence]})
        company: Organization = found.organization
        return company

    @operation(
        _("Send again"),
        ask=AskAgain,
        description=_("The same file is sent once more, as a new document."),
        right=Right.CHANGE,
        when=lambda row: row.state == Document.State.FAILED and row.format == Document.Format.UBL,
        icon="replay",
        once=True,
    )
    def send_again(self, request: HttpRequest, row: Document, answers: dict[str, Any]) -> Done:
        draft = intake.from_ubl(row.organization, row.content())
        make_sure(draft, row.organization, row.environment, answers)
        by = memberships.actor(request)
        again = documents.send(row.organization, draft, by=by, environment=row.environment)
        return Done(gettext("%(document)s is on its way again.") % {"document": again}, again)
