"""Pages and their styles and scripts are compressed on the way; what shows a secret never is.

Whoever can have a page repeat their words and sees how long its compressed answers are learns of
a secret on it letter by letter (BREACH). Django pads what it compresses; besides, pages that keep
themselves out of every store, answers to what was sent in, sign-in and the APIs go as they are.
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_PAGES = ("/portal/", "/admin/")
_TEXTS = ("text/", "application/javascript", "image/svg+xml")


class Compression(GZipMiddleware):
    """Django's, for what is long and no secret."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not _may_be_compressed(request, response):
            return response
        return super().process_response(request, response)


def _may_be_compressed(request: HttpRequest, response: HttpResponseBase) -> bool:
    if request.method not in ("GET", "HEAD") or response.status_code != 200:
        return False
    if not response.headers.get("Content-Type", "").startswith(_TEXTS):
        return False
    if request.path.startswith("/static/"):
        return True
    return request.path.startswith(_PAGES) and not _shows_a_secret(response)


def _shows_a_secret(response: HttpResponseBase) -> bool:
    """Whether the page itself asked to be stored nowhere, before Django asked it of all pages."""
    return response.headers.get("Cache-Control", "").startswith(("no-store", "private, no-store"))
