"""Signed copies by the thousand: a ZIP file, whose names say whose each is."""

import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from uuid import UUID

from django.utils.translation import gettext_noop

from peppol import archive_bounds
from peppol.services.identification.evidence import LARGEST, HandedIn
from peppol.services.mandates import mandates
from tenants import ids
from tenants.actors import Actor
from tenants.errors import DomainError, Invalid
from tenants.models import Organization
from tenants.sentences import Sentence

MOST_FILES = 1000
# What may come out of a file in all: what it unpacks to is said in it, and no more comes out.
MOST_UNPACKED = 200 * 1024 * 1024
_NO_ZIP = gettext_noop("This is no ZIP file that can be read.")
_NOBODY = gettext_noop("No company has this number or id.")
_SEVERAL = gettext_noop("Several companies have this number: name the file by the company's id.")


@dataclass(frozen=True)
class Result:
    """What became of one file: whose it was, or why it was not taken."""

    name: str
    company: Organization | None
    refusal: Sentence | None


def receive(platform: Organization, content: bytes, *, by: Actor) -> list[Result]:
    """Keep the signed copies in a ZIP file, each for the company of `platform` that its name says:
    a company number, VAT number or id, before the first `_` or whole. A result for each file.

    Raises Invalid for what is no such file, or one that holds too much.
    """
    if archive_bounds.holds_more(content, MOST_FILES):
        raise _too_many()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = _members(archive)
            whose = _Numbers(platform)
            return [_take(archive, member, whose, by) for member in members]
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError):
        raise Invalid(_NO_ZIP, code="no_zip", fields={"file": [_NO_ZIP]}) from None


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    found = [one for one in archive.infolist() if not one.is_dir() and not _is_chaff(one.filename)]
    if len(found) > MOST_FILES:
        raise _too_many()
    if sum(one.file_size for one in found) > MOST_UNPACKED:
        sentence = gettext_noop("Its files have more than %(most)s MB.")
        raise _too_much(sentence, MOST_UNPACKED // 2**20)
    return found


def _is_chaff(name: str) -> bool:
    """What systems add by themselves."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or not parts or parts[-1].startswith(".")


def _take(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, whose: "_Numbers", by: Actor
) -> Result:
    name = PurePosixPath(member.filename.replace("\\", "/")).name[:200]
    company: Organization | None = None
    try:
        company = whose.find(name)
        mandates.keep_copy(company, HandedIn(name, _content(archive, member)), by=by)
    except DomainError as refusal:
        return Result(name, company, refusal.told)
    return Result(name, company, None)


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """A file of an archive, no more of it than shows that it is too large."""
    try:
        with archive.open(member) as stream:
            return stream.read(LARGEST + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, zlib.error):
        raise Invalid("This file cannot be unpacked.", code="broken") from None


class _Numbers:
    """The companies of a platform by their numbers and ids."""

    def __init__(self, platform: Organization) -> None:
        self._known: dict[str, set[UUID]] = defaultdict(set)
        self._companies = Organization.objects.under(platform)
        rows = self._companies.values_list("pk", "country", "company_number", "vat_number")
        for pk, country, *numbers in rows.iterator(chunk_size=5000):
            for spelling in _spellings(country, numbers):
                self._known[spelling].add(pk)

    def find(self, name: str) -> Organization:
        """The company that a file's name is of. Raises Invalid."""
        stem = PurePosixPath(name).stem
        for text in (stem, stem.split("_")[0].split(" ")[0]):
            id = ids.read(text)
            found = {id} if id else self._known.get(_folded(text), set())
            if len(found) > 1:
                raise Invalid(_SEVERAL, code="several_companies")
            company = self._companies.filter(pk__in=found).select_related("parent").first()
            if company is not None:
                return company
        raise Invalid(_NOBODY, code="unknown_company")


def _spellings(country: str, numbers: list[str]) -> Iterator[str]:
    for number in filter(None, map(_folded, numbers)):
        yield number
        yield number.removeprefix(country) if number.startswith(country) else f"{country}{number}"


def _folded(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def _too_many() -> Invalid:
    return _too_much(gettext_noop("At most %(most)s files are taken at a time."), MOST_FILES)


def _too_much(sentence: str, most: int) -> Invalid:
    return Invalid(sentence, code="too_much", values={"most": most})
