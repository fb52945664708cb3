"""What this app tells staff of an organization at a glance: the network, and its documents."""

from dataclasses import replace

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from peppol.models import Identification, Participant
from peppol.services.documents import usage
from tenants import tallies
from tenants.models import Organization
from tenants.ui import display
from tenants.ui.tiles import Fact, Tile, added, counted, listed, tile


@tile(40)
def network(row: Organization) -> Tile:
    """Its registrations by state."""
    counts = tallies.of(row)["participant"]
    states = [(key, name, counts[key]) for key, name in Participant.State.choices]
    facts = counted("peppol_participant", row, "state", states)
    return Tile(_("Peppol registrations"), facts, empty=_("None yet."))


@tile(45)
def identified(row: Organization) -> Tile:
    """Who it is, as somebody verified it; of a platform, how far its companies are with that."""
    if row.is_platform:
        rows = Identification.objects.visible_to(row).order_by()
        found = dict(rows.values_list("state").annotate(n=Count("pk")))
        states = [(key, name, found.get(key, 0)) for key, name in Identification.State.choices]
        facts = counted("peppol_identification", row, "state", states)
        return Tile(_("Identification"), facts, empty=_("Nobody was asked yet."))
    asks = Tile(_("Identification"), (), _("It was not asked yet."))
    one = Identification.objects.of(row).first()
    if one is None:
        add = added("peppol_identification", row)
        return replace(asks, add=add, add_text=_("Ask"))
    page = reverse("admin:peppol_identification_change", args=[one.pk])
    state = Fact(_("State"), display.pill(one.state, one.get_state_display()), page)
    until = Fact(_("Valid until"), display.day(one.valid_until))
    return replace(asks, facts=(state, until))


@tile(70)
def documents(row: Organization) -> Tile:
    """A tile with what the organization exchanged this month."""
    month = usage.this_month()
    days = usage.days(row).between(*usage.month_of(month)).filter(environment="live")
    totals = days.totals()
    since = {"created_at_from": month.isoformat(), "environment": "live"}

    def found(**narrowed: str) -> str:
        return listed("peppol_document", row, **since, **narrowed)

    facts = [
        Fact(_("Sent"), display.count(totals["sent"]), found(direction="outbound")),
        Fact(_("Received"), display.count(totals["received"]), found(direction="inbound")),
    ]
    if totals["failed"]:
        failed = display.pill("failed", display.count(totals["failed"]))
        facts.append(Fact(_("Failed"), failed, found(wrong="failed")))
    facts.append(Fact(_("Usage"), _("By company"), listed("peppol_monthlyusage", row)))
    return Tile(_("Documents this month"), tuple(facts))
