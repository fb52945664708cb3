"""Platforms' logos, from our own copies."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tenants.models import Logo


@require_safe
def show(request: HttpRequest, organization_id: UUID, version: str) -> HttpResponse:
    """A logo, for anybody: it stands on pages before sign-in. Its address changes with it."""
    logo = Logo.objects.exclude(name="").filter(organization=organization_id).first()
    if logo is None or logo.version != version:
        raise Http404
    try:
        content = logo.read()
    except FileNotFoundError:
        raise Http404 from None
    return HttpResponse(
        content,
        content_type=logo.media_type,
        headers={
            "Cache-Control": "public, max-age=31536000, immutable",
            # An SVG opened by itself is a document: it may run and load nothing.
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )
