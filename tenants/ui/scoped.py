"""`ScopedAdmin`: a page of the portal, with every door of a Django admin closed to strangers.

Rows are found by the `visible_to` of their model, whatever asks for them: the list, a page, an
operation, a choice of a form, a filter, an autocomplete. Rights come from the caller's role and
from the row's place in that scope.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from tenants.access import memberships, roles
from tenants.access.gate import Door, Right
from tenants.models import Event, Organization
from tenants.ui import outsiders
from tenants.ui.operations import Operation
from tenants.ui.pages import Page


def scope(model: type[Model], request: HttpRequest) -> Any:
    """The rows of `model` that the caller may know of; none of a model that has no such notion."""
    rows: Any = model._default_manager.all()
    visible = getattr(rows, "visible_to", None)
    found = visible(memberships.organization(request)) if visible else rows.none()
    return outsiders.by_name(found, request) if model is Event else found


class ScopedAdmin(Page):
    """A page of the portal. `area` says which rights it takes."""

    area: roles.Area

    def __init__(self, model: type[Model], admin_site: Any) -> None:
        super().__init__(model, admin_site)
        # A raw id shows the name of whatever id it is given.
        assert not self.raw_id_fields, f"{type(self).__name__}: no raw ids in the portal"  # noqa: S101

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = scope(self.model, request)
        ordering = self.get_ordering(request)
        rows = rows.order_by(*ordering) if ordering else rows
        return rows.select_related(*self.related) if self.related else rows

    def search_within(self, request: HttpRequest) -> Organization | None:
        return memberships.organization(request)

    # --- Rights: unfold asks with a row's id, Django with the row ---------------------------------

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.opens(request, Right.SEE)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.opens(request, Right.SEE) and self._owns(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.opens(request, Right.CHANGE) and self._owns(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return any(self.may(request, op, None) for op in self.creations)

    def opens(
        self,
        request: HttpRequest,
        right: Right,
        *,
        area: roles.Area | None = None,
        platforms: bool = False,
    ) -> bool:
        """Whether the caller has a right in `area`, else in the page's own."""
        return Door(right, area or self.area, platforms).opens(request)

    def may(self, request: HttpRequest, op: Operation, row: Any) -> bool:
        """Whether the caller has the right that `op` declares, and `row` is among theirs."""
        if op.right is None or not self.opens(
            request, op.right, area=op.area, platforms=op.platforms
        ):
            return False
        return self._owns(request, row) and self.admits(request, row)

    def admits(self, request: HttpRequest, row: Any) -> bool:
        """Whether nothing but the caller's role, and their organization's state, decides here."""
        return True

    def _owns(self, request: HttpRequest, obj: Any) -> bool:
        return obj is None or self.row(request, obj) is not None

    # --- Choices: foreign keys and many-to-many fields --------------------------------------------

    def get_field_queryset(self, db: Any, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        return scope(db_field.remote_field.model, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        # `?organization=<id>` would show the name behind any id.
        return {}

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        return to_field == self.opts.pk.name

    def trail(self, request: HttpRequest) -> Any:
        return scope(Event, request)

    # --- Organizations are stamped, never taken from a form ---------------------------------------

    def chosen(self, request: HttpRequest, organization: Organization | None) -> Organization:
        """The organization that something new is for: one of the scope, by default one's own.

        Raises PermissionDenied for any other, whatever form let it through.
        """
        own = memberships.organization(request)
        if organization is None or organization.pk == own.pk:
            return own
        if not scope(Organization, request).filter(pk=organization.pk).exists():
            raise PermissionDenied
        return organization
