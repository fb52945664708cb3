"""Links to payloads: whoever has one may read that one document for an hour, without a key."""

from collections.abc import Callable

from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse

from config.api.einvoice.tenant.responses import attachments
from config.api.einvoice.tenant.responses.attachments import Letter, content_of
from config.api.einvoice.tenant.responses.documents import LINK_SECONDS, SALT
from peppol.models import Document, DocumentDraft
from peppol.readable.skimming import Unreadable
from tenants.models import Organization
from tenants.row_security import everything, limit_rows_to


def ubl(request: HttpRequest) -> HttpResponse:
    """The UBL that the link was signed for; 404 when it is forged, over, or its tenant closed."""
    return _opened(request, SALT, lambda letter, named: ("document.xml", content_of(letter)))


def file(request: HttpRequest) -> HttpResponse:
    """The file of a document that the link was signed for; 404 as above."""
    return _opened(request, attachments.SALT, _file)


def _opened(
    request: HttpRequest, salt: str, read: Callable[[Letter, dict[str, str]], tuple[str, bytes]]
) -> HttpResponse:
    try:
        named = signing.loads(request.GET.get("token", ""), salt=salt, max_age=LINK_SECONDS)
    except signing.BadSignature:
        return _gone()
    with everything():  # whose rows are shown is what the link says
        owners = Organization.objects.live().select_related("parent")
        owner = owners.filter(pk=named["organization"]).first()
    if owner is None or not owner.is_open:
        return _gone()
    with limit_rows_to(owner):
        letter = _letter(owner, named["document"])
        name, content = read(letter, named) if letter else ("", b"")
    if not content:
        return _gone()
    plain = name.isascii() and name.replace(".", "").replace("-", "").isalnum()
    return HttpResponse(
        content,
        # Whatever a stranger wrote: it is saved, and no browser shows it.
        content_type="application/xml" if salt == SALT else "application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename={name if plain else 'file'}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def _letter(owner: Organization, id: str) -> Letter | None:
    return (
        Document.objects.of(owner).filter(pk=id).first()
        or DocumentDraft.objects.of(owner).filter(pk=id).first()
    )


def _file(letter: Letter, named: dict[str, str]) -> tuple[str, bytes]:
    found = (one for one in attachments.files_of(letter) if str(one.id) == named["file"])
    one = next(found, None)
    try:
        return (one.name, attachments.bytes_of(one, letter)) if one else ("", b"")
    except Unreadable:
        return "", b""


def _gone() -> JsonResponse:
    return JsonResponse({"detail": "Document not found"}, status=404)
