"""Reads releases of rules out of a file: OpenPEPPOL's in the phive-rules-peppol jar, or a ZIP.

A ZIP holds stylesheets under the names that OpenPEPPOL gives them, or any stylesheets and a
`rules.json` that says which of them judge what: `{"kinds": {"urn:…": ["one.xslt", "two.xslt"]}}`.
"""

import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from peppol.rules import kinds
from tenants.errors import Invalid

_MOST_BYTES = 30 * 1024 * 1024
_RELEASE = re.compile(r"external/schematron/openpeppol/(\d{4}\.\d{1,2})/xslt/([^/]+\.xslt)")
_STATUS = re.compile(r"external/schematron/mls/([\d.]+)/xslt/([^/]+\.xslt)")
_REPORT = re.compile(r"external/schematron/reporting/(eusr|tsr)/([\d.]+)/xslt/([^/]+\.xslt)")
_REPORT_SCHEMA = re.compile(r"external/schemas/(peppol-[a-z-]+-statistics-reporting-[\d.]+\.xsd)")
# What the name of a report's stylesheet begins with.
_REPORTS = {
    "peppol-end-user-statistics": kinds.END_USERS,
    "peppol-transaction-statistics": kinds.TRANSACTIONS,
}


@dataclass(frozen=True)
class Contents:
    """The stylesheets of a release by their names, and which of them judge what."""

    number: str
    kinds: Mapping[str, tuple[str, ...]]
    sheets: Mapping[str, bytes]
    examples: Mapping[str, bytes]


def read(path: Path) -> list[Contents]:
    """What a file holds, the oldest release first; a plain ZIP has no number. Raises Invalid."""
    try:
        with zipfile.ZipFile(path) as packed:
            return _of_jar(packed) or [_of_zip(packed)]
    except (OSError, zipfile.BadZipFile, json.JSONDecodeError) as error:
        raise _unreadable(str(error)) from None


def _of_jar(packed: zipfile.ZipFile) -> list[Contents]:
    status = {m.group(2): m.string for n in packed.namelist() if (m := _STATUS.fullmatch(n))}
    newest = dict(sorted(status.items())[-1:]) | _reports(packed)
    found: dict[str, dict[str, str]] = {}
    for name in packed.namelist():
        if match := _RELEASE.fullmatch(name):
            found.setdefault(match.group(1), {})[match.group(2)] = name
    return [
        _contents(packed, number, {**found[number], **newest})
        for number in sorted(found, key=_order)
    ]


def _reports(packed: zipfile.ZipFile) -> dict[str, str]:
    """The newest rules of either report, and their schemas."""
    newest: dict[str, re.Match[str]] = {}
    for name in packed.namelist():
        match = _REPORT.fullmatch(name)
        known = newest.get(match[1]) if match else None
        if match and (known is None or _order(known[2]) < _order(match[2])):
            newest[match[1]] = match
    schemas = filter(None, map(_REPORT_SCHEMA.fullmatch, packed.namelist()))
    return {m[3]: m.string for m in newest.values()} | {m[1]: m.string for m in schemas}


def _of_zip(packed: zipfile.ZipFile) -> Contents:
    files = {PurePosixPath(name).name: name for name in packed.namelist()}
    sheets = {n: p for n, p in files.items() if n.endswith((".xslt", ".xsl"))}
    given = json.loads(_bytes(packed, files["rules.json"])) if "rules.json" in files else None
    if given is None:
        return _contents(packed, "", sheets, files)
    wanted = given.get("kinds") if isinstance(given, dict) else None
    if not isinstance(wanted, dict) or not all(
        isinstance(names, list) and names and set(names) <= set(sheets) for names in wanted.values()
    ):
        raise _unreadable("rules.json names stylesheets that are not there")
    texts = {name: _bytes(packed, sheets[name]) for names in wanted.values() for name in names}
    listed = {customization: tuple(names) for customization, names in wanted.items()}
    return Contents("", listed, texts, _examples(packed, files))


def _contents(
    packed: zipfile.ZipFile,
    number: str,
    sheets: Mapping[str, str],
    files: Mapping[str, str] | None = None,
) -> Contents:
    by_stem = {PurePosixPath(name).stem: name for name in sheets}
    listed = {
        kind.customization: tuple(by_stem[stem] for stem in kind.sheets)
        for kind in kinds.PUBLISHED
        if set(kind.sheets) <= set(by_stem)
    }
    statuses = [name for name in sheets if name.startswith("peppol-mls")]
    if statuses:
        listed[kinds.MESSAGE_LEVEL_STATUS] = (statuses[-1],)
    for name in sheets:
        kind = next((k for begun, k in _REPORTS.items() if name.startswith(begun)), "")
        if kind and name.endswith(".xslt"):
            listed[kind] = (name,)
    if not listed:
        raise _unreadable("it holds no stylesheets under the names that OpenPEPPOL gives them")
    texts = {name: _bytes(packed, sheets[name]) for names in listed.values() for name in names}
    texts |= {name: _bytes(packed, sheets[name]) for name in sheets if name.endswith(".xsd")}
    return Contents(number, listed, texts, _examples(packed, files or {}))


def _examples(packed: zipfile.ZipFile, files: Mapping[str, str]) -> dict[str, bytes]:
    return {n: _bytes(packed, path) for n, path in files.items() if n.endswith(".xml")}


def _bytes(packed: zipfile.ZipFile, name: str) -> bytes:
    if packed.getinfo(name).file_size > _MOST_BYTES:
        raise _unreadable(f"{name} is too large")
    return packed.read(name)


def _order(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split("."))


def _unreadable(why: str) -> Invalid:
    return Invalid(
        "This is no release of rules: %(why)s.", values={"why": why[:200]}, code="no_rules"
    )
