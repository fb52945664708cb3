"""The sandbox network over HTTP: SMP and Directory, with the real ones' paths and statuses."""

import time
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from lxml.builder import ElementMaker

from peppol.sandbox import authority, directory, faults, moving, smp
from peppol.sandbox.credentials import allowed, authorize, writes
from peppol.sandbox.models import Card, Fault, Group
from peppol.sandbox.smp import Answer
from peppol.smp import documents

_SLOW_SECONDS = 15
_CONTAINERS_PAGE = (
    '<!doctype html><html lang="en"><head><title>HTTP Status 500 – Internal Server Error</title>'
    '<style type="text/css">body {font-family:Tahoma}</style></head><body>'
    "<h1>HTTP Status 500 – Internal Server Error</h1><h3>Apache Tomcat/10.1.34</h3></body></html>"
)


@method_decorator(csrf_exempt, name="dispatch")
class SmpView(View):
    """One resource of the SMP; an Answer raised anywhere is what the client gets."""

    def dispatch(self, request: HttpRequest, *args: Any, **path: str) -> HttpResponseBase:
        fault = faults.current()
        if fault == Fault.Kind.DOWN:
            return HttpResponse(status=503)
        if fault == Fault.Kind.SLOW:
            time.sleep(_SLOW_SECONDS)
        try:
            return super().dispatch(request, *args, **path)
        except Answer as answer:
            if answer.status == 500 and not answer.text:
                # Nothing is said, and the container fills the empty page.
                return HttpResponse(_CONTAINERS_PAGE, status=500)
            return _text(answer.status, f"{answer.text} at {request.build_absolute_uri()}")


class ServiceGroup(SmpView):
    """A participant."""

    def get(self, request: HttpRequest, group: str) -> HttpResponse:
        return _xml(smp.show_group(group))

    @writes
    def put(self, request: HttpRequest, group: str) -> HttpResponse:
        in_sml = request.GET.get("create-in-sml") != "false"
        smp.put_group(group, request.body, in_sml=in_sml, allowed=allowed(request))
        return HttpResponse()

    @writes
    def delete(self, request: HttpRequest, group: str) -> HttpResponse:
        authorize(request)
        smp.delete_group(group, in_sml=request.GET.get("delete-in-sml") != "false")
        return HttpResponse()


class Services(SmpView):
    """All document types of a participant."""

    @writes
    def delete(self, request: HttpRequest, group: str) -> HttpResponse:
        authorize(request)
        smp.delete_services(group)
        return HttpResponse()


class ServiceMetadata(SmpView):
    """One document type of a participant."""

    def get(self, request: HttpRequest, group: str, document_type: str) -> HttpResponse:
        return _xml(smp.show_service(group, document_type))

    @writes
    def put(self, request: HttpRequest, group: str, document_type: str) -> HttpResponse:
        smp.put_service(group, document_type, request.body, allowed=allowed(request))
        return HttpResponse()

    @writes
    def delete(self, request: HttpRequest, group: str, document_type: str) -> HttpResponse:
        authorize(request)
        smp.delete_services(group, document_type)
        return HttpResponse()


class ServiceProcess(SmpView):
    """One process of a document type."""

    @writes
    def delete(
        self, request: HttpRequest, group: str, document_type: str, process: str
    ) -> HttpResponse:
        authorize(request)
        smp.delete_process(group, document_type, process)
        return HttpResponse()


class BusinessCard(SmpView):
    """A participant's business card."""

    def get(self, request: HttpRequest, group: str) -> HttpResponse:
        return _xml(smp.card_of(group).body.encode())

    @writes
    def put(self, request: HttpRequest, group: str) -> HttpResponse:
        smp.put_card(group, request.body, allowed=allowed(request))
        # As at the real one, a Directory that does not take the card is no failure of the PUT.
        _push(group, missing_is_fine=True)
        return HttpResponse()

    @writes
    def delete(self, request: HttpRequest, group: str) -> HttpResponse:
        authorize(request)
        smp.owned(group)
        smp.card_of(group).delete()
        return HttpResponse()


class BusinessCardPush(SmpView):
    """Has the Directory read a card again."""

    @writes
    def post(self, request: HttpRequest, group: str) -> HttpResponse:
        authorize(request)
        if not Card.objects.filter(group=smp.owned(group)).exists():
            raise Answer(400, "Bad request: this participant has no business card")
        _push(group)
        return HttpResponse()


class Complete(SmpView):
    """A participant with its unsigned metadata."""

    def get(self, request: HttpRequest, group: str) -> HttpResponse:
        shown = documents.parse_xml(smp.show_group(group))
        root = ElementMaker(namespace=documents.SMP).CompleteServiceGroup(shown)
        for service in smp.group_of(group).services.order_by("id"):
            root.append(documents.parse_xml(service.information.encode()))
        return _xml(documents.to_bytes(root))


class GroupList(SmpView):
    """All participants, for whoever has credentials."""

    def get(self, request: HttpRequest) -> HttpResponse:
        authorize(request)
        uris = Group.objects.order_by("uri").values_list("uri", flat=True)
        plain = ElementMaker()
        items = [plain.servicegroupid(uri) for uri in uris]
        return _xml(documents.to_bytes(plain.servicegroupids(*items, count=str(len(items)))))


class OwnGroups(SmpView):
    """The participants of a login, for whoever signs in as it."""

    def get(self, request: HttpRequest, login: str) -> HttpResponse:
        authorize(request)
        if login != smp.login():
            raise Answer(403, f"URL user '{login}' does not match the credentials")
        return _xml(smp.own_groups())


class ShownProperty(SmpView):
    """A property of a participant; private ones are shown to their owner alone."""

    def get(self, request: HttpRequest, group: str, name: str) -> HttpResponse:
        properties, kinds = smp.group_of(group).properties, ["public"]
        with suppress(Answer):
            authorize(request)
            smp.owned(group)
            kinds.append("private")
        value = next(
            (properties[f"{k}/{name}"] for k in kinds if f"{k}/{name}" in properties), None
        )
        if value is None:
            raise Answer(404, f"Custom property '{name}' not found in Service Group '{group}'")
        return _text(200, value)


class CustomProperty(SmpView):
    """A property of a participant, private or public, as its owner sets it."""

    @writes
    def put(self, request: HttpRequest, group: str, kind: str, name: str) -> HttpResponse:
        authorize(request)
        found = smp.owned(group)
        found.properties[f"{kind}/{name}"] = request.body.decode("utf-8", "replace")
        found.save(update_fields=["properties"])
        return HttpResponse(status=204)


class OutboundMigration(SmpView):
    """A participant's move to another SMP."""

    @writes
    def put(self, request: HttpRequest, step: str, group: str) -> HttpResponse:
        authorize(request)
        if step == "start":
            return _xml(moving.start_migration(group))
        {"cancel": moving.cancel_migration, "finalize": moving.finish_migration}[step](group)
        return HttpResponse()


class InboundMigration(SmpView):
    """A participant that comes from another SMP."""

    @writes
    def put(self, request: HttpRequest) -> HttpResponse:
        authorize(request)
        return _xml(moving.migrate_in(request.body))


class Status(SmpView):
    """The SMP's account of itself."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return JsonResponse(
            {
                "version.smp": "8.1.2",
                "build.product": "Gatehouse sandbox SMP",
                "smp.mode": "peppol",
                "smp.sml.enabled": True,
                "smp.rest.writableapi.enabled": faults.current() != Fault.Kind.READ_ONLY,
            }
        )


def ca_certificate(request: HttpRequest) -> HttpResponse:
    """The sandbox's certificate authority, for clients that want to check signatures."""
    pem = authority.bundle().ca_certificate
    return HttpResponse(pem, content_type="application/x-pem-file")


@csrf_exempt
def directory_index(request: HttpRequest, participant: str = "") -> HttpResponse:
    """The Directory's indexer: a PUT makes it read the participant's card from the SMP."""
    if request.method == "PUT":
        participant = request.body.decode("utf-8", "replace")
    try:
        _push(participant)
    except Answer as answer:
        return _text(answer.status, answer.text)
    return HttpResponse(status=204)


def directory_search(request: HttpRequest, form: str) -> HttpResponse:
    """The Directory's public search, in JSON and in XML."""
    names = ("q", "participant", "name", "country", "geoinfo")
    page = _number(request, ("resultPageIndex", "rpi"), 0)
    size = min(max(_number(request, ("resultPageCount", "rpc"), 20), 1), 1000)
    found = directory.search({n: request.GET.get(n, "") for n in names}, page, size)
    return _xml(directory.to_xml(found)) if form == "xml" else JsonResponse(found)


def _number(request: HttpRequest, names: tuple[str, ...], default: int) -> int:
    text = next((request.GET[name] for name in names if name in request.GET), "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else default


def _push(group: str, *, missing_is_fine: bool = False) -> None:
    try:
        directory.index(smp.card_of(group))
    except directory.NotTaken:
        if not missing_is_fine:
            raise Answer(500, "Failed to push to the Directory") from None


def _xml(body: bytes) -> HttpResponse:
    return HttpResponse(body, content_type="text/xml;charset=UTF-8")


def _text(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain;charset=UTF-8")
