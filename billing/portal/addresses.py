"""The reseller's billing addresses: where statements go, and whether the VAT id is valid."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from billing.columns import AddressColumns
from billing.models import BillingAddress
from billing.services import addresses
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.models import Organization
from tenants.services import organizations
from tenants.ui import display, filters
from tenants.ui.choices import AskFor, target
from tenants.ui.operations import creation, operation
from tenants.ui.outcomes import Done
from tenants.ui.profile_fields import Country
from tenants.ui.scoped import ScopedAdmin
from tenants.ui.sites import portal

_LABELS = {
    "recipient": _("Recipient"),
    "recipient_additions": _("Addition to the recipient"),
    "billing_contact": _("Contact person"),
    "vat_id": _("VAT id"),
    "address_line1": _("Street and number"),
    "address_line2": _("Addition"),
    "state": _("State or province"),
}


_WHOM = ("organization", "recipient", "vat_id")
_WHERE = ("address_line1", "address_line2", "postal_code", "city", "country")


class AskAddress(AskFor):
    """A new billing address."""

    recipient = forms.CharField(label=_("Recipient"), max_length=255)
    vat_id = forms.CharField(
        label=_("VAT id"),
        max_length=64,
        required=False,
        help_text=_("With the country's letters, such as BE0403170701. The register is asked."),
    )
    address_line1 = forms.CharField(label=_("Street and number"), max_length=255)
    address_line2 = forms.CharField(label=_("Addition"), max_length=255, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=32)
    city = forms.CharField(label=_("City"), max_length=255)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add("country", Country(label=_("Country"), required=True))
        self.initial.update(_profile(memberships.organization(self.request)))

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The fields in groups: whom it is for, and where they are."""
        whom = [
            self[name] for name in ("organization", "recipient", "vat_id") if name in self.fields
        ]
        where = [self[name] for name in _WHERE]
        return [{"fields": whom}, {"title": _("Address"), "fields": where}]


@admin.register(BillingAddress, site=portal)
class AddressPage(AddressColumns, ScopedAdmin):
    """Billing addresses of the organization and its companies."""

    area = Area.BILLING
    when_empty = _("Whom statements are made out to, where that is not the organization itself.")
    in_events = "billing_address"
    labels = _LABELS
    related = ("organization",)
    list_display = ("title", "owner", "vat", "used")
    list_filter = (
        filters.related("organization", _("organization")),
        filters.condition(
            "vat",
            _("VAT id"),
            {
                "valid": (_("Valid"), lambda rows: rows.filter(vat_id_valid=True)),
                "invalid": (_("Not valid"), lambda rows: rows.filter(vat_id_valid=False)),
            },
        ),
    )
    search_fields = ("recipient", "vat_id", "city")
    search_help_text = _("Recipient, VAT id or city")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": (("owner", "used"),)}),
        (
            _("Recipient"),
            {
                "fields": (
                    ("recipient", "recipient_additions"),
                    ("vat_id", "vat"),
                    "billing_contact",
                )
            },
        ),
        (
            _("Address"),
            {
                "fields": (
                    ("address_line1", "address_line2"),
                    ("postal_code", "city"),
                    ("state", "country"),
                )
            },
        ),
    )
    readonly_fields = ("owner", "used", "vat")
    actions_list = ("create",)
    actions_detail = ("use", "delete")

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        if db_field.name == "billing_contact":
            return memberships.colleagues(request)
        return super().get_field_queryset(db, db_field, request)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "country":
            return Country(label=_("Country"), required=True)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def apply(self, request: HttpRequest, row: BillingAddress, changes: Mapping[str, Any]) -> None:
        fields = dict(changes)
        if "billing_contact" in fields:
            contact = fields.pop("billing_contact")
            fields["billing_contact_id"] = contact and contact.pk
        addresses.update(row, fields, by=memberships.actor(request))

    # --- Columns ----------------------------------------------------------------------------------

    @admin.display(description=_("Belongs to"), ordering="organization__name")
    def owner(self, row: BillingAddress) -> str:
        return row.organization.title

    @admin.display(description=_("Statements go here"))
    def used(self, row: BillingAddress) -> str:
        return display.pill("active", _("Yes")) if _is_used(row) else "–"

    # --- Operations -------------------------------------------------------------------------------

    @creation(
        _("Add a billing address"),
        ask=AskAddress,
        submit=_("Add"),
        icon="add_home_work",
    )
    def create(self, request: HttpRequest, answers: dict[str, Any]) -> Done:
        organization = self.chosen(request, target(request, answers))
        row = addresses.create(organization, answers, by=memberships.actor(request))
        return Done(gettext("%(recipient)s was added.") % {"recipient": row.recipient}, row)

    @operation(
        _("Use for statements"),
        right=Right.CHANGE,
        description=_(
            "The next statements are made out to this address; those issued stay as they are."
        ),
        when=lambda row: not _is_used(row),
        icon="check_circle",
    )
    def use(self, request: HttpRequest, row: BillingAddress, answers: dict[str, Any]) -> str:
        chosen = {"billing_address_id": row.pk}
        organizations.update(row.organization, chosen, by=memberships.actor(request))
        return gettext("The next statements go to %(recipient)s.") % {"recipient": row.recipient}

    @operation(
        _("Delete"),
        right=Right.CHANGE,
        description=_("Statements that are issued stay as they are."),
        icon="delete",
        variant=ActionVariant.DANGER,
    )
    def delete(self, request: HttpRequest, row: BillingAddress, answers: dict[str, Any]) -> str:
        addresses.delete(row, by=memberships.actor(request))
        return gettext("%(recipient)s is deleted.") % {"recipient": row.recipient}


def _profile(organization: Organization) -> dict[str, str]:
    """Its own profile, which is most often where its statements go."""
    return {
        "recipient": organization.legal_name or organization.name,
        "vat_id": organization.vat_number,
        "country": organization.address_country or organization.country,
        **{name: getattr(organization, name) for name in _WHERE if name != "country"},
    }


def _is_used(row: BillingAddress) -> bool:
    organization: Organization = row.organization
    return organization.billing_address_id == row.pk
