"""Writes that change a company and its place on the network together."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from peppol import identifiers as ids
from peppol.models import Participant
from peppol.services.registration import admission, follow_up, participants, reserved
from tenants.actors import Actor
from tenants.models import Organization
from tenants.services import organizations


@transaction.atomic
def revise(
    company: Organization,
    profile: Mapping[str, Any],
    *,
    by: Actor,
    identifiers: Sequence[str] | None = None,
    register: bool = False,
) -> Organization:
    """Change a company's profile and, where given, the one identifier it goes by.

    Naming the identifier that it goes by already changes nothing. With `register` the company is
    registered under it, unless something keeps it off the network. Raises what the parts raise.
    """
    company = organizations.update(company, profile, by=by)
    if identifiers is not None:
        wanted = next(iter(identifiers), None)
        _go_by(company, wanted, by=by)
        if wanted and register and not admission.obstacle(company):
            participants.register(company, wanted, by=by)
    return company


@transaction.atomic
def enroll(
    company: Organization, identifier: str, *, by: Actor, card_name: str = ""
) -> Participant:
    """Make `identifier` the one a company goes by and ask for its registration.

    Raises what `participants.register` raises, and WrongState (`registered`) while another
    identifier of the company is on the network.
    """
    _go_by(company, identifier, by=by)
    return participants.register(company, identifier, card_name=card_name, by=by)


@transaction.atomic
def remove(company: Organization, *, by: Actor) -> None:
    """Delete a company and have everything of it taken off the network; its history stays."""
    follow_up.unregister_all(company, by=by)
    organizations.delete(company, by=by)


@transaction.atomic
def close(company: Organization, *, reason: str, by: Actor) -> Organization:
    """Close a company for good and have everything of it taken off the network.

    Raises WrongState when it is closed already.
    """
    follow_up.unregister_all(company, by=by)
    return organizations.close(company, reason=reason, by=by)


def _go_by(company: Organization, identifier: str | None, *, by: Actor) -> None:
    leading = participants.leading(list(Participant.objects.of(company)))
    wanted = ids.parse(identifier).canonical() if identifier else None
    if leading is None or ids.parse(leading.identifier).canonical() != wanted:
        reserved.replace(company, identifier, by=by)
