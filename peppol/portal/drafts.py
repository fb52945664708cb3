"""The reseller's drafts: documents that programs kept, to be sent later or thrown away."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from peppol.invoices import headers, reading
from peppol.models import DocumentDraft
from peppol.portal.asking_again import AskAgain, make_sure
from peppol.services.documents import drafts
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.ui import display, filters
from tenants.ui.operations import operation
from tenants.ui.outcomes import Done
from tenants.ui.pages import ReadOnly
from tenants.ui.scoped import ScopedAdmin
from tenants.ui.sites import portal


@admin.register(DocumentDraft, site=portal)
class DraftPage(ReadOnly, ScopedAdmin):
    """Documents of the organization and its companies that nobody has sent yet."""

    area = Area.DOCUMENTS
    when_empty = _("Documents that programs have kept, to be sent later. They count for nothing.")
    related = ("organization",)
    list_display = ("title", "owner", "partner", "n_amount", "since")
    list_filter = (
        filters.choice("kind", _("kind")),
        filters.related("organization", _("company")),
        filters.choice("environment"),
    )
    search_fields = ("number", "receiver_name")
    search_help_text = _("Number, or name of the partner")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": (("kind_label", "owner"), ("number", "issued_on"))}),
        (_("Contents"), {"fields": (("sender", "receiver"), ("n_amount", "since"))}),
    )
    readonly_fields = ("kind_label", "owner", "n_amount", "since")
    actions_detail = ("send", "discard")

    @admin.display(description=_("Document"))
    def title(self, row: DocumentDraft) -> str:
        return display.lines(row.number or "–", row.get_kind_display())

    @admin.display(description=_("Kind"))
    def kind_label(self, row: DocumentDraft) -> str:
        return row.get_kind_display()

    @admin.display(description=_("Company"))
    def owner(self, row: DocumentDraft) -> str:
        return row.organization.title

    @admin.display(description=_("To"))
    def partner(self, row: DocumentDraft) -> str:
        code = display.code(row.receiver) if row.receiver else "–"
        return display.lines(row.receiver_name, code) if row.receiver_name else code

    @admin.display(description=_("Amount"))
    def n_amount(self, row: DocumentDraft) -> str:
        return "–" if row.amount is None else display.money(row.amount, row.currency)

    @admin.display(description=_("Kept since"), ordering="created_at")
    def since(self, row: DocumentDraft) -> str:
        return display.moment(row.created_at)

    @operation(
        _("Send"),
        ask=AskAgain,
        description=_("It is checked by the official rules first; what breaks them is not sent."),
        right=Right.CHANGE,
        icon="send",
    )
    def send(self, request: HttpRequest, row: DocumentDraft, answers: dict[str, Any]) -> Done:
        kind = headers.header(reading.parse(bytes(row.content))).document_type
        make_sure(row, row.organization, row.environment, answers, document_type=kind)
        sent = drafts.send(row, by=memberships.actor(request))
        return Done(gettext("%(document)s is on its way.") % {"document": sent}, row)

    @operation(
        _("Throw away"),
        description=_("The draft is gone for good. It was never sent."),
        right=Right.CHANGE,
        icon="delete",
        variant=ActionVariant.DANGER,
    )
    def discard(self, request: HttpRequest, row: DocumentDraft, answers: dict[str, Any]) -> Done:
        said = gettext("%(document)s is thrown away.") % {"document": row}
        drafts.discard(row, by=memberships.actor(request))
        return Done(said, None)
