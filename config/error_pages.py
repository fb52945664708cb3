"""What is answered where an error was nobody's to handle: 503 for what passes, otherwise 500."""

import logging
import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.defaults import server_error as anything

from config.api import registry
from config.api.kit.problems import problem_from
from config.middleware import FOR_PEOPLE
from config.outages import RETRY_AFTER, SENTENCE, sentence_of

logger = logging.getLogger(__name__)


def server_error(request: HttpRequest) -> HttpResponse:
    """Called while the error is being handled, in front of or behind any view."""
    error = sys.exception()
    outage = sentence_of(error) if error else ""
    if error is None or not outage:
        return anything(request)
    logger.error("A request has to be made again. %s", outage)
    answer = _come_again(request, error)
    answer["Retry-After"] = str(RETRY_AFTER)
    return answer


def _come_again(request: HttpRequest, error: BaseException) -> HttpResponse:
    vendor = _vendor(request.path.lstrip("/"))
    if vendor and isinstance(error, Exception):
        return JsonResponse(vendor.surface().envelope(problem_from(error)), status=503)
    if request.path == "/" or request.path.startswith(FOR_PEOPLE):
        return render(request, "503.html", status=503)
    said = {"error": "unavailable", "message": SENTENCE, "errorMessage": SENTENCE}
    return JsonResponse(said, status=503)


def _vendor(path: str) -> registry.Vendor | None:
    """Whose path it is: the one with the longest prefix of it."""
    found = [
        (len(prefix), vendor)
        for vendor in registry.VENDORS
        for prefix in vendor.prefixes
        if path.startswith(f"{prefix}/")
    ]
    return max(found, key=lambda one: one[0])[1] if found else None
