"""Where the access point forwards what it received (phoss-ap's `http_post` forwarding)."""

import hmac
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from peppol import sbdh
from peppol.invoices.reading import MOST_BYTES
from peppol.services.documents import documents
from tenants.errors import DomainError, Invalid

# An envelope of a document of the greatest size, in base64.
_MOST_BYTES = MOST_BYTES * 3 // 2


@method_decorator(csrf_exempt, name="dispatch")
class Inbound(View):
    """Takes standard business documents from whoever shows the shared secret."""

    def post(self, request: HttpRequest) -> JsonResponse:
        token = request.headers.get("X-Gatehouse-Token", "")
        if not hmac.compare_digest(token.encode(), settings.INBOUND_TOKEN.encode()):
            return JsonResponse({"errorMessage": "Wrong or missing token"}, status=401)
        try:
            message = _message(request)
            document = documents.receive(message, mode=documents.inbound_mode())
        except DomainError as refusal:
            return _rejection(refusal)
        if documents.inbound_mode() == "async":
            return JsonResponse({}, status=202)
        return JsonResponse({"countryCodeC4": document.organization.country or "ZZ"})


def _message(request: HttpRequest) -> sbdh.Envelope:
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdigit() or int(length) > _MOST_BYTES:
        raise Invalid("The message is too large.", code="too_large")
    # Read from the stream: Django's own limit is for forms.
    message = sbdh.unwrap(request.read(int(length)))
    header = request.headers.get("X-SBDH-Instance-ID", "")
    if not message.instance_id or (header and header != message.instance_id):
        raise Invalid("The instance ids of header and envelope differ.", code="not_sbd")
    return message


def _rejection(refusal: DomainError) -> JsonResponse:
    """A permanent no: an access point that waits is told so, the other sees a refusal."""
    body: dict[str, Any] = {"retry": "none", "errorMessage": refusal.message}
    return JsonResponse(body, status=200 if documents.inbound_mode() == "sync" else 422)
