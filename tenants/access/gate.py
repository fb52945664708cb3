"""The gate of the pages: what a door declares, and whether it opens to whoever stands before it.

Every operation and every view of a page declares what it takes; `config.page_checks` lets nothing
start that does not. Whose rows are behind a door is another matter: `tenants.ui.scoped`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from tenants.access import memberships, roles
from tenants.access.roles import Area


class Right(StrEnum):
    """What somebody may do: look, change, make something new, or stop and end a business."""

    SEE = "see"
    CHANGE = "change"
    CREATE = "create"
    GOVERN = "govern"


@dataclass(frozen=True)
class Door:
    """What a part of the portal takes: of the caller's role a right in an area, of the
    organization a state in which it may act, unless one only looks; and `platforms` is for those
    that manage companies."""

    right: Right
    area: Area
    platforms: bool = False

    def opens(self, request: HttpRequest) -> bool:
        """Whether the caller may do what is behind it."""
        current = memberships.membership(request)
        if current is None or (self.platforms and not current.organization.is_platform):
            return False
        if self.right is Right.SEE:
            return roles.sees(request, self.area)
        governs = self.right is not Right.GOVERN or roles.governs(request)
        return governs and roles.changes(request, self.area)

    def guards(self, view: Callable[..., Any]) -> Callable[..., Any]:
        """Decorator of a view that is no page's: whoever may not pass is told so."""

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not self.opens(request):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return _declared(guarded, self.right)


def takes(
    right: Right, area: Area | None = None, *, platforms: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Have a view of a page take a right: in `area`, else in the page's own.

    The page's `opens` decides; who may not pass is told so (PermissionDenied).
    """

    def declare(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(page: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not page.opens(request, right, area=area, platforms=platforms):
                raise PermissionDenied
            return view(page, request, *args, **kwargs)

        return _declared(guarded, right)

    return declare


def open_to_all(view: Callable[..., Any]) -> Callable[..., Any]:
    """Declare that a view is for everybody whom its site lets in; it shows what is theirs."""

    @wraps(view)
    def opened(*args: Any, **kwargs: Any) -> HttpResponseBase:
        answer: HttpResponseBase = view(*args, **kwargs)
        return answer

    return _declared(opened, None)


def is_declared(view: Any) -> bool:
    """Whether a view, however wrapped, says what it takes."""
    while not hasattr(view, "takes"):
        view = getattr(view, "__wrapped__", None) or getattr(view, "func", None)
        if view is None:
            return False
    return True


def _declared(view: Callable[..., Any], right: Right | None) -> Callable[..., Any]:
    marked: Any = view
    marked.takes = right
    declared: Callable[..., Any] = marked
    return declared
