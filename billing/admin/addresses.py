"""The operator's view of where statements go, and of what the registers say of the VAT ids."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.columns import AddressColumns
from billing.models import BillingAddress
from billing.services import addresses
from tenants.access.gate import Right
from tenants.ui import display, filters
from tenants.ui.operations import operation
from tenants.ui.pages import ReadOnly
from tenants.ui.staff import StaffPage


@admin.register(BillingAddress)
class AddressPage(AddressColumns, ReadOnly, StaffPage):
    """Every billing address there is, and whether statements to it can be right."""

    related = ("organization", "billing_contact")
    list_display = ("title", "organization", "vat", "asked_next")
    list_filter = (
        filters.condition(
            "vat",
            _("VAT id"),
            {
                "valid": (_("Valid"), lambda rows: rows.filter(vat_id_valid=True)),
                "invalid": (_("Not valid"), lambda rows: rows.filter(vat_id_valid=False)),
                "unknown": (_("Being checked"), lambda rows: rows.unanswered()),
                "none": (_("None given"), lambda rows: rows.filter(vat_id="")),
            },
        ),
        filters.related("organization"),
    )
    search_fields = ("recipient", "vat_id", "city", "organization__name")
    search_help_text = _("Recipient, VAT id, city or organization")
    ordering = ("-id",)
    fields: Any = ("organization", "whom", "where", "contact", "vat", "asked_next")
    readonly_fields: Any = fields
    actions_detail = ("check_again",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(deleted_at=None)

    @admin.display(description=_("Recipient"))
    def whom(self, row: BillingAddress) -> str:
        return display.lines(row.recipient, row.recipient_additions)

    @admin.display(description=_("Address"))
    def where(self, row: BillingAddress) -> str:
        city = f"{row.postal_code} {row.city}"
        parts = (row.address_line1, row.address_line2, city, row.state, row.country)
        return ", ".join(filter(None, parts))

    @admin.display(description=_("Contact person"))
    def contact(self, row: BillingAddress) -> str:
        return str(row.billing_contact or "–")

    @admin.display(description=_("Asked next"), ordering="vat_check_at")
    def asked_next(self, row: BillingAddress) -> str:
        return display.moment(row.vat_check_at)

    @operation(
        _("Check again"),
        description=_("The register is asked in a moment; until it answers the last word stands."),
        right=Right.CHANGE,
        when=lambda row: bool(row.vat_id),
        icon="refresh",
    )
    def check_again(self, request: HttpRequest, row: BillingAddress, answers: Any) -> str:
        addresses.check_soon(row)
        return gettext("The register is being asked.")
