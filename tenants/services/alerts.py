"""Tells people of what they chose to be told of: in the bell, by mail at once, or once a day.

Whatever records an event of such a type leaves a cause in the same transaction; a worker makes
alerts of it. What a person chooses concerns nobody else: no event tells of it.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from tenants import loops
from tenants.alert_kinds import BY_TYPE, known_to
from tenants.models import (
    Alert,
    AlertCause,
    AlertChoice,
    Event,
    Mail,
    Membership,
    Organization,
    User,
)
from tenants.services import domains, mails

How = AlertChoice.How
# A daily mail names so many; the bell has all of them.
_NAMED = 40
# Under which word an event keeps what it is about, and on which page that stands.
_PAGES = (
    ("document", "peppol_document"),
    ("participant", "peppol_participant"),
    ("endpoint", "webhooks_endpoint"),
    ("statement", "billing_statement"),
)


@transaction.atomic
def choose(
    organization: Organization,
    user: User,
    wanted: Mapping[str, str],
    *,
    company: Organization | None = None,
) -> None:
    """Keep how a person wants to hear of each kind; of one company, "" is as for all."""
    for kind, how in wanted.items():
        mine: dict[str, Any] = {"organization": organization, "user": user, "kind": kind}
        mine["company"] = company
        if how:
            AlertChoice.objects.update_or_create(**mine, defaults={"how": how})
        else:
            AlertChoice.objects.filter(**mine).delete()


def chosen(
    organization: Organization, user: User, company: Organization | None = None
) -> dict[str, str]:
    """What a person has said of kinds, for all or for one company."""
    mine = AlertChoice.objects.filter(organization=organization, user=user, company=company)
    return dict(mine.values_list("kind", "how"))


def see_all(organization: Organization, user: User) -> int:
    """Nothing of what a person was told of so far is new to them any more; how many were."""
    mine = Alert.objects.unseen().filter(organization=organization, user=user)
    return mine.update(seen_at=timezone.now())


def see(alert: Alert) -> None:
    """A person has looked at an alert."""
    Alert.objects.unseen().filter(pk=alert.pk).update(seen_at=timezone.now())


def tell(limit: int = 200) -> int:
    """Make alerts of what has happened since; of how many events."""
    causes = AlertCause.objects.order_by("event_id")[:limit]
    return loops.each("alert people", causes, _tell)


@transaction.atomic
def _tell(cause: AlertCause) -> None:
    held = AlertCause.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    mine = held.filter(pk=cause.pk).select_related("event__organization").first()
    if mine is None:
        return
    event = mine.event
    for member, how in _listeners(event):
        _alert(member, event, how)
    mine.delete()


def _listeners(event: Event) -> list[tuple[Membership, str]]:
    """Who wants to hear of an event, and how: people of its organization and of the platform."""
    kind = BY_TYPE[event.type]
    members = Membership.objects.filter(
        organization__in={event.organization_id, event.platform_id}, user__is_active=True
    ).select_related("user", "organization__parent")
    of_it = Q(company=None) | Q(company=event.organization_id)
    rows = AlertChoice.objects.filter(of_it, user__in=[m.user_id for m in members], kind=kind.name)
    # What is said of one company comes last, and so goes before what is said of all.
    said: dict[tuple[Any, Any], str] = {}
    for row in sorted(rows, key=lambda row: row.company_id is not None):
        said[row.user_id, row.organization_id] = row.how
    found = [(m, said.get((m.user_id, m.organization_id), How.BELL)) for m in members]
    return [(m, how) for m, how in found if how != How.NOT and kind.name in known_to(m)]


def _alert(member: Membership, event: Event, how: str) -> None:
    waits = Alert.ByMail.DAILY if how == How.DAILY else Alert.ByMail.NOTHING
    alert, made = Alert.objects.get_or_create(
        user=member.user,
        organization=member.organization,
        event=event,
        defaults={"kind": BY_TYPE[event.type].name, "by_mail": waits},
    )
    if made and how == How.AT_ONCE:
        context = {"alerts": [str(alert.pk)]}
        mails.post(member.organization, MAIL, to=member.user.email, context=context)


def send_daily() -> int:
    """Write to everybody for whom something has waited since the last daily mail; how many."""
    waiting: dict[tuple[Any, Any], list[Alert]] = defaultdict(list)
    rows = Alert.objects.filter(by_mail=Alert.ByMail.DAILY).select_related("organization", "user")
    for row in rows.order_by("id"):
        waiting[row.user_id, row.organization_id].append(row)
    return loops.each("mail alerts", waiting.values(), _send_daily, of=lambda rows: rows[0])


@transaction.atomic
def _send_daily(rows: list[Alert]) -> None:
    ids = [row.pk for row in rows]
    moved = Alert.objects.filter(pk__in=ids, by_mail=Alert.ByMail.DAILY)
    if moved.update(by_mail=Alert.ByMail.NOTHING):
        named = [str(pk) for pk in ids[:_NAMED]]
        context = {"alerts": named, "more": max(len(ids) - _NAMED, 0), "daily": True}
        mails.post(rows[0].organization, MAIL, to=rows[0].user.email, context=context)


def link_of(alert: Alert) -> str:
    """The page of what an alert is about, or of its company, within the portal."""
    kept: Any = alert.event.data
    for word, page in _PAGES:
        known = kept.get(word)
        if isinstance(known, dict) and known.get("id"):
            return reverse(f"portal:{page}_change", args=[known["id"]])
    if alert.event.organization_id != alert.organization_id:
        return reverse("portal:tenants_company_change", args=[alert.event.organization_id])
    return reverse("portal:index")


def _still_theirs(rows: list[Alert]) -> list[Alert]:
    """Those whose reader may know of them to this day: they may have left, or have another role."""
    members = Membership.objects.filter(
        user__in={row.user_id for row in rows},
        organization__in={row.organization_id for row in rows},
        user__is_active=True,
    ).select_related("organization__parent")
    known = {(one.user_id, one.organization_id): known_to(one) for one in members}
    return [row for row in rows if row.kind in known.get((row.user_id, row.organization_id), ())]


def _context(mail: Mail) -> dict[str, Any] | None:
    rows = Alert.objects.filter(pk__in=mail.context["alerts"]).select_related(
        "event__organization", "organization"
    )
    found = _still_theirs(list(rows.order_by("id")))
    if not found:
        return None
    address = domains.address_of(mail.organization.parent or mail.organization)
    bell = f"{address}{reverse('portal:tenants_alert_changelist')}"
    return {
        "alerts": [{"event": one.event, "company": one.event.organization.title} for one in found],
        "more": mail.context.get("more", 0),
        "daily": mail.context.get("daily", False),
        "link": f"{address}{link_of(found[0])}" if len(found) == 1 else bell,
        "bell": bell,
    }


MAIL = mails.declare("alert", _context)
