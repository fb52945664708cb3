"""`manage.py rebuild_code_lists DIRECTORY`: take over a release of the official code lists."""

import json
import re
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

# What a company can be registered for, by the names the list gives them.
OFFERED = (
    "Peppol BIS Billing UBL Invoice V3",
    "Peppol BIS Billing UBL Credit Note V3",
    "Peppol BIS Self-Billing UBL Invoice V3",
    "Peppol BIS Self-Billing UBL Credit Note V3",
    "Peppol Invoice Response transaction 3.0",
)
DEFAULTS = OFFERED[:2]
TARGET = Path("peppol/data/code_lists.json")


class Command(BaseCommand):
    """Makes the compact table of the code lists from a downloaded release."""

    help = (
        "Rebuilds peppol/data/code_lists.json from the JSON files of an OpenPEPPOL code list "
        "release (https://docs.peppol.eu/edelivery/codelists/). DIRECTORY holds the files for "
        "participant identifier schemes and document types under their published names."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path)
        parser.add_argument("--output", type=Path, default=TARGET)

    def handle(self, *, directory: Path, output: Path, **options: Any) -> None:
        schemes = read(directory, "participant")
        documents = read(directory, "document")
        active = [row for row in documents["values"] if row["state"] == "active"]
        processes = sorted(
            {(p["scheme"], p["value"]) for row in active for p in row["process-ids"]}
        )
        table = {
            "release": schemes["version"],
            "schemes": [compact_scheme(row) for row in schemes["values"]],
            "default_document_types": DEFAULTS,
            "offered_document_types": OFFERED,
            "processes": processes,
            "document_types": [compact_document(row, processes) for row in active],
        }
        output.write_text(as_text(table), encoding="utf-8")
        self.stdout.write(f"{len(table['schemes'])} schemes of release {table['release']}.")


def as_text(table: dict[str, Any]) -> str:
    """The table as JSON, an entry a line."""

    def written(value: Any) -> str:
        if not isinstance(value, list):
            return json.dumps(value, ensure_ascii=False)
        rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in value)
        return f"[\n  {rows}\n ]"

    entries = (f' "{name}": {written(value)}' for name, value in table.items())
    return "{\n" + ",\n".join(entries) + "\n}\n"


def read(directory: Path, subject: str) -> dict[str, Any]:
    """The list on `subject`, wherever in the directory and however its name is spelled."""
    names = [p for p in directory.glob("*.json") if subject in p.name.lower()]
    if len(names) != 1:
        raise CommandError(f"Expected one JSON file about “{subject}” in {directory}.")
    table: dict[str, Any] = json.loads(names[0].read_text(encoding="utf-8"))
    return table


def compact_scheme(row: dict[str, Any]) -> dict[str, Any]:
    """Keep of a scheme what the product asks of it."""
    found = re.match(r"RegEx: (\S+)$", row.get("validation-rules", "").split("\n")[0])
    return {
        "icd": row["iso6523"],
        "id": row["schemeid"],
        "country": row["country"] if row["country"].lower() != "international" else "",
        "name": " ".join(row["scheme-name"].split()),
        "registrable": row.get("registrable", True),
        "deprecated": row["state"] != "active",
        **({"pattern": found.group(1)} if found and compiles(found.group(1)) else {}),
        **({"removed_on": row["removal-date"]} if row.get("removal-date") else {}),
    }


def compact_document(row: dict[str, Any], processes: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Keep of a document type its identifier, and of its processes their places in the table."""
    places = [processes.index((p["scheme"], p["value"])) for p in row["process-ids"]]
    return {key: row[key] for key in ("name", "scheme", "value")} | {"processes": places}


def compiles(pattern: str) -> bool:
    """Whether the list's pattern is a regular expression and not prose."""
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
