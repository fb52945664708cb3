"""What is translated is translated wholly: no gap, no guess, no lost placeholder, no stale file."""

import re

import polib
import pytest
from django.conf import settings

LANGUAGES = sorted(code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE)
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|%%|</?\w+>")


def catalogue(language: str, suffix: str):
    path = settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / f"django.{suffix}"
    return {"po": polib.pofile, "mo": polib.mofile}[suffix](str(path))


def said(entry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_its_translation(language):
    entries = catalogue(language, "po")
    assert len(entries) > 500
    assert not [e.msgid for e in entries if e.fuzzy or not all(said(e))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_placeholders(language):
    def kept(entry, text):
        meant = entry.msgid_plural or entry.msgid
        return sorted(_PLACEHOLDER.findall(text)) == sorted(_PLACEHOLDER.findall(meant))

    entries = catalogue(language, "po")
    assert not [e.msgid for e in entries if not all(kept(e, text) for text in said(e))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_runs_was_compiled_from_what_is_read(language):
    def everything(entries):
        return {(e.msgctxt, e.msgid, e.msgid_plural or ""): said(e) for e in entries}

    assert everything(catalogue(language, "mo")) == everything(catalogue(language, "po"))


def test_all_languages_translate_the_same_sentences():
    ids = [{(e.msgctxt, e.msgid) for e in catalogue(code, "po")} for code in LANGUAGES]
    assert all(each == ids[0] for each in ids)
