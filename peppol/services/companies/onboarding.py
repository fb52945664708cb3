"""The main job: one operation that makes a company, its key, its webhook and its registration.

Everything that has to be there at once is one transaction; the network follows. The claims of the
company (handle, VAT number, name) decide between calls that race: one wins, the others learn
which company it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from apikeys.models import ApiKey
from apikeys.services import keys
from peppol.models import Participant
from peppol.services.companies import namesakes
from peppol.services.registration import admission, cards, participants, reserved, sending
from tenants.actors import Actor
from tenants.errors import Conflict
from tenants.models import Environment, Organization
from tenants.prepared import attach
from tenants.services import organizations
from webhooks.models import Endpoint
from webhooks.services import endpoints


@dataclass(frozen=True)
class KeyRequest:
    """The key that the company is to have."""

    name: str
    scopes: tuple[str, ...] = ("*",)
    prefix: str = ""
    environment: str = Environment.LIVE
    description: str = ""
    announced: bool = True


@dataclass(frozen=True)
class WebhookRequest:
    """The webhook that the company is to have; without a secret, one is made."""

    url: str
    event_types: tuple[str, ...]
    secret: str | None = None
    dialect: str = "standard"
    timeout_seconds: int | None = None
    retry_schedule: tuple[int, ...] = ()


@dataclass(frozen=True)
class Onboarded:
    """What onboarding made. The two secrets cannot be read again."""

    company: Organization
    key: ApiKey | None
    key_secret: str
    endpoint: Endpoint | None
    endpoint_secret: str
    participant: Participant | None


@transaction.atomic
def onboard(
    platform: Organization,
    profile: Mapping[str, Any],
    *,
    by: Actor,
    key: KeyRequest | None = None,
    webhook: WebhookRequest | None = None,
    identifier: str | None = None,
    register: bool = True,
    card: Mapping[str, Any] | None = None,
    send_only: bool = False,
) -> Onboarded:
    """Make a company that `platform` manages, with what comes along; all of it or nothing.

    `card` is what the network is to know of it beside its name: what `cards.describe` takes.

    With an `identifier` the company is registered under it, unless `register` is off or it may
    not be on the network (test mode): then it is noted down. An identifier that somebody else has
    on the network does not stop the company from being made; its participant says so. With
    `send_only` the company sends under it, and receives with another provider.

    The company has its `participants` loaded.

    Raises what the parts raise; a Conflict over a claim carries the `company_id` that has it.
    """
    company = organizations.create_company(platform, profile, by=by)
    issued, key_secret = _issue(company, key, by=by) if key else (None, "")
    endpoint, endpoint_secret = _subscribe(company, webhook, by=by) if webhook else (None, "")
    if card:
        cards.describe(company, card, by=by)
    participant = None
    if identifier and send_only:
        participant = sending.send_only(company, identifier, by=by)
    elif identifier:
        participant = _enroll(platform, company, identifier, register=register, by=by)
    # It is new: it has no other.
    attach(company, "participants", [participant] if participant else [])
    return Onboarded(company, issued, key_secret, endpoint, endpoint_secret, participant)


def _issue(company: Organization, key: KeyRequest, *, by: Actor) -> tuple[ApiKey, str]:
    return keys.issue(
        company,
        name=key.name,
        scopes=key.scopes,
        prefix=key.prefix,
        environment=key.environment,
        description=key.description,
        announced=key.announced,
        by=by,
    )


def _subscribe(
    company: Organization, webhook: WebhookRequest, *, by: Actor
) -> tuple[Endpoint, str]:
    return endpoints.create(
        company,
        url=webhook.url,
        event_types=webhook.event_types,
        secret=webhook.secret,
        dialect=webhook.dialect,
        timeout_seconds=webhook.timeout_seconds,
        retry_schedule=webhook.retry_schedule,
        by=by,
    )


def _enroll(
    platform: Organization, company: Organization, identifier: str, *, register: bool, by: Actor
) -> Participant:
    kept_off = admission.obstacle(company) is not None and not admission.awaits(company)
    if kept_off or not register:
        return reserved.propose(company, identifier, by=by)
    try:
        return participants.register(company, identifier, by=by)
    except Conflict as conflict:
        ours = namesakes.holder(platform, identifier)
        reason = f"{reserved.OURS}{ours.title}." if ours else conflict.message
        return reserved.note_elsewhere(company, identifier, reason=reason, by=by)
