"""Operator staff view the portal as one of its people: what the web lets through meanwhile.

The portal then has that person as its user and a session that is thrown away, may only be
read, and reads from a database that refuses to write. Everywhere else the staff stay themselves,
and may do nothing but look, end it and sign out.
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
from tenants.models import Impersonation, User
from tenants.row_security import everything
from tenants.services import impersonation as impersonation_service

SESSION_KEY = "impersonation"
# Who may begin one, besides superusers.
PERMISSION = "tenants.add_impersonation"
_SAFE = ("GET", "HEAD", "OPTIONS")
# Pages of a person's own account: here they would be those of the staff.
_PERSONAL = ("/accounts/", "/invitations/")
_WAYS_OUT = ("admin:impersonation_end", "admin:logout", "account_logout")
# What statements may begin with; a transaction that has nothing to commit does no harm.
_READS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")

GetResponse = Callable[[HttpRequest], HttpResponse]


class ImpersonationMiddleware:
    """Middleware that keeps an impersonation to looking; it does nothing for anybody else."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_in_one = (
            settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session
        )
        if not is_in_one:
            return self.get_response(request)
        impersonation = _current(request)
        if impersonation is None:
            return _over(request)
        request.impersonation = impersonation  # type: ignore[attr-defined]
        if request.method not in _SAFE:
            out = request.path in (reverse(name) for name in _WAYS_OUT)
            return self.get_response(request) if out else _refused(request)
        if request.path.startswith(_PERSONAL):
            return _refused(request)
        if request.path.startswith(reverse("portal:index")):
            return self._as_impersonated(request, impersonation)
        return self.get_response(request)

    def _as_impersonated(self, request: HttpRequest, impersonation: Impersonation) -> HttpResponse:
        staff, own = request.user, request.session
        request.user = impersonation.impersonated
        request.session = import_module(settings.SESSION_ENGINE).SessionStore()
        request.session[memberships.SESSION_KEY] = str(impersonation.organization_id)
        try:
            with connection.execute_wrapper(_only_reads):
                answer = self.get_response(request)
        finally:
            request.user, request.session = staff, own
        # What a person may see is not for the staff's browser to keep.
        answer.headers["Cache-Control"] = "no-store"
        return answer


def enter(request: HttpRequest, impersonation: Impersonation) -> str:
    """Have this browser be in that one from now on, and return where it leads."""
    request.session[SESSION_KEY] = str(impersonation.pk)
    return reverse("portal:index")


def end(request: HttpRequest) -> HttpResponseBase:
    """End the one that this browser is in and go back to whom it was about."""
    impersonation: Impersonation | None = getattr(request, "impersonation", None)
    if impersonation is None:
        return redirect("admin:index")
    impersonation_service.end(
        impersonation, how=Impersonation.End.BY_HAND, by=memberships.actor(request)
    )
    request.session.pop(SESSION_KEY, None)
    messages.success(request, gettext("You no longer view as somebody else."))
    return redirect("admin:tenants_organization_change", impersonation.organization_id)


def signed_out(user: Any, **_: Any) -> None:
    """Whoever signs out views as nobody any more."""
    if isinstance(user, User):
        impersonation_service.leave(user)


@everything()  # staff have no organization by which their own could be shown
def _current(request: HttpRequest) -> Impersonation | None:
    """The one that may go on; one that may not is ended here, unless the time limit did."""
    if not isinstance(request.user, User):
        return None
    mine = Impersonation.objects.filter(pk=request.session[SESSION_KEY], staff=request.user)
    mine = mine.select_related("organization__parent", "staff", "impersonated")
    impersonation = mine.under_way().first() if request.user.has_perm(PERMISSION) else None
    stopped = mine.open().first() if impersonation is None else None
    if stopped is not None:
        impersonation_service.stop(stopped)
    return impersonation


def _over(request: HttpRequest) -> HttpResponse:
    """Turn away what was meant for one that is over: it must not be done as oneself."""
    del request.session[SESSION_KEY]
    messages.warning(request, gettext("You no longer view as somebody else."))
    return _redirect(request, reverse("home"), status=204)


def _refused(request: HttpRequest) -> HttpResponse:
    sentence = _("You are only viewing. Stop viewing as somebody else to change anything.")
    if "HX-Request" in request.headers:
        messages.error(request, sentence)
        here = urlsplit(request.headers.get("HX-Current-URL", "")).path or reverse("home")
        return _redirect(request, here, status=403)
    return render(request, "ui/impersonation_refused.html", {"sentence": sentence}, status=403)


def _redirect(request: HttpRequest, where: str, *, status: int) -> HttpResponse:
    if "HX-Request" in request.headers:
        return HttpResponse(status=status, headers={"HX-Redirect": where})
    return redirect(where)


def _only_reads(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if not sql.lstrip(" (").upper().startswith(_READS):
        raise PermissionDenied("Nothing is written while viewing as somebody else.")
    return execute(sql, params, many, context)
