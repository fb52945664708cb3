"""What every answer carries, whatever view it comes from."""

import logging
import re
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from config import recent_calls
from tenants.actors import request_id
from tenants.ids import uuid7
from tenants.web.content_policy import policy_of

logger = logging.getLogger("gatehouse.requests")

GetResponse = Callable[[HttpRequest], HttpResponse]
_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
FOR_PEOPLE = ("/portal/", "/admin/", "/accounts/", "/invitations/", "/client/", "/mails/")


class RequestContext:
    """Gives each request an id, the caller's own where it is sane, and says it in the answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        id = given if _ACCEPTABLE_ID.fullmatch(given) else str(uuid7())
        # Not taken back afterwards: Django logs some refusals when we are through with them.
        request_id.set(id)
        started = time.monotonic()
        response = self.get_response(request)
        seconds = time.monotonic() - started
        _log(request, response.status_code, seconds)
        recent_calls.note(request, response.status_code, seconds)
        response["X-Request-ID"] = id
        return response


def _log(request: HttpRequest, status: int, seconds: float) -> None:
    """One line a request: never its query, which may carry a token of somebody's."""
    logger.info(
        "%s %s %s",
        request.method,
        request.path,
        status,
        extra={
            "method": request.method,
            "path": request.path,
            "status": status,
            "duration_ms": round(seconds * 1000, 1),
            "organization": getattr(request, "organization_id", None),
        },
    )


class SecurityHeaders:
    """The headers a browser needs that Django's own middleware does not set."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", policy_of(request, response))
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response


class PeoplesLanguage:
    """Shows a person's pages in the language of their cookie, else of their browser.

    Programs are answered in English whatever they accept: what an API says, stores or sends on
    is part of its contract. The language ends with the request, as the next one in this thread
    may be a program's.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path != "/" and not request.path.startswith(FOR_PEOPLE):
            with translation.override("en"):
                return self.get_response(request)
        language = translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.setdefault("Content-Language", language)
        return response
