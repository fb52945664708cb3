"""Which host names the site answers on: its own, and the proven custom domains of platforms."""

import hmac
import ipaddress
import threading
import time

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseForbidden,
)
from django.http.request import split_domain_port, validate_host

from config.middleware import GetResponse
from tenants.models import CustomDomain
from tenants.row_security import everything

# How long an answer is believed. Names are asked about once a handshake, by whoever likes.
_BELIEVED = 60.0
TLS_ASK = "/internal/tls/ask"
_HSTS = "Strict-Transport-Security"
_MOST_NAMES = 10_000
# No name of DNS is longer, and none is kept that could be none.
_LONGEST = 253
# The names asked about, the one that was asked about longest ago first.
_known: dict[str, tuple[float, bool]] = {}
_one_at_a_time = threading.Lock()


def is_served(host: str) -> bool:
    """Whether `host` is a proven custom domain; at most one query a minute for each name."""
    if not 0 < len(host) <= _LONGEST:
        return False
    now = time.monotonic()
    until, answer = _known.get(host, (0.0, False))
    if until < now:
        until, answer = now + _BELIEVED, _is_proven(host)
    _remember(host, until, answer)
    return answer


def _remember(host: str, until: float, answer: bool) -> None:
    """Keep the answer, in the place of whichever was asked for longest ago."""
    with _one_at_a_time:
        _known.pop(host, None)
        if len(_known) >= _MOST_NAMES:
            del _known[next(iter(_known))]
        _known[host] = (until, answer)


def _is_proven(host: str) -> bool:
    with everything():  # nobody is known yet by whom the rows could be limited
        return CustomDomain.objects.serving(host).exists()


class KnownHosts:
    """Refuses requests for host names that are neither ours nor a platform's.

    Django's own list is fixed when the process starts; custom domains come and go.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A TLS proxy asks under whatever name it reaches us by, and is told nothing of our pages.
        if request.path != TLS_ASK and not _is_known(request):
            # Before anybody has a session there is no page to dress this up with.
            return HttpResponseBadRequest(
                "This site does not answer to that name.", content_type="text/plain"
            )
        return _promising_for_itself(request, self.get_response(request))


def _promising_for_itself(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """At a custom domain, promise TLS for that name alone: those below it are not ours."""
    if _HSTS in response and not validate_host(_name(request), settings.OWN_HOSTS):
        response[_HSTS] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    return response


def _is_known(request: HttpRequest) -> bool:
    if len(request.headers.get("Host", "")) > _LONGEST + len(":65535"):
        return False
    try:
        host = _name(request)
    except DisallowedHost:
        return False
    return validate_host(host, settings.OWN_HOSTS) or is_served(host)


def _name(request: HttpRequest) -> str:
    return split_domain_port(request.get_host())[0]


def tls_ask(request: HttpRequest) -> HttpResponse:
    """Tell our TLS proxy whether to get a certificate for `?domain=`.

    200 for a proven custom domain and 404 for any other name, for Caddy's on-demand TLS; 403 for
    whoever asks from another machine or through the proxy without the token (`TLS_ASK_TOKEN`).
    """
    if not (_has_token(request) or _is_from_this_machine(request)):
        return HttpResponseForbidden()
    return HttpResponse(status=200 if is_served(request.GET.get("domain", "").lower()) else 404)


def _has_token(request: HttpRequest) -> bool:
    token, given = settings.TLS_ASK_TOKEN, request.GET.get("token", "")
    return bool(token) and hmac.compare_digest(token.encode(), given.encode())


def _is_from_this_machine(request: HttpRequest) -> bool:
    if "X-Forwarded-For" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
