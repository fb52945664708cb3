"""What is wrong: for whom, since when, and where to do something about it."""

from config.dashboards.operator import organization_incidents, outages
from config.dashboards.parts import AttentionItem, Incident

# Of each kind so many are named; how many more there are is said in one line.
_MOST = 20


def current() -> tuple[list[Incident], list[AttentionItem]]:
    """Everything that is wrong, and what there is more of than can be named.

    What keeps everybody's work from being done comes first, then the oldest.

    A bounded number of queries and rows, however much is wrong.
    """
    found, more = list(outages.now()), []
    for kind in organization_incidents.kinds():
        rows = list(kind.rows[: _MOST + 1])
        found += [kind.tell(row) for row in rows[:_MOST]]
        if len(rows) > _MOST:
            others = kind.rows.count() - _MOST
            more.append(AttentionItem(kind.others % others, kind.link, kind.icon))
    return sorted(found, key=lambda incident: (not incident.grave, incident.since)), more
