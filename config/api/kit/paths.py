"""What a path names: one row by its id, or nothing at all."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.api.kit.access import EVERYBODY, Access
from config.api.kit.surface import SurfaceView
from peppol.services.companies.lookup import company_of
from tenants.errors import NotFound
from tenants.ids import read
from tenants.models import Organization

# The id that nothing has.
NOBODY = UUID(int=0)
_Row = TypeVar("_Row", bound=Model)


def id_of(text: str) -> UUID:
    """The id that is written there in any spelling; what cannot be one is one that nothing has."""
    return read(text) or NOBODY


def row_at(rows: "QuerySet[_Row]", id: str, *, what: str) -> _Row:
    """The row of `rows` with that id. Raises NotFound for an unknown or foreign one alike."""
    found = rows.filter(pk=id_of(id)).first()
    if found is None:
        raise NotFound(what)
    return found


def company_at(view: SurfaceView, id: UUID | None, *, what: str) -> Organization:
    """The company of the caller's platform with that id.

    Raises NotFound for an unknown or foreign one alike, and for a live one with a test key.
    """
    found = company_of(view.organization, id)
    if found is None or not view.caller.reaches(found):
        raise NotFound(what)
    return found


def nowhere(view: type[SurfaceView], **attributes: Any) -> Callable[..., Any]:
    """The view of a surface's paths that lead nowhere: not found, for whoever may open `view`."""
    found: Any = type("Nowhere", (_Nowhere, view), attributes)
    as_view: Callable[..., Any] = found.as_view()
    return as_view


class _Nowhere(SurfaceView):
    access = dict.fromkeys(
        ("GET", "POST", "PUT", "PATCH", "DELETE"), Access(EVERYBODY, test_keys=True)
    )

    def find_target(self) -> None:
        """No organization: there is nothing here to be about one."""

    @extend_schema(exclude=True)
    def get(self, request: Any, **path: str) -> Response:
        raise NotFound("Path")

    post = put = patch = delete = get
