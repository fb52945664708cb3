"""What can be done to many companies at once: each through the service that does it to one.

A kind says for which companies it makes sense, what it does to one, and which kind undoes it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from apikeys.models import ApiKey
from apikeys.services import keys
from peppol import identifiers
from peppol.models import CompanyRun, Participant
from peppol.services.registration import participants
from tenants.actors import Actor
from tenants.errors import Invalid
from tenants.models import Invitation, Organization, User
from tenants.services import entitlements, organizations, people

Kind = CompanyRun.Kind
Status = Organization.Status
State = Participant.State


@dataclass(frozen=True)
class Doing:
    """What is to be done to one company: how, by whom and, to undo, what had been made."""

    company: Organization
    options: Mapping[str, Any]
    by: Actor
    made: Mapping[str, Any]


@dataclass(frozen=True)
class Came:
    """What came of it: what undoing has to know, and a secret to be fetched once."""

    made: Mapping[str, Any] = field(default_factory=dict)
    secret: str = ""


@dataclass(frozen=True)
class RunKind:
    """`fits` are the companies for which it makes sense; `why_not` is said of the others."""

    name: CompanyRun.Kind
    lead: Any
    act: Callable[[Doing], Came]
    fits: Any
    why_not: str
    undo: str = ""

    @property
    def title(self) -> Any:
        return self.name.label


def _held(*states: str) -> Exists:
    return Exists(Participant.objects.filter(organization=OuterRef("pk"), state__in=states))


def _register(one: Doing) -> Came:
    """Try again what failed or was noted down, else register the usual identifier."""
    company = one.company
    known = list(Participant.objects.of(company).order_by("id"))
    held = [row for row in known if row.state in (State.FAILED, State.ELSEWHERE)]
    for row in held:
        participants.retry(row, by=one.by)
    if held:
        return Came()
    noted = [row.identifier for row in known if row.state == State.DRAFT]
    proposed = identifiers.propose(
        company.country, company_number=company.company_number, vat_number=company.vat_number
    )
    wanted = noted or [str(pid) for pid in proposed[:1]]
    if not wanted:
        raise Invalid("No Peppol identifier follows from its numbers.", code="no_identifier")
    made = [participants.register(company, text, by=one.by) for text in wanted]
    return Came({"participants": [str(row.pk) for row in made]})


def _take_off(one: Doing) -> Came:
    mine = Participant.objects.of(one.company).filter(pk__in=one.made.get("participants", []))
    for row in mine.filter(state__in=Participant.REMOVABLE_STATES):
        participants.unregister(row, by=one.by)
    return Came()


def _suspend(one: Doing) -> Came:
    organizations.suspend(one.company, reason=one.options["reason"], by=one.by)
    return Came()


def _reactivate(one: Doing) -> Came:
    organizations.reactivate(one.company, by=one.by)
    return Came()


def _issue(one: Doing) -> Came:
    name, environment = one.options["name"], one.options["environment"]
    key, secret = keys.issue(
        one.company, name=name, environment=environment, by=one.by, announced=False
    )
    return Came({"key": str(key.pk)}, secret)


def _revoke(one: Doing) -> Came:
    for key in ApiKey.objects.live().of(one.company).filter(pk=one.made["key"]):
        keys.revoke(key, by=one.by)
    return Came()


def _invite(one: Doing) -> Came:
    invited_by = User.objects.filter(pk=one.by.id).first() if one.by.kind == "user" else None
    made = people.invite(
        one.company,
        email=one.company.email,
        role=one.options["role"],
        by=one.by,
        invited_by=invited_by,
    )
    return Came({"invitation": str(made.pk)})


def _withdraw(one: Doing) -> Came:
    mine = Invitation.objects.of(one.company).unanswered()
    for row in mine.filter(pk=one.made["invitation"]):
        people.withdraw(row, by=one.by)
    return Came()


_LIMITS = ("document_quota", "quota_is_hard", "documents_per_day")


def _limit(one: Doing) -> Came:
    before = {name: getattr(one.company, name) for name in _LIMITS}
    wanted = {name: one.options[name] for name in _LIMITS}
    entitlements.give(one.company, wanted, by=one.by)
    return Came(before)


def _give_back(one: Doing) -> Came:
    entitlements.give(one.company, {n: one.made[n] for n in _LIMITS if n in one.made}, by=one.by)
    return Came()


_NOT_CLOSED = ~Q(status=Status.CLOSED)
_ANY = gettext_noop("It is closed.")
_ALL = (
    RunKind(
        Kind.REGISTER,
        _("What failed is tried again; what has no identifier gets the one its numbers propose."),
        _register,
        Q(status__in=(Status.ACTIVE, Status.PENDING), test_mode=False)
        & ~_held(*Participant.SENDING_STATES),
        gettext_noop("It is on the network or on its way, or may not be."),
        Kind.TAKE_OFF,
    ),
    RunKind(
        Kind.TAKE_OFF,
        _("What was registered then is taken off; documents stay."),
        _take_off,
        Q(),
        _ANY,
    ),
    RunKind(
        Kind.SUSPEND,
        _("Their keys stop working at once; their data stays."),
        _suspend,
        Q(status__in=(Status.ACTIVE, Status.PENDING)),
        gettext_noop("It is suspended or closed."),
        Kind.REACTIVATE,
    ),
    RunKind(
        Kind.REACTIVATE,
        _("Their keys work again at once."),
        _reactivate,
        Q(status=Status.SUSPENDED),
        gettext_noop("It is not suspended."),
    ),
    RunKind(
        Kind.KEYS,
        _("One for each company. The file of the keys can be downloaded once, for seven days."),
        _issue,
        _NOT_CLOSED,
        _ANY,
        Kind.REVOKE_KEYS,
    ),
    RunKind(
        Kind.REVOKE_KEYS,
        _("The keys that were issued then stop working at once."),
        _revoke,
        Q(),
        _ANY,
    ),
    RunKind(
        Kind.INVITE,
        _("The company's own e-mail address gets an invitation; who accepts sees it alone."),
        _invite,
        _NOT_CLOSED & ~Q(email=""),
        gettext_noop("It has no e-mail address, or is closed."),
        Kind.WITHDRAW,
    ),
    RunKind(
        Kind.WITHDRAW,
        _("Those that nobody has accepted yet open nothing any more."),
        _withdraw,
        Q(),
        _ANY,
    ),
    RunKind(
        Kind.LIMITS,
        _("How many documents each may send. What arrives is never stopped."),
        _limit,
        _NOT_CLOSED,
        _ANY,
        Kind.GIVE_BACK,
    ),
    RunKind(
        Kind.GIVE_BACK,
        _("Each company has the limits again that it had before."),
        _give_back,
        Q(),
        _ANY,
    ),
)
KINDS: dict[str, RunKind] = {kind.name: kind for kind in _ALL}
