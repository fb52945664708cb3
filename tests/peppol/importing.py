"""Imports of companies in the states that tests need."""

from peppol.models import CompanyImport
from peppol.services.imports import imports, uploads
from peppol.spreadsheets import Sheet
from tenants.models import Organization
from tests.conftest import SYSTEM

TITLES = ["Name", "Country", "Company number", "VAT number", "E-mail address", "Peppol identifier"]
GOOD = ["Bakkerij Peeters", "BE", "0403.170.701", "", "", ""]


def uploaded(platform, *rows: list[str], titles=TITLES) -> CompanyImport:
    sheet = Sheet(titles, [list(row) for row in rows], list(range(2, len(rows) + 2)))
    return uploads.receive(platform, "list.csv", sheet, by=SYSTEM)


def checked(platform, *rows: list[str], titles=TITLES, **options) -> CompanyImport:
    batch = uploaded(platform, *rows, titles=titles)
    options = {"register": True, "with_keys": False, **options}
    return imports.check(batch, batch.mapping, by=SYSTEM, **options)


def started(platform, *rows: list[str], **options) -> CompanyImport:
    return imports.start(checked(platform, *rows, **options), by=SYSTEM)


def numbered(count: int) -> list[list[str]]:
    return [[f"Company {n}", "BE", f"04{n:08d}", "", "", ""] for n in range(count)]


def states(batch) -> list[str]:
    return list(batch.lines.order_by("number").values_list("state", flat=True))


def companies(platform) -> list[str]:
    return list(Organization.objects.under(platform).order_by("id").values_list("name", flat=True))
