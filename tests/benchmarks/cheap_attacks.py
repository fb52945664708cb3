"""What the cheapest attacks that were once found cost now, beside what they may cost.

    python -m tests.benchmarks.cheap_attacks

Milliseconds are those of this thread's processor, so that a busy machine does not count;
megabytes are the most that Python holds meanwhile. It makes an installation of its own, on SQLite,
and ends with 1 when anything costs more than it may.
"""

import io
import os
import sys
import tempfile
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any, NamedTuple

os.environ["GATEHOUSE_DATA_DIR"] = tempfile.mkdtemp(prefix="cheap-attacks-")
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["LOG_LEVEL"] = os.environ["CELERY_LOG_LEVEL"] = "CRITICAL"
for name in ("DATABASE_URL", "REDIS_URL"):
    os.environ.pop(name, None)

_MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


class Attack(NamedTuple):
    """What is tried, what it may cost and in what, and what it cost when it was found."""

    name: str
    cost: Callable[[], float]
    most: float
    unit: str
    was: str


def main() -> int:
    """Try each attack and print what it costs; 1 if one costs too much."""
    world = _world()
    attacks = (
        Attack("redaction of 100,000 letters", _redaction, 50, "ms", "2,500,000 ms"),
        Attack("10,000 unknown hosts of 390 kB", _long_hosts, 5, "MB", "3,900 MB"),
        Attack("20,000 unknown hosts of 240 letters", _many_hosts, 10, "MB", "no end"),
        Attack("search for 10,000 words", lambda: _search(world, 10_000), 500, "ms", "an hour"),
        Attack("search for 8 words", lambda: _search(world, 8), 500, "ms", "–"),
        Attack("a sheet's rows 1 and 1,048,576", _far_apart, 500, "ms", "29,000 ms"),
        Attack("10 Mi rows without a cell", _empty_rows, 3000, "ms", "minutes"),
        Attack("10 Mi rows without a cell", _empty_rows_in_memory, 100, "MB", "900 MB"),
        Attack("1,001 parameters", lambda: _parameters(world), 200, "ms", "500, and a traceback"),
        Attack("drafts of one company", lambda: _drafts(world), 500, "kept", "no end"),
        Attack("files waiting to be imported", lambda: _imports(world), 20, "kept", "no end"),
    )
    print(f"{'attack':<38}{'costs':>10}{'may cost':>10}        was")
    costs = [(attack, attack.cost()) for attack in attacks]
    for attack, cost in costs:
        verdict = "" if cost <= attack.most else "   TOO MUCH"
        said = f"{attack.name:<38}{cost:>10,.1f}{attack.most:>10,.0f} {attack.unit:<5}"
        print(f"{said}  {attack.was}{verdict}")
    return 1 if any(cost > attack.most for attack, cost in costs) else 0


def _world() -> dict[str, Any]:
    """A platform with a company, an owner's browser and a key."""
    import django
    from django.core.management import call_command

    django.setup()
    from django.conf import settings
    from django.test import Client

    from apikeys.services import keys
    from tenants.actors import Actor
    from tenants.models import User
    from tenants.row_security import show_everything
    from tenants.services import organizations, people

    settings.OWN_HOSTS.append("testserver")
    call_command("migrate", verbosity=0)
    show_everything()
    by = Actor.system("benchmark")
    platform = organizations.create("platform", {"name": "Acme", "country": "BE"}, by=by)
    company = organizations.create_company(platform, {"name": "Bakery", "country": "BE"}, by=by)
    owner, browser = User.objects.create_user("owner@acme.example", "x"), Client()
    people.join(platform, owner, role="owner", by=by)
    browser.force_login(owner)
    secret = keys.issue(platform, name="k", kind="platform", by=by)[1]
    browser.get("/portal/")
    return {"by": by, "platform": platform, "company": company, "browser": browser, "key": secret}


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return (time.thread_time() - began) * 1000


def _megabytes(work: Callable[[], object]) -> float:
    tracemalloc.start()
    work()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 2**20


def _redaction() -> float:
    from config.logs import redact

    texts = ("a" * 100_000, "a_" * 50_000, "key=" * 25_000, "://a:" * 20_000, "key" + " " * 99_997)
    return max(_milliseconds(lambda text=text: redact(text)) for text in texts)


def _long_hosts() -> float:
    from config.hosts import is_served

    def ask() -> None:
        tail = "x" * 390_000
        for number in range(10_000):
            assert not is_served(f"{number}.{tail}")

    return _megabytes(ask)


def _many_hosts() -> float:
    from config.hosts import is_served

    return _megabytes(lambda: [is_served(f"{n}.{'x' * 240}") for n in range(20_000)])


def _search(world: dict[str, Any], words: int) -> float:
    browser = world["browser"]

    def search() -> None:
        text = " ".join(["word"] * words)
        assert browser.get("/portal/search/", {"s": text, "extended": 1}).status_code == 200
        assert browser.get("/portal/tenants/company/", {"q": text}).status_code == 200

    return _milliseconds(search)


def _far_apart() -> float:
    row = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>x</t></is></c></row>'
    return _milliseconds(_refused(row % (1, 1) + row % (1_048_576, 1_048_576)))


def _empty_rows() -> float:
    return _milliseconds(_refused(b"<row/>" * 10 * 2**20))


def _empty_rows_in_memory() -> float:
    return _megabytes(_refused(b"<row/>" * 10 * 2**20))


def _refused(rows: bytes) -> Callable[[], None]:
    from openpyxl import Workbook

    from peppol import spreadsheets
    from tenants.errors import Invalid

    whole, stream = io.BytesIO(), io.BytesIO()
    Workbook().save(whole)
    sheet = b"<worksheet %b><sheetData>%b</sheetData></worksheet>" % (_MAIN, rows)
    with (
        zipfile.ZipFile(whole) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            of_rows = member == "xl/worksheets/sheet1.xml"
            new.writestr(member, sheet if of_rows else old.read(member))
    content = stream.getvalue()

    def read() -> None:
        try:
            spreadsheets.read(content)
        except Invalid as refusal:
            assert refusal.code in ("too_many_rows", "file_too_large")
        else:
            raise AssertionError("The file was read.")

    return read


def _parameters(world: dict[str, Any]) -> float:
    from django.test import Client

    headers = {"Authorization": f"Bearer {world['key']}"}
    query, client = "&".join(["a=1"] * 1_001), Client(raise_request_exception=False)

    def call() -> None:
        answer = client.get(f"/api/admin/tenants?{query}", headers=headers)
        assert answer.status_code == 400, answer.status_code

    return _milliseconds(call)


def _drafts(world: dict[str, Any]) -> float:
    from peppol.models import DocumentDraft
    from peppol.services.documents import drafts

    space = b"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
    invoice = b'<Invoice xmlns="%b"/>' % space
    _until_refused(lambda: drafts.keep(world["company"], invoice, by=world["by"]), 1_000)
    return DocumentDraft.objects.count()


def _imports(world: dict[str, Any]) -> float:
    from peppol.models import CompanyImport
    from peppol.services.imports import uploads
    from peppol.spreadsheets import Sheet

    sheet = Sheet(["Name"], [["Bakery"]], [2])
    _until_refused(lambda: uploads.receive(world["platform"], "f", sheet, by=world["by"]), 100)
    return CompanyImport.objects.count()


def _until_refused(work: Callable[[], object], most: int) -> None:
    from tenants.errors import LimitReached

    try:
        for _ in range(most):
            work()
    except LimitReached:
        return


if __name__ == "__main__":
    sys.exit(main())
