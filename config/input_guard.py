"""The doors of libraries: what they would stumble over is turned away before it reaches them."""

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import TooManyFieldsSent, ValidationError
from django.forms import CharField
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _

from config.api.kit.bodies import NotJson, NotTaken, NotText, TooLarge, read_json, refuse_broken
from config.api.kit.surface import SurfaceView
from config.middleware import FOR_PEOPLE, GetResponse
from tenants import persistence

_TOO_MANY = "There are too many parameters."
_NO_HEX = re.compile(r"%(?![0-9A-Fa-f]{2})")


class SoundInput:
    """Refuses input of sign-in and token calls that no database holds or that is no JSON.

    The headless sign-in would fail on lone surrogates, deep nesting and endless numbers, the OIDC
    provider on control characters and on what looks like percent-encoding and is none.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/_allauth/"):
            refusal = _sign_in(request)
        elif request.path.startswith("/identity/"):
            refusal = _token_call(request)
        else:
            refusal = None
        return refusal or self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Refuse a body that did not arrive; the surfaces say so in their own envelopes."""
        if issubclass(getattr(view, "cls", object), SurfaceView):
            return None
        try:
            refuse_broken(request)
        except NotText:
            # A query of pages says nothing that is kept: what is no text finds nothing.
            return None
        except (NotTaken, TooLarge) as error:
            said = {"error": error.default_code, "message": str(error.detail)}
            return JsonResponse(said, status=error.status_code)
        except TooManyFieldsSent:
            if request.path.startswith(FOR_PEOPLE):
                raise
            return JsonResponse({"error": "bad_request", "message": _TOO_MANY}, status=400)
        return None


def _sign_in(request: HttpRequest) -> HttpResponse | None:
    try:
        read_json(request)
    except (NotJson, TooLarge) as error:
        errors = [{"code": "invalid", "message": str(error.detail)}]
        return JsonResponse({"status": 400, "errors": errors}, status=400)
    return None


def _token_call(request: HttpRequest) -> HttpResponse | None:
    try:
        pairs = [*request.POST.items(), *request.GET.items()]
    except TooManyFieldsSent:
        said = {"error": "invalid_request", "error_description": _TOO_MANY}
        return JsonResponse(said, status=400)
    texts = (text for pair in pairs for text in pair)
    broken = _NO_HEX.search(request.META.get("QUERY_STRING", ""))
    if broken or any(persistence.has_control(str(text)) for text in texts):
        said = {"error": "invalid_request", "error_description": "The parameters are malformed."}
        return JsonResponse(said, status=400)
    return None


def guard_forms() -> None:
    """Have every text field of every form refuse control characters, the libraries' own too."""
    plain: Callable[[CharField, Any], Any] = CharField.to_python

    def to_python(field: CharField, value: Any) -> Any:
        text = plain(field, value)
        if persistence.has_control(text):
            raise ValidationError(_(persistence.NO_CONTROL), code="control_characters")
        return text

    # Forms are declared before this runs, so that their fields' validators are chosen already.
    setattr(CharField, "to_python", to_python)  # noqa: B010
