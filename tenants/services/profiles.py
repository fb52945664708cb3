"""An organization's profile: what belongs to it, and how a change of it is told."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from tenants.errors import Conflict
from tenants.models import Organization

# What a caller may set; kind, parent, status and the columns written by other apps are not here.
PROFILE = (
    "name",
    "legal_name",
    "display_name",
    "description",
    "country",
    "company_number",
    "vat_number",
    "tax_number",
    "economy_id",
    "address_line1",
    "address_line2",
    "postal_code",
    "city",
    "state",
    "address_country",
    "email",
    "phone",
    "currency",
    "timezone",
    "capabilities",
    "metadata",
    "defaults",
    "handle",
    "vat_key",
    "name_key",
    "environment",
    "test_mode",
    "bill_to_id",
    "withhold_billing",
    "gln",
    "billing_address_id",
    "contact_person_id",
)

# Which claim a conflict is about, so that the company that has it can be named.
CLAIMS = {"handle_taken": "handle", "vat_taken": "vat_key", "name_taken": "name_key"}

# Of a country and a profile, the fields that are kept in another form than they were written in.
Spelling = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
_spellings: list[Spelling] = []


def spell(by: Spelling) -> None:
    """Have every profile that is stored spelled by `by`, too."""
    if by not in _spellings:
        _spellings.append(by)


def spelled(profile: Mapping[str, Any], *, country: str = "") -> dict[str, Any]:
    """A profile as it is kept, of an organization in `country` where it does not say another."""
    kept = dict(profile)
    for spelling in _spellings:
        kept |= spelling(kept.get("country") or country, kept)
    return kept


class Merge(dict[str, Any]):
    """What a change says of an object that a column holds; the rest of it stays.

    It is merged under the row's lock: of two changes at once, the second sees what the first wrote.
    """

    def into(self, held: Mapping[str, Any]) -> dict[str, Any]:
        """`held` with what this says, object by object; None takes a name out (RFC 7396)."""
        return _merged(held, self)


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for name, value in new.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, Mapping):
            was = old.get(name)
            merged[name] = _merged(was if isinstance(was, Mapping) else {}, value)
        else:
            merged[name] = value
    return merged


@contextmanager
def naming_holder(platform_id: UUID | None, profile: Mapping[str, Any]) -> Iterator[None]:
    """Let a Conflict over a claim say which company has what is claimed."""
    try:
        yield
    except Conflict as conflict:
        claim = CLAIMS.get(conflict.code)
        if claim and platform_id:
            mine = Organization.objects.live().filter(parent=platform_id)
            conflict.details["company_id"] = mine.get(**{claim: profile[claim]}).pk
        raise


def known(profile: Mapping[str, Any]) -> dict[str, Any]:
    """The profile, which has to consist of what belongs to one."""
    unknown = set(profile) - set(PROFILE)
    if unknown:
        raise TypeError(f"Not part of a profile: {', '.join(sorted(unknown))}")
    return dict(profile)


def shown(profile: Mapping[str, Any]) -> dict[str, Any]:
    """The profile of something new as changes, as the audit trail keeps them."""
    return {
        name: [None, plain(value)] for name, value in profile.items() if value not in (None, "")
    }


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    return str(value) if isinstance(value, UUID) else value
