"""What of the OIDC provider is ours: its words where clients read them, its own tokens only.

The library serves the rest. What it does not know: credentials in a Basic header are form-encoded
(RFC 6749, 2.3.1), a 401 names the scheme to try (RFC 9110, 11.6.1), a grant that is missing is
another fault than one that nobody gives (RFC 6749, 5.2), and keys say what they are for (RFC 7517).
"""

import base64
import binascii
import json
from typing import Any
from urllib.parse import unquote_plus

from allauth.core.internal import httpkit
from allauth.idp.oidc import views as library
from allauth.idp.oidc.models import Token
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

_CHALLENGE = 'Basic realm="Gatehouse", charset="UTF-8"'


def nowhere(request: HttpRequest, **_: Any) -> HttpResponse:
    """In place of what the library serves and nobody is told of: it is for people's browsers."""
    raise Http404


@csrf_exempt
def token(request: HttpRequest) -> HttpResponse:
    """A token for client credentials (RFC 6749, 4.4)."""
    if request.method != "POST":
        return _refuse("invalid_request", "Tokens are asked for with POST.", status=405)
    grants = request.POST.getlist("grant_type")
    if len(grants) != 1:
        return _refuse("invalid_request", "Say grant_type, once.")
    if grants != ["client_credentials"]:
        return _refuse("unsupported_grant_type", "The one grant here is client_credentials.")
    _decode_credentials(request)
    return _challenge(library.token(request))


@csrf_exempt
def revoke_own(request: HttpRequest) -> HttpResponse:
    """End a token of the client that asks (RFC 7009). The library ends anybody's.

    Who the client is, is proved by the library: one that says it is another is refused there.
    """
    if request.method != "POST":
        return _refuse("invalid_request", "Tokens are revoked with POST.", status=405)
    _decode_credentials(request)
    asking = httpkit.extract_basic_auth(request.headers)[0] or request.POST.get("client_id", "")
    found = Token.objects.by_value(request.POST.get("token", "")).first()
    if found is not None and found.client_id != asking:
        return _refuse("unauthorized_client", "Not a token of yours.")
    return _challenge(library.revoke(request))


def keys(request: HttpRequest) -> HttpResponse:
    """The keys that prove tokens, and what each is for."""
    answer: HttpResponse = library.jwks(request)
    found = json.loads(answer.content)["keys"]
    named = [{**key, "use": "sig", "alg": "RS256"} for key in found]
    answer.content = json.dumps({"keys": named}).encode()
    return answer


def _refuse(error: str, description: str, *, status: int = 400) -> HttpResponse:
    return JsonResponse({"error": error, "error_description": description}, status=status)


def _challenge(answer: HttpResponse) -> HttpResponse:
    if answer.status_code == 401:
        answer["WWW-Authenticate"] = _CHALLENGE
    return answer


def _decode_credentials(request: HttpRequest) -> None:
    """Take the form-encoding off the id and the secret of a Basic header. Ours need none, so that
    those of clients which leave it out mean the same."""
    scheme, _, given = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return
    try:
        name, _, secret = base64.b64decode(given).decode().partition(":")
    except (binascii.Error, ValueError):
        return
    plain = f"{unquote_plus(name)}:{unquote_plus(secret)}".encode()
    request.META["HTTP_AUTHORIZATION"] = "Basic " + base64.b64encode(plain).decode()
    vars(request).pop("headers", None)  # they are kept once read


# In front of the library's own, whose names are still asked for.
urlpatterns = [
    path(".well-known/oauth-authorization-server", library.configuration),
    path(".well-known/jwks.json", keys),
    path("identity/o/api/token", token),
    path("identity/o/api/revoke", revoke_own),
    *(
        path(f"identity/o/{name}", nowhere)
        for name in ("authorize", "device", "logout", "api/device/code", "api/userinfo")
    ),
]
