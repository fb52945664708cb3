"""What is still needed of companies' own people: which companies, and links for many at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from tenants.actors import Actor
from tenants.errors import Invalid
from tenants.models import ClientLink, Organization
from tenants.services import client_links

# So many are asked at a time; their links are made in one transaction.
MOST = 1000


@dataclass(frozen=True)
class Asked:
    """What came of asking many: the links, how many were mailed, and whom there was nothing to
    ask of."""

    links: list[ClientLink]
    mailed: int
    nothing_lacks: int


def lacking(companies: QuerySet[Any], purpose: str = "") -> QuerySet[Any]:
    """Of `companies`, those that lack what `purpose` is for, or anything at all."""
    found = companies.none()
    for one in _purposes(purpose):
        if one.lacking is not None:
            found = found | one.lacking(companies)
    return found


@transaction.atomic
def ask(
    companies: QuerySet[Any],
    *,
    by: Actor,
    purpose: str = "",
    return_url: str = "",
    by_mail: bool = False,
) -> Asked:
    """Make a link for each of `companies`: for `purpose`, or else for the first that it lacks.

    With `by_mail` those that have an address are written to. Companies that are stopped, and those
    that lack nothing where no purpose is named, are left out.
    Raises Invalid for more than a thousand.
    """
    chosen = list(companies.select_related("parent")[: MOST + 1])
    if len(chosen) > MOST:
        raise Invalid(
            "At most %(most)s companies are asked at a time.",
            values={"most": MOST},
            code="too_many",
        )
    wanted = _wanted(chosen, purpose)
    made = [
        client_links.make(
            company,
            wanted[company.pk],
            by=by,
            return_url=return_url,
            send_to=company.email if by_mail else "",
        )
        for company in chosen
        if company.pk in wanted and client_links.may_be_visited(company)
    ]
    mailed = sum(bool(link.sent_to) for link in made)
    return Asked(made, mailed, len(chosen) - len(made))


def _wanted(companies: Iterable[Organization], purpose: str) -> dict[Any, str]:
    """For which purpose each company is asked."""
    ids = [company.pk for company in companies]
    if purpose:
        return dict.fromkeys(ids, purpose)
    found: dict[Any, str] = {}
    rows = Organization.objects.filter(pk__in=ids)
    for one in _purposes(""):
        if one.lacking is not None:
            for pk in one.lacking(rows).values_list("pk", flat=True):
                found.setdefault(pk, one.name)
    return found


def _purposes(name: str) -> list[client_links.Purpose]:
    known = client_links.PURPOSES
    return [known[name]] if name in known else list(known.values())
