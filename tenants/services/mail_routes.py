"""Mails to whoever wants to hear of a kind of fact: posted with the event, once for each address.

Apps declare the kinds and what is written. Addresses are a platform's for all its companies, or a
company's own; whoever gets such a mail stops it by the link in it, without signing in.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from tenants import background, events, loops, persistence
from tenants.actors import Actor
from tenants.errors import Invalid, NotFound
from tenants.models import Environment, Event, Mail, MailRouting, MailStop, Organization
from tenants.services import domains, mails

CHANGED = events.declare("mail_routing.changed", "Who hears by mail of what was changed.")
_SALT = "tenants.mail_routes"
MOST_ADDRESSES = 10


@dataclass(frozen=True)
class Fact:
    """A kind of fact that people can hear of by mail."""

    kind: str
    title: Any
    template: str
    events: tuple[str, ...]


@dataclass(frozen=True)
class Routing:
    """Who hears of what, by kind; None of a company that goes by its platform's."""

    addresses: Mapping[str, Sequence[str]] = field(default_factory=dict)
    to_company: Sequence[str] = ()
    language: str = ""


_FACTS: dict[str, Fact] = {}
_BY_EVENT: dict[str, Fact] = {}


def declare(kind: str, title: Any, template: str, *types: str) -> None:
    """Enter a kind of fact: the event types that it is, and the mail that tells of it."""
    _FACTS[kind] = fact = Fact(kind, title, template, types)
    _BY_EVENT.update(dict.fromkeys(types, fact))


def facts() -> list[Fact]:
    """All kinds of facts."""
    return list(_FACTS.values())


def of(organization: Organization) -> Routing | None:
    """What an organization has chosen; None where it has chosen nothing."""
    row = MailRouting.objects.filter(organization=organization).first()
    return Routing(row.addresses, row.to_company, row.language) if row is not None else None


@transaction.atomic
def choose(organization: Organization, wanted: Routing | None, *, by: Actor) -> None:
    """Have these addresses hear of what happens; None has a company go by its platform's.

    An address that is chosen here hears again of what it had stopped. Raises Invalid for what is
    no address, or too many of them.
    """
    before = of(organization)
    if wanted is None:
        MailRouting.objects.filter(organization=organization).delete()
        if before is not None:
            events.record(organization, CHANGED, by=by, data={"addresses": None})
        return
    chosen = {kind: _checked(kind, given) for kind, given in wanted.addresses.items() if given}
    to_company = sorted(set(wanted.to_company) & set(_FACTS))
    values = {"addresses": chosen, "to_company": to_company, "language": wanted.language}
    if before == Routing(chosen, to_company, wanted.language):
        return
    MailRouting.objects.update_or_create(organization=organization, defaults=values)
    for kind, addresses in chosen.items():
        known = before.addresses.get(kind, ()) if before else ()
        for address in set(addresses) - set(known):
            _stops(organization.pk, kind, address).delete()
    events.record(
        organization, CHANGED, by=by, data={"addresses": chosen, "to_company": to_company}
    )


def _checked(kind: str, given: Sequence[str]) -> list[str]:
    if kind not in _FACTS:
        raise Invalid("There is no such kind of mail.", code="unknown_kind")
    found = list({one.strip().lower(): one.strip() for one in given}.values())
    if len(found) > MOST_ADDRESSES:
        sentence = gettext_noop("Ten addresses at most.")
        raise Invalid(sentence, code="too_many", fields={kind: [sentence]})
    for one in found:
        try:
            validate_email(one)
            persistence.refuse_control({kind: one})
        except ValidationError:
            sentence = gettext_noop("This is no e-mail address.")
            raise Invalid(sentence, code="malformed_address", fields={kind: [sentence]}) from None
    return found


# --- From events to mails -------------------------------------------------------------------------
def route(batch: Sequence[Event]) -> int:
    """Post the mails that events of a batch come to, in the caller's transaction; how many.

    The caller sees each event once. What one of them raises is noted, and the others go on.
    """
    concerned = [one for one in batch if one.type in _BY_EVENT and one.environment == _LIVE]
    routings = _routings(concerned) if concerned else {}
    posted = 0
    for event in concerned if routings else ():
        try:
            with transaction.atomic():
                posted += _post(event, _BY_EVENT[event.type], routings)
        except Exception as error:
            loops.note("post mails of events", event, error)
    if posted:
        background.wake("mails")
    return posted


_LIVE = Environment.LIVE


def _routings(batch: Sequence[Event]) -> dict[Any, MailRouting]:
    owners = {one.organization_id for one in batch} | {one.platform_id for one in batch}
    return {row.pk: row for row in MailRouting.objects.filter(organization__in=owners)}


def _post(event: Event, fact: Fact, routings: Mapping[Any, MailRouting]) -> int:
    routing = routings.get(event.organization_id) or routings.get(event.platform_id)
    if routing is None:
        return 0
    company = event.organization
    room = _room(company, fact)
    wanted = list(_recipients(company, fact, routing))[:room]
    context = {"kind": fact.kind, "language": routing.language}
    rows = [
        Mail(
            organization=company,
            template=fact.template,
            to=address,
            event=event.pk,
            context={**context, "owner": str(owner), "last": number == room},
        )
        for number, (address, owner) in enumerate(wanted, 1)
    ]
    # An address that has a mail of this event has it.
    Mail.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _room(company: Organization, fact: Fact) -> int:
    """How many more mails of a kind a company's people get today."""
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Mail.objects.filter(organization=company, template=fact.template)
    return max(int(settings.MAILS_A_DAY) - mine.filter(created_at__gte=today).count(), 0)


def _recipients(
    company: Organization, fact: Fact, routing: MailRouting
) -> Iterator[tuple[str, Any]]:
    """Addresses, and who had chosen each."""
    stopped: dict[str, set[Any]] = defaultdict(set)
    owners = (routing.pk, company.pk)
    rows = MailStop.objects.filter(organization__in=owners, kind=fact.kind)
    for address, owner in rows.values_list("address", "organization"):
        stopped[address.lower()].add(owner)
    wanted = [(one, routing.pk) for one in routing.addresses.get(fact.kind, ())]
    if fact.kind in routing.to_company and company.email:
        wanted.append((company.email, company.pk))
    seen = set()
    for address, owner in wanted:
        if address.lower() not in seen and not stopped[address.lower()]:
            seen.add(address.lower())
            yield address, owner


def event_of(mail: Mail) -> Event | None:
    """What a mail tells of; None once it is gone."""
    mine = Event.objects.filter(organization=mail.organization)
    return mine.filter(pk=mail.event).first() if mail.event is not None else None


def frame_of(mail: Mail) -> dict[str, Any]:
    """What a mail of a fact shows besides the fact: its language, and how one stops it."""
    sender = mail.organization.parent or mail.organization
    token = signing.dumps([mail.context["owner"], mail.context["kind"], mail.to], salt=_SALT)
    link = f"{domains.address_of(sender)}{reverse('stop_mails', args=[token])}"
    return {
        "company": mail.organization.title,
        "stop_link": link,
        "last": mail.context.get("last", False),
        "most": settings.MAILS_A_DAY,
        "language": mail.context.get("language") or mails.language_of(sender),
        "headers": {
            "List-Unsubscribe": f"<{link}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    }


# --- Stopping them --------------------------------------------------------------------------------
@dataclass(frozen=True)
class Subscription:
    """What the link of a mail is about."""

    organization: Organization
    fact: Fact
    address: str

    @property
    def is_stopped(self) -> bool:
        return bool(_stops(self.organization.pk, self.fact.kind, self.address).exists())


def subscription(token: str) -> Subscription:
    """What the token of a mail's link is about. Raises NotFound."""
    try:
        owner, kind, address = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        raise NotFound("Mail") from None
    organization = Organization.objects.live().select_related("parent").filter(pk=owner).first()
    if organization is None or kind not in _FACTS:
        raise NotFound("Mail")
    return Subscription(organization, _FACTS[kind], address)


@transaction.atomic
def stop(one: Subscription) -> None:
    """Write no more mails of a kind to an address; a second time changes nothing."""
    MailStop.objects.bulk_create(
        [MailStop(organization=one.organization, kind=one.fact.kind, address=one.address)],
        ignore_conflicts=True,
    )


@transaction.atomic
def resume(one: Subscription) -> None:
    """Write to it again, as long as it is chosen."""
    _stops(one.organization.pk, one.fact.kind, one.address).delete()


def _stops(organization: Any, kind: str, address: str) -> Any:
    mine = MailStop.objects.filter(organization=organization, kind=kind)
    return mine.filter(address__iexact=address)
