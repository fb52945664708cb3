"""Billing addresses (FIS-52 to FIS-57)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from apikeys.scopes import Ability
from billing.models import BillingAddress
from billing.services import addresses
from config.api.fiskaly import listings, references, requests
from config.api.fiskaly.openapi import operations as doc
from config.api.fiskaly.responses import DONE, BillingAddressAnswer, BillingAddressListAnswer, Part
from config.api.fiskaly.surface import FiskalyView, access_to
from config.api.kit.paths import row_at
from tenants.access.roles import Area
from tenants.models import Organization


class AddressesView(FiskalyView):
    """Shared by all that has to do with billing addresses."""

    access = access_to(reads=Ability.BILLING_READ, writes=Ability.BILLING_WRITE, test_keys=True)
    area = Area.BILLING

    def address_of(self, address_id: str) -> BillingAddress:
        """One that the caller may see. Raises NotFound."""
        rows = references.addresses(self.caller).select_related("organization")
        return row_at(rows, address_id, what="Billing address")

    def changeable_address(self, address_id: str) -> BillingAddress:
        """One that the caller may change. Raises NotFound, Forbidden."""
        found = self.address_of(address_id)
        self.demand(self.caller.changes(found.organization, self.area))
        return found

    def owner(self, fields: dict[str, Any], else_: Organization) -> Organization:
        """Whose address it is to be (FIS-57). Raises NotFound, Forbidden, Invalid."""
        named = fields.get("organization_id")
        owner = self.changeable(str(named)) if named else else_
        self.demand(self.caller.changes(owner, self.area))
        contact = fields.get("billing_contact_id")
        references.check_person("billing_contact_id", contact, self.caller, owner)
        return owner


class Addresses(AddressesView):
    """The billing addresses of all organizations that the caller reaches."""

    @extend_schema(**doc.LIST_ADDRESSES)
    def get(self, request: Any) -> Response:
        query = {**self.read_query(requests.Listing), "order_by": "id"}
        rows = references.addresses(self.caller)
        part = listings.part(rows.select_related("organization"), query)
        return Response(BillingAddressListAnswer.of(Part(part, rows.count())))

    @extend_schema(**doc.CREATE_ADDRESS)
    def post(self, request: Any) -> Response:
        fields = self.read(requests.AddressFields)
        owner = self.owner(fields, self.organization)
        made = addresses.create(
            owner,
            requests.address_columns(fields),
            environment=self.caller.environment_of(owner),
            by=self.by,
        )
        return Response(BillingAddressAnswer.of(made))


class Address(AddressesView):
    """One billing address."""

    @extend_schema(**doc.GET_ADDRESS)
    def get(self, request: Any, address_id: str) -> Response:
        return Response(BillingAddressAnswer.of(self.address_of(address_id)))

    def _update(self, address_id: str) -> Response:
        row = self.changeable_address(address_id)
        fields = self.read(requests.AddressFields, partial=True)
        owner = self.owner(fields, row.organization)
        row = addresses.update(
            row, requests.address_columns(fields), organization=owner, by=self.by
        )
        return Response(BillingAddressAnswer.of(row))

    @extend_schema(**doc.UPDATE_ADDRESS)
    def patch(self, request: Any, address_id: str) -> Response:
        return self._update(address_id)

    @extend_schema(**doc.REPLACE_ADDRESS)
    def put(self, request: Any, address_id: str) -> Response:
        return self._update(address_id)

    @extend_schema(**doc.DELETE_ADDRESS)
    def delete(self, request: Any, address_id: str) -> Response:
        addresses.delete(self.changeable_address(address_id), by=self.by)
        return Response(DONE)
