"""What is translated is translated wholly: no gap, no guess, no lost placeholder, no stale file."""

import re

import polib
import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import flatten, flatten_fieldsets
from django.utils.translation import gettext, override

from tenants.ui.display import changes
from tenants.ui.sites import portal

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
    def held(text):
        return sorted(_PLACEHOLDER.findall(text))

    def meant(entry):
        return [entry.msgid, entry.msgid_plural] if entry.msgid_plural else [entry.msgid]

    entries = catalogue(language, "po")
    assert not [e.msgid for e in entries if list(map(held, said(e))) != list(map(held, meant(e)))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_runs_was_compiled_from_what_is_read(language):
    def everything(entries):
        return {(e.msgctxt, e.msgid, e.msgid_plural or ""): said(e) for e in entries}

    assert everything(catalogue(language, "mo")) == everything(catalogue(language, "po"))


def test_all_languages_translate_the_same_sentences():
    ids = [{(e.msgctxt, e.msgid) for e in catalogue(code, "po")} for code in LANGUAGES]
    assert all(each == ids[0] for each in ids)


@pytest.mark.parametrize("site", [admin.site, portal], ids=lambda site: site.name)
def test_models_and_what_their_pages_show_have_names_in_every_language(site):
    names = {str(n) for model, page in site._registry.items() for n in names_on(model, page)}
    for language in LANGUAGES:
        known = {entry.msgid for entry in catalogue(language, "po")}
        with override(language):
            assert not [n for n in names if n not in known and gettext(n) == n]


def names_on(model, page):
    meta = model._meta
    shown = flatten([*page.list_display, *flatten_fieldsets(page.fieldsets or ())])
    yield from (meta.verbose_name, meta.verbose_name_plural)
    for field in meta.fields:
        if field.name in shown and not hasattr(page, field.name):
            yield from filter(None, (field.verbose_name, field.help_text))


def test_history_says_what_changed_in_the_language_of_the_page():
    with override("de"):
        shown = changes({"state": ["draft", "active"], "postal_code": [None, "9000"]})
    assert "<th>Status</th><td>Entwurf</td><td>Aktiv</td>" in shown
    assert "<th>Postleitzahl</th><td>–</td><td>9000</td>" in shown
