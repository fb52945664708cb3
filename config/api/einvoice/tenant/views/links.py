"""Links to payloads: whoever has one may read that one document for an hour, without a key."""

from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse

from config.api.einvoice.tenant.responses.documents import LINK_SECONDS, SALT, content_of
from peppol.models import Document, DocumentDraft
from tenants.models import Organization
from tenants.row_security import everything, limit_rows_to


def ubl(request: HttpRequest) -> HttpResponse:
    """The UBL that the link was signed for; 404 when it is forged, over, or its tenant closed."""
    try:
        named = signing.loads(request.GET.get("token", ""), salt=SALT, max_age=LINK_SECONDS)
    except signing.BadSignature:
        return _gone()
    with everything():  # whose rows are shown is what the link says
        owners = Organization.objects.live().select_related("parent")
        owner = owners.filter(pk=named["organization"]).first()
    if owner is None or not owner.is_open:
        return _gone()
    with limit_rows_to(owner):
        content = _content(owner, named["document"])
    if not content:
        return _gone()
    return HttpResponse(
        content,
        content_type="application/xml",
        headers={
            "Content-Disposition": "attachment; filename=document.xml",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def _content(owner: Organization, id: str) -> bytes:
    row = (
        Document.objects.of(owner).filter(pk=id).first()
        or DocumentDraft.objects.of(owner).filter(pk=id).first()
    )
    return content_of(row) if row else b""


def _gone() -> JsonResponse:
    return JsonResponse({"detail": "Document not found"}, status=404)
