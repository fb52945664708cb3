"""Usage by company for a month: from monthly rows, from daily rows, and by counting documents.

    python -m tests.benchmarks.usage 100000 1000000

1,000 companies. Documents are spread over them and over the 30 days of a month; counting them
is the floor that the rows are compared with. Prints milliseconds, ratios and, from the first
size to the last, the exponent with which each grows. `DATABASE_URL` chooses the database
(emptied!); a new SQLite file without.
"""

import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

COMPANIES = 1000
FIRST, LAST = "2026-09-01", "2026-09-30"
ROUNDS = 15

os.environ.setdefault("GATEHOUSE_DATA_DIR", tempfile.mkdtemp(prefix="usage-"))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["LOG_LEVEL"] = "ERROR"


def set_up() -> Any:
    """A platform with its companies in an empty database."""
    import django
    from django.core.management import call_command

    django.setup()
    from tenants.row_security import show_everything

    show_everything()
    call_command("migrate", verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    from tenants.models import Organization

    platform = Organization.objects.create(kind="platform", name="Usage")
    Organization.objects.bulk_create(
        Organization(kind="managed", parent=platform, name=f"C{n}") for n in range(COMPANIES)
    )
    return platform


def add_documents(count: int) -> None:
    """Write `count` documents by one statement of SQL, each as small as a row can be."""
    from django.db import connection

    from peppol.models import Document

    postgres = connection.vendor == "postgresql"
    given = {
        "id": "gen_random_uuid()" if postgres else "lower(hex(randomblob(16)))",
        "organization_id": "c.id",
        "environment": "'live'",
        "direction": "'outbound'",
        "kind": "'invoice'",
        "format": "'ubl'",
        "state": "'delivered'",
        "instance_id": "gen_random_uuid()::text" if postgres else "hex(randomblob(16))",
        "transmission": "'{}'",
        "payload_size": "0",
        "attempt_count": "0",
        "retain_until": "date '2036-12-31'" if postgres else "'2036-12-31'",
        "created_at": _moment(postgres),
        "updated_at": _moment(postgres),
    }
    columns = list(Document._meta.concrete_fields)
    values = [given.get(f.column) or ("null" if f.null else "''") for f in columns]
    numbers = (
        f"select generate_series(1, {count}) as n"
        if postgres
        else f"with recursive s(n) as (select 1 union all select n + 1 from s where n < {count}) "
        "select n from s"
    )
    sql = (
        f"insert into peppol_document ({', '.join(f.column for f in columns)}) "
        f"select {', '.join(values)} from ({numbers}) as s join (select id, row_number() over "
        f"(order by id) as k from tenants_organization where kind = 'managed') as c "
        f"on c.k = 1 + s.n % {COMPANIES}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _moment(postgres: bool) -> str:
    if postgres:
        return f"timestamptz '{FIRST} 12:00Z' + (s.n / {COMPANIES} % 30) * interval '1 day'"
    return f"datetime('{FIRST} 12:00', '+' || (s.n / {COMPANIES} % 30) || ' days')"


def count_up() -> None:
    """The rows of usage that these documents would have left behind."""
    from django.db import connection

    postgres = connection.vendor == "postgresql"
    fresh = "gen_random_uuid()" if postgres else "lower(hex(randomblob(16)))"
    rest = "organization_id, 'live', {on}, count(*), 0, 0, 0 from peppol_document group by 2, {on}"
    with connection.cursor() as cursor:
        for table, on in (
            ("peppol_dailyusage", "date(created_at)"),
            ("peppol_monthlyusage", f"date '{FIRST}'" if postgres else f"'{FIRST}'"),
        ):
            cursor.execute(f"delete from {table}")
            cursor.execute(
                f'insert into {table} (id, organization_id, environment, "on", sent, received, '
                f"failed, compliance_reports) select {fresh}, {rest.format(on=on)}"
            )
        cursor.execute("analyze" if not postgres else "vacuum analyze")


def milliseconds(read: Callable[[], Any], *, rounds: int = ROUNDS) -> float:
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        read()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def measure(platform: Any) -> dict[str, float]:
    from datetime import date

    from django.db.models import Count

    from peppol.models import DailyUsage, Document, MonthlyUsage

    first, last = date.fromisoformat(FIRST), date.fromisoformat(LAST)

    def rows(model: Any) -> Any:
        return model.objects.visible_to(platform).between(first, last).by_organization()

    def counted() -> int:
        documents = Document.objects.filter(created_at__date__gte=first, created_at__date__lte=last)
        return len(documents.values("organization_id").annotate(n=Count("id")).order_by())

    assert len(rows(MonthlyUsage)) == len(rows(DailyUsage)) == counted() == COMPANIES
    return {
        "monthly rows": milliseconds(lambda: list(rows(MonthlyUsage))),
        "daily rows": milliseconds(lambda: list(rows(DailyUsage))),
        "documents": milliseconds(counted, rounds=3),
    }


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [100_000, 1_000_000]
    platform, there, found = set_up(), 0, []
    for size in sizes:
        add_documents(size - there)
        there = size
        count_up()
        found.append(measure(platform))
        shown = " · ".join(f"{name} {ms:.1f} ms" for name, ms in found[-1].items())
        ratio = found[-1]["documents"] / found[-1]["monthly rows"]
        print(f"{size:>9,} documents: {shown} · documents / monthly rows {ratio:.0f}", flush=True)
    for name in found[0]:
        grown = math.log(found[-1][name] / found[0][name]) / math.log(sizes[-1] / sizes[0])
        print(f"exponent of {name}: {grown:.2f}")


if __name__ == "__main__":
    main()
