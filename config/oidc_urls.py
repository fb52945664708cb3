"""What of the OIDC provider is ours: a client ends its own tokens, browsers find nothing."""

from typing import Any

from allauth.core.internal import httpkit
from allauth.idp.oidc import views as library
from allauth.idp.oidc.models import Token
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST


def nowhere(request: HttpRequest, **_: Any) -> HttpResponse:
    """In place of what the library serves and nobody is told of: it is for people's browsers."""
    raise Http404


@csrf_exempt
@require_POST
def revoke_own(request: HttpRequest) -> HttpResponse:
    """End a token of the client that asks (RFC 7009). The library ends anybody's.

    Who the client is, is proved by the library: one that says it is another is refused there.
    """
    asking = httpkit.extract_basic_auth(request.headers)[0] or request.POST.get("client_id", "")
    token = Token.objects.by_value(request.POST.get("token", "")).first()
    if token is not None and token.client_id != asking:
        refusal = {"error": "unauthorized_client", "error_description": "Not a token of yours."}
        return JsonResponse(refusal, status=400)
    answer: HttpResponse = library.revoke(request)
    return answer


# In front of the library's own, whose names are still asked for.
urlpatterns = [
    path("identity/o/api/revoke", revoke_own),
    *(
        path(f"identity/o/{name}", nowhere)
        for name in ("authorize", "device", "logout", "api/device/code", "api/userinfo")
    ),
]
