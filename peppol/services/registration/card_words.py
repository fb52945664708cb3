"""What may stand on a business card, as the Directory takes it (version 3, 2018-06-21)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pycountry
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.translation import gettext_noop

from peppol import country_profiles
from tenants.errors import Invalid

FIELDS = (
    "is_listed",
    "names",
    "location",
    "identifiers",
    "websites",
    "contacts",
    "additional",
    "registered_on",
    "document_types",
)
# Of each kind so many, and so long at most: the Directory shows them on one page.
_MOST, _LENGTH = 20, 255
_url = URLValidator(schemes=("http", "https"))
_email = EmailValidator()
_TOO_MANY = gettext_noop("There are more than 20, or one is longer than 255 characters.")
_TOO_LONG = gettext_noop("This is too long.")
_LANGUAGE = gettext_noop("A language is two letters, such as nl, and each has one name.")
_WEBSITE = gettext_noop("A website begins with http:// or https://.")
_EMAIL = gettext_noop("This is not an e-mail address.")
_IDENTIFIER = gettext_noop("An identifier has the name of its scheme and a value.")
_DAY = gettext_noop("A day is written as 2026-11-20.")
_TYPE = gettext_noop("This is no document type that companies may be registered for.")


class _Fault(Exception):
    """Why a field cannot stand on a card."""


def checked(said: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a card as they are kept, without blanks around. Raises Invalid, TypeError."""
    unknown = set(said) - set(FIELDS)
    if unknown:
        raise TypeError(f"Nothing of a card: {', '.join(sorted(unknown))}")
    found: dict[str, Any] = {}
    faults: dict[str, list[str]] = {}
    for name, value in said.items():
        try:
            found[name] = _CHECKS[name](value)
        except _Fault as fault:
            faults[name] = [str(fault)]
    if faults:
        raise Invalid(next(iter(faults.values()))[0], code="malformed_card", fields=faults)
    return found


def _names(given: Mapping[str, str]) -> dict[str, str]:
    names = {language.strip().lower(): _text(name) for language, name in given.items()}
    for language in names:
        if language and pycountry.languages.get(alpha_2=language) is None:
            raise _Fault(_LANGUAGE)
    return {language: name for language, name in names.items() if name}


def _identifiers(given: Any) -> list[list[str]]:
    pairs = [[_text(scheme), _text(value)] for scheme, value in _few(given)]
    if not all(all(pair) for pair in pairs):
        raise _Fault(_IDENTIFIER)
    return pairs


def _websites(given: Any) -> list[str]:
    for one in (found := [_text(one) for one in _few(given)]):
        try:
            _url(one)
        except ValidationError:
            raise _Fault(_WEBSITE) from None
    return found


def _contacts(given: Any) -> list[list[str]]:
    found = [[_text(part) for part in contact] for contact in _few(given)]
    for *_others, email in (found := [contact for contact in found if any(contact)]):
        try:
            _email(email or "nobody@example.com")
        except ValidationError:
            raise _Fault(_EMAIL) from None
    return found


def _document_types(given: Any) -> list[str]:
    known = [one.uri for one in country_profiles.all_types()]
    wanted = {getattr(one, "uri", one) for one in given}
    if not wanted <= set(known):
        raise _Fault(_TYPE)
    return [one for one in known if one in wanted]


def _day(given: Any) -> date | None:
    if not given or isinstance(given, date):
        return given or None
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        raise _Fault(_DAY) from None


def _few(given: Any) -> list[Any]:
    found = list(given)
    if len(found) > _MOST:
        raise _Fault(_TOO_MANY)
    return found


def _text(given: str) -> str:
    text = " ".join(given.split())
    if len(text) > _LENGTH:
        raise _Fault(_TOO_MANY)
    return text


def _long(most: int) -> Callable[[str], str]:
    def check(given: str) -> str:
        text = " ".join(given.split())
        if len(text) > most:
            raise _Fault(_TOO_LONG)
        return text

    return check


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "is_listed": bool,
    "names": _names,
    "location": _long(500),
    "identifiers": _identifiers,
    "websites": _websites,
    "contacts": _contacts,
    "additional": _long(2000),
    "registered_on": _day,
    "document_types": _document_types,
}
