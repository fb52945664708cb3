"""Installing an official release of rules: read, tried on examples, kept where every machine is."""

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from django.db import transaction
from lxml import etree

from peppol.invoices import reading
from peppol.models import RuleRelease
from peppol.rules import engine, examples, installed, kinds, published, releases, schemas, sets
from peppol.rules.published import Contents
from peppol.rules.releases import Release
from tenants.errors import Invalid


def install(
    path: Path,
    *,
    number: str = "",
    name: str = "",
    mandatory_from: date | None = None,
    more_examples: Mapping[str, bytes] | None = None,
) -> list[RuleRelease]:
    """Install what of a file is in force or to come, or the one release that was asked for.

    What OpenPEPPOL announced has its name and day; of anything else both have to be given.
    Installed again, a release takes the place of what was there. Raises Invalid when there is
    nothing to install, or when it judges an example wrong.
    """
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    chosen = list(_chosen(published.read(path), number, name, mandatory_from))
    if not chosen:
        raise Invalid(
            "None of the releases in this file is in force or to come; name one with --release.",
            code="no_rules",
        )
    rows = [_row(release, contents, digest) for release, contents in chosen]
    for row, (_, contents) in zip(rows, chosen, strict=True):
        _try(row, {**contents.examples, **(more_examples or {})})
    with transaction.atomic():
        for row in rows:
            RuleRelease.objects.filter(name=row.name, number=row.number).delete()
            row.save(force_insert=True)
    installed.forget()
    return rows


def _chosen(
    found: list[Contents], number: str, name: str, mandatory_from: date | None
) -> Iterator[tuple[Release, Contents]]:
    current = releases.in_force(sets.today()).mandatory_from
    for contents in found:
        wanted = number or contents.number
        if number and contents.number not in ("", number):
            continue
        known = releases.announced(wanted)
        if name and mandatory_from and (wanted or len(found) == 1):
            known = Release(wanted or f"{mandatory_from:%Y.%m}", name, mandatory_from)
        if known is None:
            if number or not contents.number:
                raise Invalid(
                    "This release was not announced yet; give its name and the day from which it"
                    " is mandatory.",
                    code="unknown_release",
                )
            continue
        if number or name or known.mandatory_from >= current:
            yield known, contents


def _row(release: Release, contents: Contents, digest: str) -> RuleRelease:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet, text in contents.sheets.items():
            archive.writestr(sheet, text)
    return RuleRelease(
        number=release.number,
        name=release.name,
        mandatory_from=release.mandatory_from,
        kinds={customization: list(names) for customization, names in contents.kinds.items()},
        sheets=packed.getvalue(),
        digest=hashlib.sha256(f"{digest}{release.number}".encode()).hexdigest(),
    )


def _try(row: RuleRelease, given: Mapping[str, bytes]) -> None:
    judged_by = dict(installed.unpacked(row).kinds)
    for sheets in judged_by.values():
        for sheet in sheets:
            why = engine.compiles(sheet)
            if why:
                raise _unfit(f"{sheet.key}: {why}")
    known = {name: content for name, content in examples.right().items() if name in judged_by}
    for name, content in {**known, **given}.items():
        fatal = list(_fatal(content, judged_by))
        if fatal:
            raise _unfit(f"{name} is refused with {', '.join(sorted(set(fatal)))}")
    for name, content in examples.wrong().items():
        if name in judged_by and not list(_fatal(content, judged_by)):
            raise _unfit(f"a wrong document of {name} is accepted")


def _fatal(content: bytes, judged_by: Mapping[str, tuple[engine.Sheet, ...]]) -> Iterator[str]:
    root = reading.parse(content)
    fitting = kinds.fits(kinds.customization_of(root), judged_by)
    if not fitting:
        return
    yield from (breach.rule for breach in schemas.breaches(root))
    found = engine.run(judged_by[fitting], etree.tostring(root, encoding="unicode"))
    yield from (breach.rule for breach in found if breach.fatal)


def _unfit(why: str) -> Invalid:
    return Invalid(
        "The release does not judge its examples right: %(why)s.",
        values={"why": why[:400]},
        code="unfit_rules",
    )
