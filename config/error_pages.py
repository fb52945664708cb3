"""What is answered where no view answers: below a vendor's paths in the words of its clients.

Those parse JSON whatever the status says; a page of ours would be a crash of theirs.
"""

import logging
import sys

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views import defaults

from config.api import registry
from config.api.kit.problems import problem_from
from config.middleware import FOR_PEOPLE
from config.outages import RETRY_AFTER, SENTENCE, sentence_of

logger = logging.getLogger(__name__)
# What else nobody opens in a browser.
_FOR_PROGRAMS = ("/_allauth/", "/identity/", "/internal/", "/health/", "/.well-known/")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is nothing at this path, whoever asks."""
    if request.path.startswith(_FOR_PROGRAMS):
        return JsonResponse({"error": "not_found", "message": "Not Found"}, status=404)
    return _answer(request, Http404()) or defaults.page_not_found(request, exception)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nobody can read what was sent."""
    return _answer(request, exception) or defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Called while the error is being handled, in front of or behind any view: 503 if it passes."""
    error = sys.exception()
    outage = sentence_of(error) if error else ""
    if error is None or not outage:
        found = error if isinstance(error, Exception) else Exception()
        return _answer(request, found) or defaults.server_error(request)
    logger.error("A request has to be made again. %s", outage)
    answer = _come_again(request, error)
    answer["Retry-After"] = str(RETRY_AFTER)
    return answer


def _come_again(request: HttpRequest, error: BaseException) -> HttpResponse:
    answer = _answer(request, error) if isinstance(error, Exception) else None
    if answer:
        return answer
    if request.path == "/" or request.path.startswith(FOR_PEOPLE):
        return render(request, "503.html", status=503)
    said = {"error": "unavailable", "message": SENTENCE, "errorMessage": SENTENCE}
    return JsonResponse(said, status=503)


def _answer(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """What the vendor's clients are told of it, None where the path is no vendor's."""
    vendor = _vendor(request.path.strip("/") + "/")
    if vendor is None:
        return None
    surface, problem = vendor.surface(), problem_from(error)
    return JsonResponse(
        surface.envelope(problem), status=surface.status(problem), headers=surface.headers(problem)
    )


def _vendor(path: str) -> registry.Vendor | None:
    """Whose path it is: the one with the longest prefix of it."""
    found = [
        (len(prefix), vendor)
        for vendor in registry.VENDORS
        for prefix in vendor.prefixes
        if path.startswith(f"{prefix}/")
    ]
    return max(found, key=lambda one: one[0])[1] if found else None
