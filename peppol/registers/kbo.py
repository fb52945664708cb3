"""Imports the open data of the Belgian register of enterprises (KBO Open Data).

A full extract replaces everything; an update deletes what its `_delete` files name and inserts
what its `_insert` files hold. Files are read row by row and written in batches, so memory does
not grow with the register, and each batch is written together with how far the import is.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from peppol.models import RegisteredCompany, RegisterImport
from peppol.registers import kbo_rows
from peppol.registers.kbo_rows import Row
from tenants import persistence
from tenants.errors import Invalid
from tenants.prepared import Prepared

BATCH = 2000
_OFFICIAL_NAME, _SEAT = "001", "REGO"
Progress = Callable[[str, int], None]

# The columns we read of each file, all of which must be there.
_COLUMNS = {
    "meta": {"Variable", "Value"},
    "enterprise": {
        "EnterpriseNumber",
        "Status",
        "JuridicalSituation",
        "JuridicalForm",
        "StartDate",
    },
    "denomination": {"EntityNumber", "Language", "TypeOfDenomination", "Denomination"},
    "address": {
        "EntityNumber",
        "TypeOfAddress",
        "Zipcode",
        "MunicipalityNL",
        "MunicipalityFR",
        "StreetNL",
        "StreetFR",
        "HouseNumber",
        "Box",
        "CountryNL",
        "CountryFR",
        "DateStrikingOff",
    },
}


@dataclass
class Extract:
    """An extract that is being imported: the archive, its number, and whom to tell."""

    archive: zipfile.ZipFile
    number: int
    kind: str
    progress: Progress = field(default=lambda step, rows: None)


def import_extract(path: str, *, progress: Progress = lambda step, rows: None) -> RegisterImport:
    """Import the extract at `path` and return its record; what was done already is not done again.

    Raises Invalid for a file that is no extract, or an update that does not follow what is here.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise _no_extract(f"{path} cannot be read: {error}") from None
    with archive:
        about = {row["Variable"]: row["Value"] for row in _rows(archive, "meta")}
        extract = _described(archive, about, progress)
        record, _ = RegisterImport.objects.get_or_create(
            extract=extract.number,
            defaults={"kind": extract.kind, "snapshot_on": about.get("SnapshotDate", "")},
        )
        _reconsider(record, extract)
        if record.finished_at is None:
            _run(extract, record)
        return record


def _reconsider(record: RegisterImport, extract: Extract) -> None:
    """A number may have a full extract and an update: what one has done says nothing of the other.

    Raises Invalid for an update of a full extract that was cut short.
    """
    if record.kind == extract.kind:
        return
    if extract.kind == "full":
        record.kind, record.step, record.rows, record.finished_at = "full", "", 0, None
        record.save(update_fields=["kind", "step", "rows", "finished_at"])
    elif record.finished_at is None:
        raise _no_extract(f"The full extract {record.extract} is not finished: import it first.")


def _described(archive: zipfile.ZipFile, about: Row, progress: Progress) -> Extract:
    try:
        extract = Extract(
            archive, int(about["ExtractNumber"]), about["ExtractType"].lower(), progress
        )
    except (KeyError, ValueError):
        raise _no_extract("meta.csv does not say which extract this is.") from None
    if extract.kind not in ("full", "update"):
        raise _no_extract(f"“{extract.kind}” is neither a full extract nor an update.")
    newest = RegisterImport.objects.exclude(finished_at=None).order_by("-extract").first()
    known = RegisterImport.objects.filter(extract=extract.number).exists()
    follows = newest is not None and extract.number == newest.extract + 1
    if extract.kind == "update" and not known and not follows:
        raise _no_extract(
            f"Update {extract.number} does not follow "
            f"{f'extract {newest.extract}' if newest else 'anything'}."
        )
    return extract


def _run(extract: Extract, record: RegisterImport) -> None:
    done = record.step
    for name, step in _steps(extract):
        if done and name != done:
            continue
        skip = record.rows if done else 0
        done = ""
        step(extract, record, name, skip)
    if extract.kind == "full":
        RegisteredCompany.objects.filter(extract__lt=extract.number).delete()
    record.finished_at = timezone.now()
    record.save(update_fields=["finished_at"])


def _steps(extract: Extract) -> list[tuple[str, Callable[..., None]]]:
    if extract.kind == "full":
        return [("enterprise", _enterprises), ("denomination", _names), ("address", _addresses)]
    return [
        ("enterprise_delete", _deletions),
        ("enterprise_insert", _enterprises),
        ("denomination_delete", _forgotten_names),
        ("denomination_insert", _names),
        ("address_delete", _forgotten_addresses),
        ("address_insert", _addresses),
    ]


def _deletions(extract: Extract, record: RegisterImport, name: str, skip: int) -> None:
    """Delete what is gone. What changed is deleted and inserted too, and keeps its name here."""
    changed = {
        kbo_rows.number_of(r["EnterpriseNumber"])
        for r in _rows(extract.archive, "enterprise_insert")
    }
    for batch in _batches(_rows(extract.archive, name), skip):
        numbers = {kbo_rows.number_of(row["EnterpriseNumber"]) for row in batch} - changed
        with transaction.atomic():
            RegisteredCompany.objects.filter(pk__in=numbers).delete()
            _note(extract, record, name, len(batch))


def _forgotten_names(extract: Extract, record: RegisterImport, name: str, skip: int) -> None:
    _forget(extract, record, name, skip, names={})


def _forgotten_addresses(extract: Extract, record: RegisterImport, name: str, skip: int) -> None:
    _forget(extract, record, name, skip, **kbo_rows.NO_ADDRESS)


def _forget(extract: Extract, record: RegisterImport, name: str, skip: int, **empty: Any) -> None:
    for batch in _batches(_rows(extract.archive, name), skip):
        numbers = {kbo_rows.number_of(row["EntityNumber"]) for row in batch}
        with transaction.atomic():
            RegisteredCompany.objects.filter(pk__in=numbers).update(**empty)
            _note(extract, record, name, len(batch))


def _enterprises(extract: Extract, record: RegisterImport, name: str, skip: int) -> None:
    for batch in _batches(_rows(extract.archive, name), skip):
        companies = {
            kbo_rows.number_of(row["EnterpriseNumber"]): RegisteredCompany(
                number=kbo_rows.number_of(row["EnterpriseNumber"]),
                status=row["Status"][:2],
                situation=row["JuridicalSituation"][:3],
                legal_form=row["JuridicalForm"][:8],
                started_on=kbo_rows.date_of(row["StartDate"]),
                extract=extract.number,
            )
            for row in batch
        }
        with transaction.atomic():
            RegisteredCompany.objects.bulk_create(
                companies.values(),
                update_conflicts=True,
                unique_fields=["number"],
                update_fields=["status", "situation", "legal_form", "started_on", "extract"],
            )
            _note(extract, record, name, len(batch))


def _names(extract: Extract, record: RegisterImport, name: str, skip: int) -> None:
    """Set official names by language. An enterprise's rows may lie in two batches."""
    for batch in _batches(_rows(extract.archive, name), skip):
        names: dict[str, dict[str, str]] = {}
        for row in batch:
            if row["TypeOfDenomination"] == _OFFICIAL_NAME:
                number = kbo_rows.number_of(row["EntityNumber"])
                names.setdefault(number, {}).update(kbo_rows.name_of(row))
        with transaction.atomic():
            companies = list(RegisteredCompany.objects.filter(pk__in=names))
            for company in companies:
                known = company.names if company.names_extract == extract.number else {}
                company.names = {**known, **names[company.number]}
                company.names_extract = extract.number
            _upsert(companies, ["names", "names_extract"])
            _note(extract, record, name, len(batch))


def _addresses(extract: Extract, record: RegisterImport, name: str, skip: int) -> None:
    for batch in _batches(_rows(extract.archive, name), skip):
        seats = {
            kbo_rows.number_of(row["EntityNumber"]): row
            for row in batch
            if row["TypeOfAddress"] == _SEAT
        }
        with transaction.atomic():
            companies = list(RegisteredCompany.objects.filter(pk__in=seats))
            for company in companies:
                kbo_rows.settle(company, seats[company.number])
            _upsert(companies, list(kbo_rows.NO_ADDRESS))
            _note(extract, record, name, len(batch))


def _upsert(companies: list[RegisteredCompany], fields: list[str]) -> None:
    if companies:
        RegisteredCompany.objects.bulk_create(
            companies, update_conflicts=True, unique_fields=["number"], update_fields=fields
        )


def _note(extract: Extract, record: RegisterImport, step: str, rows: int) -> None:
    record.rows = rows if record.step != step else record.rows + rows
    record.step = step
    record.save(update_fields=["step", "rows"])
    extract.progress(step, record.rows)


def _rows(archive: zipfile.ZipFile, name: str) -> Iterator[Row]:
    """The rows of a file. An update's deletions only name the entity."""
    subject = name.partition("_")[0]
    wanted = _COLUMNS[subject]
    if name.endswith("_delete"):
        wanted = {"EnterpriseNumber" if subject == "enterprise" else "EntityNumber"}
    try:
        raw = archive.open(f"{name}.csv")
    except KeyError:
        raise _no_extract(f"{name}.csv is missing.") from None
    with io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text)
        missing = wanted - set(reader.fieldnames or ())
        if missing:
            raise _no_extract(f"{name}.csv lacks the column {min(missing)}.")
        for row in reader:
            yield {key: persistence.printable(value or "") for key, value in row.items() if key}


def _batches(rows: Iterator[Row], skip: int) -> Iterator[list[Row]]:
    rows = islice(rows, skip, None)
    for _, group in groupby(enumerate(rows), key=lambda one: one[0] // BATCH):
        yield [row for _, row in group]


def _no_extract(sentence: str) -> Invalid:
    return Invalid(sentence, code="no_extract")


_COMPANY = Prepared(
    lambda number: RegisteredCompany.objects.filter(pk=number), number=models.CharField()
)


def company(number: str) -> RegisteredCompany | None:
    """The enterprise of that number, however it is written; None if it is not in the register."""
    return _COMPANY.first(number=kbo_rows.number_of(number).zfill(10))
