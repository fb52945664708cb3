"""Operator staff look at the portal as one of its people: the doors while that lasts.

The portal then has the visited person as its user and a session that is thrown away, may only be
read, and reads from a database that refuses to write. Everywhere else the staff stay themselves,
and may do nothing but look, end the visit and sign out.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.access import memberships
from tenants.models import User, Visit
from tenants.services import impersonation

SESSION_KEY = "visit"
# Who may begin one, besides superusers.
PERMISSION = "tenants.add_visit"
_SAFE = ("GET", "HEAD", "OPTIONS")
# Pages of a person's own account: here they would be those of the staff.
_PERSONAL = ("/accounts/", "/invitations/")
_WAYS_OUT = ("admin:visit_end", "admin:logout", "account_logout")
# What statements may begin with; a transaction that has nothing to commit does no harm.
_READS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")

GetResponse = Callable[[HttpRequest], HttpResponse]


class Visiting:
    """Middleware that keeps a visit to looking; it does nothing for anybody who is on none."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        on_one = settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session
        if not on_one:
            return self.get_response(request)
        visit = _current(request)
        if visit is None:
            return _over(request)
        request.visit = visit  # type: ignore[attr-defined]
        if request.method not in _SAFE:
            out = request.path in (reverse(name) for name in _WAYS_OUT)
            return self.get_response(request) if out else _refused(request)
        if request.path.startswith(_PERSONAL):
            return _refused(request)
        if request.path.startswith(reverse("portal:index")):
            return self._as_visited(request, visit)
        return self.get_response(request)

    def _as_visited(self, request: HttpRequest, visit: Visit) -> HttpResponse:
        staff, own = request.user, request.session
        request.user = visit.visited
        request.session = import_module(settings.SESSION_ENGINE).SessionStore()
        request.session[memberships.SESSION_KEY] = str(visit.organization_id)
        try:
            with connection.execute_wrapper(_only_reads):
                answer = self.get_response(request)
        finally:
            request.user, request.session = staff, own
        # What a person may see is not for the staff's browser to keep.
        answer.headers["Cache-Control"] = "no-store"
        return answer


def enter(request: HttpRequest, visit: Visit) -> str:
    """Have this browser be on `visit` from now on, and return where it leads."""
    request.session[SESSION_KEY] = str(visit.pk)
    return reverse("portal:index")


def end(request: HttpRequest) -> HttpResponseBase:
    """End the visit that this browser is on and go back to whom it was about."""
    visit: Visit | None = getattr(request, "visit", None)
    if visit is None:
        return redirect("admin:index")
    impersonation.end(visit, how=Visit.End.BY_HAND, by=memberships.actor(request))
    request.session.pop(SESSION_KEY, None)
    messages.success(request, gettext("The visit is over. You are yourself again."))
    return redirect("admin:tenants_organization_change", visit.organization_id)


def signed_out(user: Any, **_: Any) -> None:
    """Whoever signs out is on no visit any more."""
    if isinstance(user, User):
        impersonation.leave(user)


def _current(request: HttpRequest) -> Visit | None:
    """The visit that may go on; one that may not is ended here, unless the time limit did."""
    if not isinstance(request.user, User):
        return None
    mine = Visit.objects.filter(pk=request.session[SESSION_KEY], staff=request.user)
    mine = mine.select_related("organization__parent", "staff", "visited")
    visit = mine.under_way().first() if request.user.has_perm(PERMISSION) else None
    stopped = mine.open().first() if visit is None else None
    if stopped is not None:
        impersonation.stop(stopped)
    return visit


def _over(request: HttpRequest) -> HttpResponse:
    """Turn away what was meant for a visit that is over: it must not be done as somebody else."""
    del request.session[SESSION_KEY]
    messages.warning(request, gettext("The visit is over. You are yourself again."))
    return _redirect(request, reverse("home"), status=204)


def _refused(request: HttpRequest) -> HttpResponse:
    sentence = _("You are only looking. End the visit to change anything.")
    if "HX-Request" in request.headers:
        messages.error(request, sentence)
        here = urlsplit(request.headers.get("HX-Current-URL", "")).path or reverse("home")
        return _redirect(request, here, status=403)
    return render(request, "portal/visit_refused.html", {"sentence": sentence}, status=403)


def _redirect(request: HttpRequest, where: str, *, status: int) -> HttpResponse:
    if "HX-Request" in request.headers:
        return HttpResponse(status=status, headers={"HX-Redirect": where})
    return redirect(where)


def _only_reads(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if not sql.lstrip(" (").upper().startswith(_READS):
        raise PermissionDenied("Nothing is written on a visit.")
    return execute(sql, params, many, context)
