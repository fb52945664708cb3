"""The doors of libraries: what they would stumble over is turned away before it reaches them."""

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, JsonResponse

from config.api.kit.bodies import NotJson, NotTaken, TooLarge, read_json, refuse_broken
from config.api.kit.surface import SurfaceView
from config.middleware import FOR_PEOPLE, GetResponse

_TOO_MANY = "There are too many parameters."
_NO_HEX = re.compile(r"%(?![0-9A-Fa-f]{2})")


class SoundInput:
    """Refuses input of sign-in and token calls that no database holds or that is no JSON.

    The headless sign-in would fail on lone surrogates, deep nesting and endless numbers, the OIDC
    provider on NUL and on what looks like percent-encoding and is none.
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
    if broken or any("\x00" in str(text) for text in texts):
        said = {"error": "invalid_request", "error_description": "The parameters are malformed."}
        return JsonResponse(said, status=400)
    return None
