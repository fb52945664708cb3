"""e-invoice.be's two APIs in attributes: statuses, envelope, credentials."""

import re
from typing import Any

from rest_framework.exceptions import ValidationError

from apikeys.scopes import Ability
from config.api.kit.access import PLATFORMS, Access, to_read
from config.api.kit.bodies import NotText
from config.api.kit.problems import FieldError, Problem
from config.api.kit.surface import Surface, SurfaceView
from tenants.errors import Kind

# DRF's code for what is wrong with a field: the sentence and type that clients know (C-16).
_WORDS = {
    "required": ("field required", "value_error.missing"),
    "null": ("none is not an allowed value", "type_error.none.not_allowed"),
    "not_a_string": ("str type expected", "type_error.str"),
    "not_a_list": ("value is not a valid list", "type_error.list"),
    "invalid_integer": ("value is not a valid integer", "type_error.integer"),
    "blank": ("ensure this value has at least 1 characters", "value_error.any_str.min_length"),
}
_SENTENCES = {
    "handle_taken": "A tenant with similar name already exists",
    "test_mode": "Peppol registration is not available for tenants in test mode",
}
# What may be wrong with a document has statuses of its own.
_STATUSES = {
    "not_xml": 415,
    "not_ubl": 415,
    "not_pdf": 415,
    "invalid_document": 406,
    "too_large": 413,
    "not_a_draft": 405,
    "foreign_sender": 409,
    "receiver_differs": 409,
    "no_receiver": 400,
}
# Where what is wrong in a query is kept, apart from any field of a body.
_QUERY = "?"


class EInvoice(Surface):
    """Wire format of e-invoice.be."""

    name = "einvoice"
    title = "Admin API (e-invoice.be)"
    description = (
        "Manage tenants, their API keys and their Peppol registration with an "
        "organization API key. Wire-compatible with e-invoice.be's Admin API."
    )
    tags = {
        "Tenants": "Companies that you look after, with your organization API key.",
        "API keys": "The keys of a tenant, with your organization API key.",
        "Peppol": "Whether a tenant is on the network, with your organization API key.",
        "Tenant": "The account that a tenant's key opens.",
        "Tenant: documents": "Invoices and credit notes, sent and received, with a tenant's key.",
        "Tenant: network": "Who is on Peppol, and what they receive, with a tenant's key.",
        "Tenant: usage": "How many documents there were, with a tenant's key.",
        "Tenant: webhooks": "Where a tenant hears of its events, with a tenant's key.",
    }
    statuses = {
        **Surface.statuses,
        Kind.INVALID: 422,
        Kind.WRONG_STATE: 400,
    }
    names = {
        "handle": "name",
        "vat_number": "company_tax_id",
        "legal_name": "company_name",
        "email": "company_email",
        "postal_code": "company_zip",
    }

    def status(self, problem: Problem) -> int:
        """Documents have statuses of their own for what may be wrong with them."""
        return _STATUSES.get(problem.code) or super().status(problem)

    def envelope(self, problem: Problem) -> dict[str, Any]:
        """`detail`: a sentence, or a list of what is wrong where."""
        if problem.fields and problem.kind is Kind.INVALID:
            return {"detail": [_entry(found, self.path_of(found)) for found in problem.fields]}
        return {"detail": _SENTENCES.get(problem.code, problem.message)}

    def headers(self, problem: Problem) -> dict[str, str]:
        """Clients made by Stainless try a 409 or 429 again unless they are told not to."""
        pointless = self.status(problem) == 409 or problem.code == "daily_limit_reached"
        again = {"x-should-retry": "false"} if pointless else {}
        return {**super().headers(problem), **again}


class EInvoiceView(SurfaceView):
    """A resource of either API."""

    surface = EInvoice()

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """As everywhere; what is no text is said to be in the query."""
        try:
            super().initial(request, *args, **kwargs)
        except NotText as error:
            raise ValidationError({_QUERY: error.detail}) from None

    def read_query(self, serializer: Any) -> Any:
        """As everywhere; what is wrong is said to be in the query."""
        try:
            return super().read_query(serializer)
        except ValidationError as error:
            raise ValidationError({_QUERY: error.detail}) from None


class AdminView(EInvoiceView):
    """A resource of the Admin API, opened by an organization API key.

    With a test key it reaches test tenants only, so that nothing more is asked of one.
    """


def of_admins(reads: Ability, writes: Ability, ends: Ability | None = None) -> dict[str, Access]:
    """Access to a resource of the Admin API, by method."""
    changes = Access(PLATFORMS, (writes,), test_keys=True)
    return {
        "GET": to_read(reads, kinds=PLATFORMS),
        "POST": changes,
        "PUT": changes,
        "DELETE": Access(PLATFORMS, (ends or writes,), test_keys=True),
    }


def _entry(found: FieldError, path: list[str | int]) -> dict[str, Any]:
    asked = path[:1] == [_QUERY]
    where = "query" if asked else "body"
    message, type_ = _WORDS.get(found.code, (found.message, "value_error"))
    limit = re.search(r"no more than (\d+)", found.message)
    if found.code == "max_length" and limit:
        of_list = "elements" in found.message
        message = f"ensure this value has at most {limit[1]} {'items' if of_list else 'characters'}"
        type_ = "value_error.list.max_items" if of_list else "value_error.any_str.max_length"
    return {"loc": [where, *path[asked:]], "msg": message, "type": type_}
