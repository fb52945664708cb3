"""Writes to how a person likes to see a list. They concern nobody else: no event tells of them."""

from collections.abc import Sequence

from django.db import transaction

from tenants.errors import Invalid
from tenants.models import ListView, Organization, User

# More than these nobody finds again in a row of names.
MOST = 12


@transaction.atomic
def keep(organization: Organization, user: User, page: str, *, name: str, query: str) -> ListView:
    """Keep what the address of a list says under a name; one of this name is replaced.

    Raises Invalid when there are too many already.
    """
    mine = ListView.objects.filter(organization=organization, user=user, page=page)
    if mine.exclude(name__in=("", name)).count() >= MOST:
        raise Invalid("These are as many views as there may be. Delete one first.", code="too_many")
    view, _made = ListView.objects.update_or_create(
        organization=organization, user=user, page=page, name=name, defaults={"query": query}
    )
    return view


def forget(view: ListView) -> None:
    """Throw a view away."""
    view.delete()


def choose_columns(
    organization: Organization, user: User, page: str, columns: Sequence[str]
) -> ListView:
    """Show a person these columns of a list from now on; the usual ones without any."""
    view, _made = ListView.objects.update_or_create(
        organization=organization,
        user=user,
        page=page,
        name="",
        defaults={"columns": list(columns)},
    )
    return view
