"""What this app tells staff of an organization at a glance: its plan, its quota, its statements."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.models import Statement, Subscription
from billing.services import quotas
from peppol.services.documents.usage import this_month
from tenants.models import Organization
from tenants.ui import display
from tenants.ui.tiles import Fact, Tile, added, listed, tile


@tile(75)
def plan(row: Organization) -> Tile | None:
    """The plan it is on and how much of it is used, for whoever pays for itself."""
    if row.parent_id is not None:
        return None
    current = Subscription.objects.filter(organization=row, ended_at=None)
    present = current.select_related("plan").first()
    facts = []
    if present is not None:
        link = reverse("admin:billing_plan_change", args=[present.plan_id])
        facts = [
            Fact(_("Plan"), present.plan.name, link),
            Fact(_("Since"), display.moment(present.started_at)),
            Fact(_("Used this month"), _quota(row)),
        ]
    last = Statement.objects.of(row).order_by("-id").first()
    if last is not None:
        total = display.money(last.total, last.currency)
        facts.append(Fact(last.number, total, listed("billing_statement", row)))
    return Tile(
        _("Plan and statements"),
        tuple(facts),
        empty=_("It is on no plan."),
        add=added("billing_subscription", row),
        add_text=_("Change the plan"),
    )


def _quota(row: Organization) -> str:
    quota = quotas.of(row, this_month())
    if quota.limit is None:
        return display.count(quota.used)
    said = gettext("%(used)s of %(quota)s") % {
        "used": display.count(quota.used),
        "quota": display.count(quota.limit),
    }
    if not quota.stops:
        return said
    return display.pill("failed", gettext("%(quota)s: sending is stopped") % {"quota": said})
