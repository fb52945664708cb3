"""Who may change something at the sandbox SMP, and how the real one says that somebody may not."""

import hmac
from base64 import b64encode
from collections.abc import Callable
from functools import partial, wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views import View

from peppol.sandbox import faults
from peppol.sandbox.models import Fault
from peppol.sandbox.smp import Answer


def writes(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For calls that change something: writing switched on, and some credentials.

    Whose they are is asked later, by `authorize`: whoever sends no XML is told that first.
    """

    @wraps(view)
    def checked(self: View, request: HttpRequest, **path: str) -> HttpResponse:
        if faults.current() == Fault.Kind.READ_ONLY:
            action = f"{request.method} of {request.path}"
            raise Answer(412, f"The writable REST API is disabled. {action} will not be executed")
        if not request.headers.get("Authorization"):
            raise Answer(
                403, "Missing required HTTP header 'Authorization' for user authentication"
            )
        return view(self, request, **path)

    return checked


def authorize(request: HttpRequest) -> None:
    """Every failure is a 403: there is no 401 at a phoss SMP."""
    shown = request.headers.get("Authorization", "")
    scheme, _, secret = shown.partition(" ")
    basic = b64encode(f"{settings.SMP_USERNAME}:{settings.SMP_PASSWORD}".encode()).decode()
    ours = (f"Bearer {settings.SMP_TOKEN}", *((f"Basic {basic}",) if settings.SMP_PASSWORD else ()))
    fault = faults.current()
    known = any(hmac.compare_digest(shown.encode(), one.encode()) for one in ours)
    if fault == Fault.Kind.CREDENTIALS or not known:
        if scheme == "Bearer":
            raise Answer(403, f"Unknown user '{{BearerToken}}{secret}'")
        raise Answer(403, "Username and/or password are invalid!")
    if fault == Fault.Kind.DISABLED:
        raise Answer(403, "User is disabled!")


def allowed(request: HttpRequest) -> Callable[[], None]:
    """`authorize`, for whoever looks at what came before that."""
    return partial(authorize, request)
