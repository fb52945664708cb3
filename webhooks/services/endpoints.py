"""Writes to endpoints: create, change, disable, rotate the secret, test, delete."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from tenants import background, events, persistence
from tenants.actors import Actor
from tenants.errors import Invalid, WrongState
from tenants.models import Event, Organization
from webhooks import basic_auth, schedule, secrets
from webhooks.models import Delivery, Endpoint

CREATED = events.declare("endpoint.created", "A webhook endpoint was created.")
UPDATED = events.declare("endpoint.updated", "A webhook endpoint was changed.")
ENABLED = events.declare("endpoint.enabled", "A webhook endpoint was enabled again.")
REVEALED = events.declare("endpoint.secret_shown", "The secret of a webhook endpoint was shown.")
ROTATED = events.declare("endpoint.secret_rotated", "A webhook endpoint got a new secret.")
DELETED = events.declare("endpoint.deleted", "A webhook endpoint was deleted.")
DISABLED = events.declare(
    "endpoint.disabled",
    "A webhook endpoint was disabled; events that occur meanwhile are kept as missed.",
    public=True,
    example={
        "endpoint": {"id": "0193…", "url": "https://acme.example/hook"},
        "reason": "It failed for five days.",
    },
)
TEST = events.declare(
    "endpoint.test",
    "Somebody asked for a test of this endpoint.",
    public=True,
    example={"endpoint": {"id": "0193…", "url": "https://acme.example/hook"}},
)

MOST_OVERLAP = timedelta(days=7)
CHANGEABLE = (
    "url",
    "description",
    "event_types",
    "timeout_seconds",
    "concurrency",
    "retry_schedule",
)


@transaction.atomic
def create(
    organization: Organization,
    *,
    url: str,
    event_types: Sequence[str],
    by: Actor,
    environment: str = "",
    dialect: str = "standard",
    covers_companies: bool = False,
    secret: str | None = None,
    description: str = "",
    timeout_seconds: int | None = None,
    retry_schedule: Sequence[int] = (),
) -> tuple[Endpoint, str]:
    """Create an endpoint and return it with its secret, which is not shown again.

    `secret` may be the caller's own, `whsec_…`; without a `retry_schedule` the standard one holds.
    What stands before the host of `url` is kept apart from it, encrypted.
    Raises Invalid for a URL we would not call.
    """
    target = basic_auth.apart(url)
    secret = secrets.check(secret) if secret is not None else secrets.generate()
    endpoint = Endpoint(
        organization=organization,
        url=target.url,
        credentials=_sealed(target.credentials),
        event_types=_patterns(event_types),
        environment=environment or organization.environment,
        dialect=dialect,
        covers_companies=covers_companies and organization.is_platform,
        description=description,
        secret=secrets.encrypt(secret),
        signing_key=secrets.encrypt(secrets.generate_signing_key()),
        retry_schedule=schedule.check(retry_schedule),
        **({} if timeout_seconds is None else {"timeout_seconds": timeout_seconds}),
    )
    persistence.insert(endpoint)
    _note(endpoint, CREATED, by, changes={"url": [None, target.url]})
    return endpoint, secret


@transaction.atomic
def update(endpoint: Endpoint, fields: Mapping[str, Any], *, by: Actor) -> Endpoint:
    """Change the given fields and leave the others. Raises Invalid.

    A user name and password stay with their host; at another address they are forgotten unless it
    names some.
    """
    unknown = set(fields) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"Not a field of an endpoint: {', '.join(sorted(unknown))}")
    endpoint = _locked(endpoint)
    wanted = dict(fields)
    if "url" in wanted:
        wanted["url"], given = basic_auth.apart(wanted["url"])
        wanted["credentials"] = _credentials(endpoint, wanted["url"], given)
    if "event_types" in wanted:
        wanted["event_types"] = _patterns(wanted["event_types"])
    if "retry_schedule" in wanted:
        wanted["retry_schedule"] = schedule.check(wanted["retry_schedule"])
    changes = {n: [getattr(endpoint, n), v] for n, v in wanted.items() if getattr(endpoint, n) != v}
    if changes:
        for name, (_, value) in changes.items():
            setattr(endpoint, name, value)
        persistence.update(endpoint, [*changes, "updated_at"])
        if "credentials" in changes:
            changes["credentials"] = [bool(one) for one in changes["credentials"]]
        _note(endpoint, UPDATED, by, changes=changes)
    return endpoint


def _credentials(endpoint: Endpoint, url: str, given: str | None) -> str:
    """What is kept of them once the address is `url`, encrypted."""
    if given is None:
        return endpoint.credentials if basic_auth.is_same_receiver(endpoint.url, url) else ""
    return endpoint.credentials if given == endpoint.basic_auth else _sealed(given)


def _sealed(credentials: str | None) -> str:
    return secrets.encrypt(credentials) if credentials else ""


@transaction.atomic
def revise(
    endpoint: Endpoint, fields: Mapping[str, Any], status: str = "", *, by: Actor, reason: str = ""
) -> Endpoint:
    """Change fields and, where one is given, the status (`active`, `disabled`) together."""
    if fields:
        endpoint = update(endpoint, fields, by=by)
    if status == Endpoint.Status.DISABLED:
        return disable(endpoint, reason=reason, by=by)
    return enable(endpoint, by=by) if status else endpoint


@transaction.atomic
def disable(endpoint: Endpoint, *, reason: str, by: Actor) -> Endpoint:
    """Stop sending; what is due and what occurs meanwhile is kept as missed."""
    endpoint = _locked(endpoint)
    if endpoint.status == Endpoint.Status.DISABLED:
        return endpoint
    endpoint.status, endpoint.disabled_reason = Endpoint.Status.DISABLED, reason[:255]
    endpoint.save(update_fields=["status", "disabled_reason", "updated_at"])
    Delivery.objects.filter(
        endpoint=endpoint, state__in=(Delivery.State.PENDING, Delivery.State.SENDING)
    ).update(state=Delivery.State.MISSED, next_attempt_at=None)
    _note(endpoint, DISABLED, by, reason=reason)
    return endpoint


@transaction.atomic
def enable(endpoint: Endpoint, *, by: Actor) -> Endpoint:
    """Send again from now on; what was missed waits to be replayed."""
    endpoint = _locked(endpoint)
    if endpoint.status == Endpoint.Status.ACTIVE:
        return endpoint
    endpoint.status, endpoint.disabled_reason = Endpoint.Status.ACTIVE, ""
    endpoint.consecutive_failures = endpoint.warned_percent = 0
    endpoint.first_failure_at = endpoint.paused_until = None
    endpoint.save(
        update_fields=[
            "status",
            "disabled_reason",
            "consecutive_failures",
            "warned_percent",
            "first_failure_at",
            "paused_until",
            "updated_at",
        ]
    )
    _note(endpoint, ENABLED, by)
    return endpoint


@transaction.atomic
def reveal_secret(endpoint: Endpoint, *, by: Actor) -> str:
    """The secret that signs now, for somebody who has shown once more who they are."""
    _note(endpoint, REVEALED, by)
    return secrets.opened(endpoint.secret)


@transaction.atomic
def rotate_secret(
    endpoint: Endpoint,
    *,
    by: Actor,
    overlap: timedelta = timedelta(hours=24),
    secret: str | None = None,
) -> str:
    """Give the endpoint a new secret and return it; the old one signs too until `overlap` ends."""
    if not timedelta() <= overlap <= MOST_OVERLAP:
        raise Invalid("The overlap lies between 0 and 7 days.", code="invalid_overlap")
    secret = secrets.check(secret) if secret is not None else secrets.generate()
    endpoint = _locked(endpoint)
    endpoint.previous_secret = endpoint.secret
    endpoint.previous_secret_until = timezone.now() + overlap
    endpoint.secret = secrets.encrypt(secret)
    endpoint.save(
        update_fields=["secret", "previous_secret", "previous_secret_until", "updated_at"]
    )
    _note(endpoint, ROTATED, by)
    return secret


@transaction.atomic
def delete(endpoint: Endpoint, *, by: Actor) -> None:
    """Take the endpoint away; its history stays."""
    endpoint = _locked(endpoint)
    endpoint.deleted_at, endpoint.status = timezone.now(), Endpoint.Status.DISABLED
    endpoint.save(update_fields=["deleted_at", "status", "updated_at"])
    Delivery.objects.filter(
        endpoint=endpoint, state__in=(Delivery.State.PENDING, Delivery.State.SENDING)
    ).update(state=Delivery.State.MISSED, next_attempt_at=None)
    _note(endpoint, DELETED, by)


@transaction.atomic
def send_test(
    endpoint: Endpoint, *, by: Actor, tested: Mapping[str, Any] | None = None
) -> Delivery:
    """Have a test event sent to this endpoint alone, whatever it subscribed to.

    `tested` (`event_type`, `data`) is what a dialect that can makes the test look like.
    """
    endpoint = _locked(endpoint)
    if not endpoint.is_active:
        raise WrongState("A disabled endpoint cannot be tested: enable it first.")
    event = _note(endpoint, TEST, by, tested=dict(tested) if tested else None)
    Event.objects.filter(pk=event.pk).update(distributed_at=timezone.now())
    delivery = Delivery.objects.create(
        organization=endpoint.organization, endpoint=endpoint, event=event
    )
    background.wake("deliveries")
    return delivery


def _note(
    endpoint: Endpoint, event: str, by: Actor, *, tested: Any = None, **details: Any
) -> Event:
    data: dict[str, Any] = {"endpoint": {"id": str(endpoint.pk), "url": endpoint.url}}
    if details.get("reason"):
        data["reason"] = details["reason"]
    if tested:
        data["tested"] = tested
    return events.record(
        endpoint.organization, event, by=by, data=data, environment=endpoint.environment, **details
    )


def _locked(endpoint: Endpoint) -> Endpoint:
    try:
        return (
            Endpoint.objects.live()
            .select_related("organization")
            .select_for_update(of=("self",), no_key=True)
            .get(pk=endpoint.pk)
        )
    except Endpoint.DoesNotExist:
        raise WrongState("This endpoint was deleted.", code="deleted") from None


def _patterns(event_types: Sequence[str]) -> list[str]:
    patterns = list(dict.fromkeys(event_types))
    fine = all(
        isinstance(p, str) and 0 < len(p) <= 64 and p.isascii() and p.isprintable()
        for p in patterns
    )
    if not fine or not patterns or len(patterns) > 100:
        sentence = gettext_noop(
            "Name the events to be sent, such as document.received or document.*."
        )
        raise Invalid(sentence, code="invalid_events", fields={"events": [sentence]})
    return patterns
