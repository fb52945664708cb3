"""Lists as this surface sorts, filters and pages them: two or three queries each, however long."""

from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from apikeys.models import ApiKey
from config.api.fiskaly import ids
from config.api.kit.paths import NOBODY
from tenants.models import Environment, Invitation, Membership, Organization

# What somebody has made besides their companies; whoever has made more waits for all to be sorted.
_FEW = 500
# Their words for what our columns are called.
_COLUMNS = {
    "id": "pk",
    "zip": "postal_code",
    "town": "city",
    "vat_id": "vat_number",
    "created_at": "created_at",
    "status": "shown_status",
}


def organizations(rows: Any, query: dict[str, Any]) -> Any:
    """Those of `rows` that a query asks for (FIS-11)."""
    if query.get("type"):
        managed = Q(kind=Organization.Kind.MANAGED)
        rows = rows.filter(managed if query["type"].startswith("MANAGED") else ~managed)
    if query.get("env") == "LIVE":
        rows = rows.filter(environment=Environment.LIVE)
    if query.get("managed_by_organization_id"):
        rows = rows.filter(parent=ids.read(query["managed_by_organization_id"]) or NOBODY)
    return rows


def keys(of: Organization, query: dict[str, Any]) -> QuerySet[ApiKey]:
    """An organization's keys that were not revoked, with `shown_status` to sort by."""
    now = timezone.now()
    usable = Q(disabled_at=None) & (Q(expires_at=None) | Q(expires_at__gt=now))
    status = Case(When(usable, then=Value("enabled")), default=Value("disabled"))
    found = ApiKey.objects.live().of(of).select_related("organization")
    rows = found.annotate(shown_status=status)
    return rows.filter(shown_status=query["status"]) if query.get("status") else rows


def part(rows: Any, query: dict[str, Any]) -> list[Any]:
    """The part that is wanted. Sorting ids alone keeps a far page as cheap as a near one."""
    order, window = _order(query), _window(query)
    ids = list(rows.order_by(*order).values_list("pk", flat=True)[window])
    found = rows.in_bulk(ids)
    return [found[id] for id in ids if id in found]


def part_of_two(rows: Any, many: Any, few: Any, query: dict[str, Any]) -> list[Any]:
    """The same of `rows` that are `many` companies, and a `few` others.

    The many are read by the index of their names, as far as the page. Of `n` others at the most
    `n` stand before any company, so that with so many companies more the page is among them.
    """
    order, window = _order(query), _window(query)
    others = list(few.order_by().values_list("pk", flat=True)[: _FEW + 1])
    if len(others) > _FEW:
        return part(rows, query)
    before = max(0, window.start - len(others))
    ids = many.order_by(*order).values_list("pk", flat=True)[before : window.stop]
    among = rows.filter(pk__in=[*others, *ids]).order_by(*order)
    return list(among[window.start - before : window.stop - before])


def _order(query: dict[str, Any]) -> tuple[str, str]:
    column = _COLUMNS.get(query["order_by"], query["order_by"])
    sign = "-" if query["order"] == "desc" else ""
    return f"{sign}{column}", f"{sign}pk"


def _window(query: dict[str, Any]) -> slice:
    return slice(query["offset"], query["offset"] + query["limit"])


_PEOPLE = {"id": "person", "email": "address", "first_name": "first", "last_name": "last"}
_ASKED = {"email": "address", "first_name": "first", "last_name": "last"}


def people(of: Organization, query: dict[str, Any]) -> tuple[list[dict[str, Any]], int]:
    """Members and those who are invited, sorted together, and how many they are."""
    asked = {f"{ours}__iexact": query[name] for name, ours in _ASKED.items() if query.get(name)}
    members, invited = (rows.filter(**asked) for rows in (_members(of), _invited(of)))
    sign = "-" if query["order"] == "desc" else ""
    window = slice(query["offset"], query["offset"] + query["limit"])
    both = members.union(invited, all=True)
    rows = both.order_by(f"{sign}{_PEOPLE[query['order_by']]}", f"{sign}person")[window]
    return [{**row, "organization": of} for row in rows], members.count() + invited.count()


def _members(of: Organization) -> Any:
    rows = Membership.objects.of(of).order_by()
    return rows.values(
        person=F("user_id"),
        address=F("user__email"),
        first=F("user__first_name"),
        last=F("user__last_name"),
    )


def _invited(of: Organization) -> Any:
    open_ = Invitation.objects.of(of).unanswered().filter(expires_at__gt=timezone.now())
    return open_.order_by().values(
        person=F("id"), address=F("email"), first=F("first_name"), last=F("last_name")
    )
