"""A mandate on paper, in the looks of the platform: to be signed, or as it was."""

from datetime import UTC, datetime, time

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from peppol.models import Mandate
from peppol.readable.pdf import Page, printable
from peppol.services.mandates import texts
from tenants.services import branding

_LINE = 78


def write(mandate: Mandate) -> bytes:
    """The PDF of a mandate, the same bytes for the same row. Reads `organization__parent`."""
    platform = mandate.organization.parent or mandate.organization
    looks = branding.looks_of(platform) or branding.Looks(platform.title, "", "", "")
    name = texts.title(mandate.language)
    page = Page(f"{looks.name} · {mandate.pk}", mandate.language)
    page.set_title(printable(name))
    page.set_creation_date(datetime.combine(mandate.starts_on, time(), UTC))
    page.add_page()
    page.set_fill_color(*_rgb(looks.strong))
    page.rect(0, 0, page.w, 6, style="F")
    page.write_text(looks.name, size=11, bold=True)
    page.ln(6)
    page.write_text(name, size=18, bold=True)
    page.ln(4)
    for paragraph in mandate.text.split("\n"):
        page.write_text(paragraph, size=11)
        page.ln(2.5)
    page.ln(6)
    with override(mandate.language):
        _confirmed(page, mandate) if mandate.method == Mandate.Method.LINK else _to_sign(page)
        page.ln(8)
        page.write_text(_("SHA-256 of the text: %(hash)s") % {"hash": mandate.text_digest}, size=8)
        if looks.support:
            page.write_text(looks.support, size=8, faint=True)
    return bytes(page.output())


def _confirmed(page: Page, mandate: Mandate) -> None:
    """How it was agreed to."""
    page.write_text(_("Confirmed electronically"), size=11, bold=True)
    at = mandate.signed_at
    facts = (
        (_("Name"), mandate.signed_by),
        (_("Capacity"), mandate.signed_as),
        (_("Time"), f"{date_format(at, 'j F Y, H:i:s')} UTC" if at else ""),
        (_("Network address"), mandate.signed_from),
    )
    for title, value in facts:
        if value:
            page.write_text(f"{title}: {value}", size=10)


def _to_sign(page: Page) -> None:
    """Lines to be filled in by hand."""
    for title in (_("Place and date"), _("Name and capacity"), _("Signature")):
        page.ln(10)
        page.set_draw_color(120, 120, 130)
        page.line(page.l_margin, page.get_y(), page.l_margin + _LINE, page.get_y())
        page.write_text(title, size=8, faint=True)


def _rgb(color: str) -> tuple[int, int, int]:
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue
