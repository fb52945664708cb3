"""The sandbox access point over HTTP, with phoss-ap's paths, statuses and fields."""

import hmac
import json
import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from peppol.sandbox import exchange, faults, reports
from peppol.sandbox.models import Fault, Transmission

_SLOW_SECONDS = 15
_SCHEMES = ("iso6523-actorid-upis::", "busdox-docid-qns::", "cenbii-procid-ubl::")


@method_decorator(csrf_exempt, name="dispatch")
class ApView(View):
    """One resource of the access point, behind its one token."""

    def dispatch(self, request: HttpRequest, *args: Any, **path: str) -> HttpResponseBase:
        fault = faults.current()
        if fault == Fault.Kind.AP_DOWN:
            return HttpResponse(status=503)
        if fault == Fault.Kind.AP_SLOW:
            time.sleep(_SLOW_SECONDS)
        token = request.headers.get("X-Token", "")
        if not hmac.compare_digest(token.encode(), settings.ACCESS_POINT_TOKEN.encode()):
            return JsonResponse({"error": "Invalid or missing API token"}, status=401)
        return super().dispatch(request, *args, **path)


class Management(View):
    """Whether it is there; open to everybody."""

    def get(self, request: HttpRequest) -> HttpResponse:
        down = faults.current() == Fault.Kind.AP_DOWN
        return JsonResponse({"sandbox": True}, status=503 if down else 200)


class Submit(ApView):
    """Takes a document and sends it at once."""

    def post(self, request: HttpRequest, address: str) -> HttpResponse:
        parts = [_plain(part) for part in address.split("/")]
        if len(parts) != 5 or not request.body:
            return _string("Malformed request", 400)
        sent = exchange.submit(
            Transmission(
                sbdh_instance_id=request.GET.get("sbdhInstanceID", ""),
                sender=parts[0],
                receiver=parts[1],
                document_type=parts[2],
                process=parts[3],
                country_c1=parts[4][:2],
                content=request.body,
                media_type=request.GET.get("payloadMimeType", "application/xml"),
                mls_to=request.GET.get("mlsTo", "")[:255],
                custom1=request.GET.get("custom1", ""),
                custom2=request.GET.get("custom2", ""),
            )
        )
        status = 200 if sent.status == Transmission.Status.SENT else 422
        return JsonResponse(_report(sent), status=status)


class OutboundStatus(ApView):
    """The outcome of a transmission."""

    def get(self, request: HttpRequest, instance_id: str) -> HttpResponse:
        found = exchange.latest(instance_id)
        return HttpResponse(status=404) if found is None else JsonResponse(_status(found))


class InboundReport(ApView):
    """Takes the receiver's country after an asynchronous forward."""

    def post(self, request: HttpRequest) -> HttpResponse:
        found = exchange.latest(request.GET.get("sbdhInstanceID", ""))
        if found is None:
            return HttpResponse(status=404)
        if not exchange.note_country(found, request.GET.get("c4CountryCode", "")):
            return _string("The country was reported already", 400)
        return JsonResponse({"transactionID": found.pk, "status": "reported", "message": ""})


class Report(ApView):
    """A month's report to OpenPeppol."""

    def get(self, request: HttpRequest, kind: str, year: str, month: str) -> HttpResponse:
        if not 2024 <= int(year) <= 9000 or not 1 <= int(month) <= 12:
            return _string("Malformed request", 400)
        return HttpResponse(
            reports.made(kind, int(year), int(month)), content_type="application/xml"
        )


def _plain(part: str) -> str:
    for scheme in _SCHEMES:
        part = part.removeprefix(scheme)
    return part


def _report(sent: Transmission) -> dict[str, Any]:
    """As phase4's `Phase4PeppolSendingReport` has it."""
    success = sent.status == Transmission.Status.SENT
    return {
        "overallSuccess": success,
        "sendingSuccess": success,
        "sendingResult": "SUCCESS" if success else "TRANSPORT_ERROR",
        "sbdhInstanceIdentifier": sent.sbdh_instance_id,
        "as4MessageId": f"{sent.pk}@sandbox.gatehouse",
        "c3EndpointUrl": settings.ACCESS_POINT_AS4_URL if success else None,
        **({} if success else _trouble(sent.error)),
    }


def _trouble(error: str) -> dict[str, Any]:
    """Where it went wrong: on the way to the receiver's access point, or there."""
    if error.startswith("The receiver "):
        return {"lookupError": error}
    return {"as4ResponseErrors": [{"description": error, "errorCode": "EBMS:0004"}]}


def _status(sent: Transmission) -> dict[str, Any]:
    return {
        "id": sent.pk,
        "transactionType": "outbound",
        "senderID": sent.sender,
        "receiverID": sent.receiver,
        "docTypeID": sent.document_type,
        "processID": sent.process,
        "sbdhInstanceID": sent.sbdh_instance_id,
        "status": sent.status,
        "attemptCount": sent.attempt_count,
        "createdDT": sent.created_at.isoformat(),
        "completedDT": sent.completed_at.isoformat() if sent.completed_at else None,
        "nextRetryDT": sent.next_retry_at.isoformat() if sent.next_retry_at else None,
        "errorDetails": sent.error or None,
        "mlsStatus": exchange.mls_status(sent),
        "custom1": sent.custom1,
        "custom2": sent.custom2,
    }


def _string(text: str, status: int) -> HttpResponse:
    return HttpResponse(json.dumps(text), status=status, content_type="application/json")
