"""What this app tells staff of an organization at a glance: itself, its companies, its people."""

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tenants import tallies
from tenants.models import Environment, Event, Invitation, Membership, Organization, Role
from tenants.ui import display
from tenants.ui.tiles import Fact, Tile, listed, tile


@tile(10)
def account(row: Organization) -> Tile:
    """Who it is and since when, and when something last happened to it."""
    last = Event.objects.filter(organization=row).order_by("-id").first()
    facts = [
        Fact(_("Kind"), display.pill(row.kind, row.get_kind_display())),
        Fact(_("Country"), row.country or "–"),
        Fact(_("Created"), display.moment(row.created_at)),
        Fact(
            _("Last activity"),
            display.moment(last.occurred_at if last else None),
            listed("tenants_event", row),
        ),
    ]
    if row.parent is not None:
        link = reverse("admin:tenants_organization_change", args=[row.parent_id])
        facts.insert(1, Fact(_("Platform"), row.parent.title, link))
    if row.test_mode or row.environment == Environment.TEST:
        said = _("Test mode") if row.test_mode else _("Test environment")
        facts.append(Fact(_("Network"), display.pill("test", said)))
    return Tile(_("Organization"), tuple(facts))


@tile(20)
def entitlements(row: Organization) -> Tile:
    """What its plan, or staff, allow it."""
    facts = [
        Fact(_("Documents a month"), _quota(row)),
        Fact(_("Documents sent a day"), _any_or(row.documents_per_day)),
        Fact(_("Requests a minute"), display.count(row.requests_per_minute)),
        Fact(_("Requests an hour"), display.count(row.requests_per_hour)),
    ]
    if row.is_platform:
        yes = display.pill("enabled", _("Yes")) if row.white_label else _("No")
        facts = [Fact(_("Companies"), _any_or(row.company_limit)), *facts]
        facts.append(Fact(_("Own branding"), yes))
    change = reverse("admin:tenants_organization_entitle", args=[row.pk])
    return Tile(_("Entitlements"), tuple(facts), add=change, add_text=_("Change"), dialog=True)


@tile(30)
def companies(row: Organization) -> Tile | None:
    """The companies of a platform by state."""
    if not row.is_platform:
        return None
    found = tallies.of(row)["managed"]
    page = f"{reverse('admin:tenants_organization_changelist')}?parent={row.pk}&deleted=no"
    facts = tuple(
        Fact(display.pill(status, name), display.count(found[status]), f"{page}&status={status}")
        for status, name in Organization.Status.choices
        if found[status]
    )
    return Tile(_("Companies"), facts, empty=_("It manages no company yet."))


@tile(80)
def people(row: Organization) -> Tile:
    """Its members by role, whose address is not confirmed, and who is invited."""
    members = Membership.objects.filter(organization=row)
    counts = dict(members.order_by().values_list("role").annotate(n=Count("pk")))
    own = f"{reverse('admin:tenants_membership_changelist')}?organization={row.pk}"
    facts = [
        Fact(name, display.count(counts[role]), f"{own}&role={role}")
        for role, name in Role.choices
        if role in counts
    ]
    doubtful = members.unconfirmed().count()
    if doubtful:
        said = ngettext("%d not confirmed", "%d not confirmed", doubtful) % doubtful
        link = f"{own}&address=unconfirmed"
        facts.append(Fact(_("E-mail addresses"), display.pill("pending", said), link))
    invited = Invitation.objects.of(row).unanswered().count()
    if invited:
        link = f"{reverse('admin:tenants_invitation_changelist')}?organization={row.pk}&open=yes"
        facts.append(Fact(_("Invited"), display.count(invited), link))
    invite = reverse("admin:tenants_organization_invite", args=[row.pk])
    return Tile(
        _("People"),
        tuple(facts),
        empty=_("Nobody can sign in to it."),
        add=invite,
        add_text=_("Invite"),
        dialog=True,
    )


def _quota(row: Organization) -> str:
    if row.document_quota is None or not row.quota_is_hard:
        return _any_or(row.document_quota)
    return gettext("%(n)s, then sending stops") % {"n": display.count(row.document_quota)}


def _any_or(limit: int | None) -> str:
    return display.count(limit) if limit is not None else gettext("No limit")
