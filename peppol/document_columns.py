"""How documents are shown, on either site: everything about them but their contents."""

from functools import cache
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from peppol import code_lists
from peppol.models import Document, StatusMessage
from peppol.models.document_rows import partner_key_of
from peppol.services.documents import duplicates
from peppol.timeline import timeline_of
from tenants.ids import read
from tenants.models import Environment
from tenants.search_text import is_searchable
from tenants.ui import display, filters
from tenants.ui.downloads import Downloads, attached

# As which state an answer of the buyer's is coloured.
_TONES = {"RE": "rejected", "UQ": "pending", "CA": "pending", "AP": "accepted", "PD": "accepted"}
_ARROWS = {"outbound": ("north_east", _("Sent")), "inbound": ("south_west", _("Received"))}
# What is held is for the operator alone.
_STATES = [one for one in Document.State.choices if one[0] != Document.State.HELD]
FILTERS = (
    filters.choice("direction"),
    filters.choice("state", options=_STATES),
    filters.choice("kind", _("kind")),
    filters.choice("response", _("network's answer"), [*Document.Response.choices[1:]]),
    filters.choice("answer", _("buyer's answer")),
)


class DocumentColumns(Downloads):
    """How a document is shown, on either site. Goes before the page's own class."""

    downloads: tuple[str, ...] = ("payload",)
    related: tuple[str, ...] = ("organization",)
    counts_rows = False
    # Sorting by anything else would read every document there is.
    sortable_by = ()
    ordering = ("-id",)
    search_fields = ("number",)
    search_help_text = _("Number, name or identifier of the partner, or id")
    change_form_outer_before_template = "ui/document.html"
    fieldsets = (
        (_("Contents"), {"fields": (("kind_label", "issued"), ("size", "kept"), "checksum")}),
        (
            _("Transport"),
            {
                "fields": (
                    ("since", "finished"),
                    "document_type_name",
                    "procedure",
                    ("instance", "message"),
                )
            },
        ),
    )
    readonly_fields = (
        "kind_label",
        "issued",
        "kept",
        "size",
        "checksum",
        "document_type_name",
        "procedure",
        "instance",
        "message",
        "since",
        "finished",
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Document], search_term: str
    ) -> tuple[QuerySet[Document], bool]:
        """By the beginning of the number or of the partner's name, by a whole identifier of either
        side, or by an id."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if not is_searchable(term):
            return queryset.none(), False
        found = read(term)
        if found is not None:
            return queryset.filter(Q(pk=found) | Q(instance_id=str(found))), False
        if ":" in term:
            return queryset.filter(Q(sender=term) | Q(receiver=term) | Q(instance_id=term)), False
        beginning = Q(number__begins=term) | Q(instance_id=term)
        key = partner_key_of(term)
        return queryset.filter(beginning | Q(partner_key__begins=key) if key else beginning), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        may = row is not None and self.has_view_permission(request, row)
        if may and request.GET.get("part") == "timeline":
            context = {"timeline": timeline_of(row), "part": True}
            return TemplateResponse(request, "ui/document_timeline.html", context)
        page_context = {"document": self.page_context(row)} if may else {}
        answer: HttpResponse = super().change_view(
            request, object_id, form_url, {**page_context, **(extra_context or {})}
        )
        return answer

    def page_context(self, row: Document) -> dict[str, Any]:
        """The context of what stands above the fields of the page."""
        told = StatusMessage.objects.filter(organization=row.organization_id)
        return {
            "row": row,
            "timeline": timeline_of(row),
            "warnings": row.transmission.get("warnings", []),
            "reports": row.compliance_reports.order_by("country"),
            "status": told.filter(document=row).first() if row.is_inbound else None,
            "files": self.download_links(row),
            "answers": row.answers.exclude(state="held").order_by("id")[:20],
            "link_to": f"{self.admin_site.name}:peppol_document_change",
        }

    def give_payload(self, row: Document) -> Any:
        """Download the document as it was sent or received, byte for byte."""
        format = Document.Format(row.format)
        name = f"{row.get_kind_display().lower()}-{row.number or row.pk}.{format.suffix}"
        try:
            return attached(row.opened(), name, format.media_type)
        except FileNotFoundError:
            raise Http404 from None

    # --- Columns ----------------------------------------------------------------------------------

    @admin.display(description=_("Document"))
    def title(self, row: Document) -> str:
        number = display.unbroken(row.number) if row.number else _("Without a number")
        return display.lines(number, row.title_of_kind)

    @admin.display(description=_("Direction"))
    def way(self, row: Document) -> str:
        symbol, word = _ARROWS[row.direction]
        return display.marked(symbol, word)

    @admin.display(description=_("Company"))
    def owner(self, row: Document) -> str:
        return row.organization.title

    @admin.display(description=_("Partner"))
    def partner(self, row: Document) -> str:
        outbound = row.direction == Document.Direction.OUTBOUND
        name = row.receiver_name if outbound else row.sender_name
        code = display.code(row.receiver if outbound else row.sender)
        return display.lines(name, code) if name else code

    @admin.display(description=_("State"))
    def state_badge(self, row: Document) -> str:
        test = [("test", _("Test"))] if row.environment == Environment.TEST else []
        answer = [(row.response, row.get_response_display())] if row.response == "rejected" else []
        twin = [("pending", _("Duplicate"))] if duplicates.is_marked(row) else []
        said = [(_TONES.get(row.answer, ""), row.get_answer_display())] if row.answer else []
        return display.pills((row.state, row.get_state_display()), *twin, *answer, *said, *test)

    @admin.display(description=_("Amount"))
    def n_amount(self, row: Document) -> str:
        return display.number(display.money(row.amount, row.currency))

    @admin.display(description=_("When"))
    def when(self, row: Document) -> str:
        return display.moment(row.created_at)

    @admin.display(description=_("Why"))
    def trouble(self, row: Document) -> str:
        return display.said(row.last_error) or "–"

    # --- Fields -----------------------------------------------------------------------------------

    @admin.display(description=_("Kind"))
    def kind_label(self, row: Document) -> str:
        return f"{row.title_of_kind} ({row.get_format_display()})"

    @admin.display(description=_("Issued on"))
    def issued(self, row: Document) -> str:
        return display.day(row.issued_on)

    @admin.display(description=_("Kept until"))
    def kept(self, row: Document) -> str:
        return display.day(row.retain_until)

    @admin.display(description=_("Size"))
    def size(self, row: Document) -> str:
        return display.size(row.payload_size)

    @admin.display(description=_("SHA-256"))
    def checksum(self, row: Document) -> str:
        return display.code(row.payload_digest or "–")

    @admin.display(description=_("Document type"))
    def document_type_name(self, row: Document) -> str:
        return display.lines(
            _names().get(row.document_type, _("Other")), display.code(row.document_type)
        )

    @admin.display(description=_("Process"))
    def procedure(self, row: Document) -> str:
        return display.code(row.process or "–")

    @admin.display(description=_("SBDH instance id"))
    def instance(self, row: Document) -> str:
        return display.code(row.instance_id)

    @admin.display(description=_("AS4 message"))
    def message(self, row: Document) -> str:
        return display.code(row.transmission.get("as4MessageId") or "–")

    @admin.display(description=_("Accepted or received"))
    def since(self, row: Document) -> str:
        return display.exactly(row.created_at)

    @admin.display(description=_("Ended"))
    def finished(self, row: Document) -> str:
        return display.exactly(row.finished_at)


@cache
def _names() -> dict[str, str]:
    return {one.value: one.name for one in code_lists.all_document_types()}
