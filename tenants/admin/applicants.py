"""What a reviewer is shown of an applicant: its profile, its people, its past, what it was sent."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenants.models import Mail, Membership, Organization, PlatformApplication, User
from tenants.ui import display
from tenants.ui.tiles import Fact, Tile, listed

# Of people, applications and mails so many are named.
_MOST = 5


def profile(applicant: Organization) -> Tile:
    """What the applicant says of itself."""
    place = f"{applicant.postal_code} {applicant.city}".strip()
    address = [part for part in (applicant.address_line1, place) if part]
    told = (
        (_("Legal name"), applicant.legal_name),
        (_("Company number"), applicant.company_number and display.code(applicant.company_number)),
        (_("VAT number"), applicant.vat_number and display.code(applicant.vat_number)),
        (_("Address"), address and display.lines(address[0], *address[1:])),
        (_("E-mail address"), applicant.email),
        (_("Phone"), applicant.phone),
    )
    page = reverse("admin:tenants_organization_change", args=[applicant.pk])
    facts = [Fact(_("Organization"), applicant.title, page)]
    return Tile(_("Applicant"), (*facts, *(Fact(name, text or "–") for name, text in told)))


def people(applicant: Organization) -> Tile:
    """Its members, and whether their addresses are confirmed."""
    confirmed = Exists(User.objects.filter(pk=OuterRef("user"), emailaddress__verified=True))
    members = (
        Membership.objects.of(applicant)
        .select_related("user")
        .annotate(is_confirmed=confirmed)
        .order_by("id")[:_MOST]
    )
    return Tile(_("People"), tuple(map(_person, members)), empty=_("Nobody can sign in to it."))


def _person(member: Any) -> Fact:
    person = member.user
    page = reverse("admin:tenants_user_change", args=[person.pk])
    state = ("active", _("Confirmed")) if member.is_confirmed else ("pending", _("Not confirmed"))
    name = display.lines(member.get_role_display(), display.pill(*state))
    return Fact(name, display.lines(person, person.email if person.get_full_name() else ""), page)


def earlier(application: PlatformApplication) -> Tile:
    """Applications of others with the same number, or with people in common."""
    applicant = application.organization
    people = Membership.objects.of(applicant).values("user")
    same = Q(organization__in=Membership.objects.filter(user__in=people).values("organization"))
    for name in ("vat_number", "company_number"):
        if getattr(applicant, name):
            same |= Q(**{f"organization__{name}": getattr(applicant, name)})
    others = PlatformApplication.objects.filter(same).exclude(pk=application.pk)
    facts = tuple(
        Fact(
            display.pill(one.state, one.get_state_display()),
            one.organization.title,
            reverse("admin:tenants_platformapplication_change", args=[one.pk]),
        )
        for one in others.select_related("organization").order_by("-submitted_at")[:_MOST]
    )
    return Tile(_("Other applications"), facts, empty=_("None by these people or numbers."))


def mails(applicant: Organization) -> Tile:
    """What it was sent, the latest first."""
    found = Mail.objects.filter(organization=applicant).order_by("-id")[:_MOST]
    facts = tuple(
        Fact(
            display.lines(mail.template.replace("_", " ").capitalize(), mail.to),
            display.lines(
                display.pill(mail.state, mail.get_state_display()), display.moment(mail.created_at)
            ),
        )
        for mail in found
    )
    if facts:
        facts += (Fact("", _("All mails"), listed("tenants_mail", applicant)),)
    return Tile(_("Mails"), facts, empty=_("None was sent to it yet."))
