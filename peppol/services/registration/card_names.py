"""The names on a business card, as the national register has them."""

from collections.abc import Mapping

from peppol.identifiers import ParticipantId
from peppol.registers import companies

# The schemes whose values are Belgian enterprise numbers, with what stands before the number.
_BELGIAN = {"0208": "", "9925": "BE"}
_LANGUAGES = ("", "nl", "fr", "de", "en")


def registered_names(pid: ParticipantId) -> Mapping[str, str]:
    """What the national register calls the company, by language, where we have that register."""
    if pid.scheme not in _BELGIAN:
        return {}
    return companies.names_of("BE", pid.value.upper().removeprefix(_BELGIAN[pid.scheme]))


def first_of(names: Mapping[str, str]) -> str:
    """The name to show where there is room for one: databases do not keep the order they had."""
    ordered = [names[language] for language in _LANGUAGES if language in names]
    return next(iter([*ordered, *names.values()]), "")
