"""Which Content-Security-Policy an answer has: what its page needs, and no more.

Scripts stand in files, never in a page. Unfold's pages use Alpine, which makes functions of the
expressions in their attributes: they need `unsafe-eval`. Nothing else has it.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Sequence
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from tenants.access.once import keep

_NO_FRAME = "frame-ancestors 'none'; "
_COMMON = (
    "default-src 'self'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
    f"{_NO_FRAME}form-action 'self'; base-uri 'self'; object-src 'none'; "
)
# Nobody opens what is no page, and whoever does sees text.
NO_PAGE = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
# Both sites: Unfold writes styles into its pages and their attributes.
SITES = _COMMON + "script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'"
# The page of the APIs' documents has styles that its library makes.
DOCS = _COMMON + "script-src 'self'; style-src 'self' 'unsafe-inline'"
_STYLE = re.compile(r"<style>(.*?)</style>", re.S)


def nonce(request: HttpRequest) -> str:
    """What the style of a page in front of the sites is known by, a new one for each answer."""
    found: str | None = getattr(request, "_style_nonce", None)
    if found is None:
        found = secrets.token_urlsafe(16)
        request._style_nonce = found  # type: ignore[attr-defined]
    return found


def allow_frames(request: HttpRequest, response: HttpResponse, origins: Sequence[str]) -> None:
    """Let pages of `origins` show this one in a frame, and nobody else."""
    keep(request, "_framed_by", tuple(origins))
    # The header that was there before that policy knows all or nothing.
    vars(response)["xframe_options_exempt"] = bool(origins)


def policy_of(request: HttpRequest, response: HttpResponseBase) -> str:
    """The policy of an answer."""
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return NO_PAGE
    if hasattr(request, "_style_nonce"):
        framed_by = " ".join(getattr(request, "_framed_by", ()))
        common = _COMMON
        if framed_by:
            common = common.replace(_NO_FRAME, f"frame-ancestors {framed_by}; ")
        return f"{common}script-src 'self'; style-src 'self' 'nonce-{nonce(request)}'"
    # Pages of both sites are made of templates with a request, the barest pages without one.
    is_bare = response.status_code in (400, 500) and not hasattr(response, "template_name")
    if request.path.startswith(("/portal/", "/admin/")) and not is_bare:
        return SITES
    if request.path.startswith("/api/docs/"):
        return DOCS
    return f"{NO_PAGE}; style-src '{_style_of_bare_pages()}'"


@cache
def _style_of_bare_pages() -> str:
    """The hash of the one style of the pages that are shown where nothing else works."""
    text = (settings.BASE_DIR / "templates" / "ui" / "bare.html").read_text()
    found = _STYLE.search(text)
    digest = hashlib.sha256(found[1].encode() if found else b"").digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
