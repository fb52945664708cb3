"""The links by which companies' own people do one thing without an account: made, listed, sent."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from import_export import fields
from import_export.resources import ModelResource

from tenants.access import memberships
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.models import ClientLink, Company
from tenants.services import client_links, client_origins, client_requests
from tenants.services.client_requests import Asked
from tenants.ui import display, filters
from tenants.ui.exports import Exportable
from tenants.ui.operations import Ask, creation, operation
from tenants.ui.outcomes import Redirect
from tenants.ui.pages import ReadOnly
from tenants.ui.revelations import Revelation, Secret
from tenants.ui.scoped import ScopedAdmin, scope
from tenants.ui.sites import portal

State = ClientLink.State
# The companies that were ticked in their list, for the page that asks what to ask them.
CHOSEN = "companies_to_ask"


def purposes() -> list[tuple[str, Any]]:
    """The purposes to choose from."""
    return [(one.name, one.title) for one in client_links.PURPOSES.values()]


def title_of(link: ClientLink) -> str:
    """What a link is for, in words."""
    known = client_links.PURPOSES.get(link.purpose)
    return str(known.title) if known else link.purpose


class ReturnUrl(forms.CharField):
    """Where a client goes when all is done; not asked where the platform allows no site."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Then back to"),
            required=False,
            max_length=2000,
            help_text=_("An https address of a site that your settings allow, or nothing."),
        )


class AskClients(Ask):
    """What to ask of the companies that were ticked, or of all that lack something."""

    whom = forms.ChoiceField(label=_("Whom"), widget=forms.RadioSelect)
    purpose = forms.ChoiceField(label=_("What for"), required=False)
    by_mail = forms.BooleanField(
        label=_("Send the links by mail"),
        required=False,
        help_text=_("To the address of each company, where there is one. You get the list anyway."),
    )
    return_url = ReturnUrl()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = len(self.request.session.get(CHOSEN, []))
        ticked = ngettext(
            "The company that you ticked", "The %(n)s companies that you ticked", chosen
        )
        whom = [("chosen", ticked % {"n": chosen})] if chosen else []
        self.fields["whom"].choices = [*whom, ("lacking", _("All that lack something"))]
        self.fields["whom"].initial = "chosen" if chosen else "lacking"
        first = ("", _("What each lacks, one thing after the other"))
        self.fields["purpose"].choices = [first, *purposes()]
        if not client_origins.of(memberships.organization(self.request)):
            del self.fields["return_url"]


class LinkResource(ModelResource):
    """A link in a download; for whoever may make one, with its address while it opens anything."""

    company = fields.Field("organization__name", "company")
    number = fields.Field("organization__company_number", "number")
    email = fields.Field("organization__email", "email")
    link = fields.Field(column_name="link")

    class Meta:
        model = ClientLink
        fields = ("id", "company", "number", "email", "purpose", "link", "expires_at")
        export_order = fields

    def __init__(self, *, with_addresses: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.with_addresses = with_addresses

    def dehydrate_link(self, row: ClientLink) -> str:
        shown = self.with_addresses and row.state == State.OPEN
        return client_links.address_of(row) if shown else ""


@admin.register(ClientLink, site=portal)
class ClientLinkPage(Exportable, ReadOnly, ScopedAdmin):
    """Links that were made, and what became of them. Whoever may make one may see its address."""

    area = Area.COMPANIES
    in_events = "link"
    related = ("organization__parent",)
    resource_classes = (LinkResource,)
    list_display = ("client", "purpose_label", "state_badge", "sent", "made", "until")
    list_filter = (
        filters.condition(
            "state",
            _("state"),
            {
                "open": (_("Open"), lambda rows: rows.open()),
                "used": (_("Done"), lambda rows: rows.exclude(used_at=None)),
            },
        ),
        filters.related("organization", _("company")),
        filters.period("created_at", _("created")),
    )
    search_fields = ("organization__name", "sent_to")
    search_help_text = _("Company or address")
    when_empty = _("Addresses by which your clients complete their details without an account.")
    ordering = ("-id",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("client", "purpose_label"),
                    ("state_badge", "sent"),
                    ("made", "until"),
                    ("opened", "used"),
                )
            },
        ),
    )
    readonly_fields = (
        "client",
        "purpose_label",
        "state_badge",
        "sent",
        "made",
        "until",
        "opened",
        "used",
    )
    actions_list = ("ask_clients",)
    actions_detail = ("show_address", "revoke")

    def get_export_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        # Who knows an address may do what it is for.
        return {"with_addresses": self.opens(request, Right.CREATE, platforms=True)}

    @admin.display(description=_("Company"), ordering="organization__name")
    def client(self, row: ClientLink) -> str:
        return row.organization.title

    @admin.display(description=_("What for"), ordering="purpose")
    def purpose_label(self, row: ClientLink) -> str:
        return title_of(row)

    @admin.display(description=_("State"))
    def state_badge(self, row: ClientLink) -> str:
        return display.pill(row.state, row.get_state_display())

    @admin.display(description=_("Sent to"))
    def sent(self, row: ClientLink) -> str:
        return row.sent_to or "–"

    @admin.display(description=_("Created"), ordering="created_at")
    def made(self, row: ClientLink) -> str:
        return display.moment(row.created_at)

    @admin.display(description=_("Good until"), ordering="expires_at")
    def until(self, row: ClientLink) -> str:
        return display.moment(row.expires_at)

    @admin.display(description=_("Opened"))
    def opened(self, row: ClientLink) -> str:
        return display.moment(row.opened_at)

    @admin.display(description=_("Done"))
    def used(self, row: ClientLink) -> str:
        return display.moment(row.used_at)

    @creation(
        _("Ask clients"),
        platforms=True,
        ask=AskClients,
        submit=_("Make the links"),
        description=_("Each link is for one company, opens once and is good for three days."),
        icon="add_link",
    )
    def ask_clients(self, request: HttpRequest, answers: dict[str, Any]) -> Any:
        whom, own = answers.pop("whom"), memberships.organization(request)
        companies = scope(Company, request).filter(parent=own).order_by("name", "id")
        if whom == "chosen":
            companies = companies.filter(pk__in=request.session.get(CHOSEN, []))
        else:
            companies = client_requests.lacking(companies, answers["purpose"])
        asked = client_requests.ask(companies, by=memberships.actor(request), **answers)
        request.session.pop(CHOSEN, None)
        return self._told(request, asked)

    def _told(self, request: HttpRequest, asked: Asked) -> Redirect:
        self.message_user(request, said_of(asked))
        return Redirect(f"{reverse('portal:tenants_clientlink_changelist')}?state=open")

    @operation(
        _("Show the address"),
        description=_("Give it to the company's own people only: whoever has it may use it."),
        right=Right.CHANGE,
        when=lambda row: row.state == State.OPEN,
        icon="link",
        dialog=False,
    )
    def show_address(self, request: HttpRequest, row: ClientLink, answers: Any) -> Revelation:
        return revealed(row)

    @operation(
        _("Take back"),
        description=_("It opens nothing any more, at once."),
        right=Right.CHANGE,
        when=lambda row: row.state in (State.OPEN, State.OPENED),
        icon="link_off",
    )
    def revoke(self, request: HttpRequest, row: ClientLink, answers: dict[str, Any]) -> str:
        client_links.revoke(row, by=memberships.actor(request))
        return gettext("The link is taken back.")


def said_of(asked: Asked) -> str:
    """What came of asking many, in a sentence."""
    made = ngettext("%(n)s link was made.", "%(n)s links were made.", len(asked.links))
    said = [made % {"n": len(asked.links)}]
    if asked.mailed:
        sent = ngettext(
            "%(n)s is on its way by mail.", "%(n)s are on their way by mail.", asked.mailed
        )
        said.append(sent % {"n": asked.mailed})
    if asked.nothing_lacks:
        rest = ngettext(
            "%(n)s company was left out: it lacks nothing, or is suspended.",
            "%(n)s companies were left out: they lack nothing, or are suspended.",
            asked.nothing_lacks,
        )
        said.append(rest % {"n": asked.nothing_lacks})
    return " ".join(said)


def revealed(link: ClientLink, row: Any = None) -> Revelation:
    """The address of a link, for the page that shows it."""
    return Revelation(
        title=title_of(link),
        note=gettext("For %(company)s. It opens once, and is good until %(until)s UTC.")
        % {"company": link.organization.title, "until": f"{link.expires_at:%Y-%m-%d %H:%M}"},
        secrets=(Secret(_("Address"), client_links.address_of(link), "link.txt"),),
        row=row,
        again=gettext("It can be shown again while it is open. Whoever has it may use it."),
    )
