"""Where the access point forwards what it received (phoss-ap's `http_post` forwarding).

Only two things are refused for good: what is no business document, and what was never meant for
anybody here. Whatever else stands in the way, the access point is asked to come again.
"""

import hmac
from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from config.api.kit.bodies import REFUSED
from peppol import sbdh
from peppol.contents import PIECE, Content
from peppol.services.documents import documents, inbound
from tenants.errors import DomainError, Invalid

# What will never be taken in: no business document, or nobody's here.
_FINAL = ("not_sbd", "not_xml", "unknown_receiver")
# Seconds after which an access point that listens may come again.
_PAUSE = 60


@method_decorator(csrf_exempt, name="dispatch")
class Inbound(View):
    """Takes standard business documents from whoever shows the shared secret."""

    def post(self, request: HttpRequest) -> JsonResponse:
        if not _is_trusted(request):
            return _stranger()
        refused, mode = request.META.get(REFUSED), inbound.inbound_mode()
        if refused:
            return _again("The message did not arrive whole, or is too large.", status=refused)
        try:
            document = inbound.receive(_message(request), mode=mode)
        except DomainError as refusal:
            return _refusal(refusal)
        if mode == "async":
            return JsonResponse({}, status=202)
        return JsonResponse({"countryCodeC4": document.organization.country or "ZZ"})


@method_decorator(csrf_exempt, name="dispatch")
class Progress(View):
    """Told by an access point, or a script beside it, that a sent document has got on.

    We ask the access point at once, instead of when the document's turn comes.
    """

    def post(self, request: HttpRequest) -> JsonResponse:
        if not _is_trusted(request):
            return _stranger()
        known = documents.look_at(request.GET.get("sbdhInstanceID", "")[:255])
        return JsonResponse({"waitedFor": known}, status=202)


def _is_trusted(request: HttpRequest) -> bool:
    token = request.headers.get("X-Gatehouse-Token", "")
    return hmac.compare_digest(token.encode(), settings.INBOUND_TOKEN.encode())


def _stranger() -> JsonResponse:
    return JsonResponse({"errorMessage": "Wrong or missing token"}, status=401)


def _message(request: HttpRequest) -> sbdh.Arrived:
    # Read from the stream: Django's own limit is for forms, and memory is for small ones.
    body = Content()
    while piece := request.read(PIECE):
        body.write(piece)
    message = sbdh.unwrap(body.file())
    if not message.sender or not message.document_type:
        raise Invalid("The envelope names no sender or no document type.", code="not_sbd")
    header = request.headers.get("X-SBDH-Instance-ID", "")
    if not message.instance_id and header:
        return replace(message, instance_id=header)
    if not message.instance_id or (header and header != message.instance_id):
        raise Invalid("The instance ids of header and envelope differ.", code="not_sbd")
    return message


def _refusal(refusal: DomainError) -> JsonResponse:
    """A permanent no: an access point that waits is told so, the other sees a refusal."""
    if refusal.code not in _FINAL:
        return _again(refusal.message)
    body = {"retry": "none", "errorMessage": refusal.message}
    return JsonResponse(body, status=200 if inbound.inbound_mode() == "sync" else 422)


def _again(message: str, *, status: int = 503) -> JsonResponse:
    headers = {"Retry-After": str(_PAUSE)} if status == 503 else {}
    return JsonResponse({"errorMessage": message}, status=status, headers=headers)
