"""The reseller's registrations: put an identifier on the network, retry, take it off again."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from peppol import identifiers
from peppol.columns import (
    Dismissing,
    ParticipantColumns,
    is_held_up,
    is_with_us,
    try_all_again,
)
from peppol.models import Participant
from peppol.portal.transfers import AskKey
from peppol.services.registration import cards, participants, sending, transfers
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.errors import DomainError
from tenants.ui import display, filters
from tenants.ui.choices import AskFor, preselected, target
from tenants.ui.followed import Followed
from tenants.ui.operations import Ask, bulk, creation, more, operation
from tenants.ui.outcomes import Done
from tenants.ui.pages import ReadOnly
from tenants.ui.scoped import ScopedAdmin
from tenants.ui.sites import portal

State = Participant.State
_REGISTRABLE = (State.DRAFT, State.SENDS_ONLY, State.UNREGISTERING, State.UNREGISTERED)


class AskIdentifier(AskFor):
    """Which identifier to register."""

    identifier = forms.CharField(
        label=_("Peppol identifier"),
        max_length=140,
        help_text=_("Scheme and number, such as 0208:0403170701 for a Belgian company number."),
    )
    card_name = forms.CharField(
        label=_("Name on the business card"),
        max_length=255,
        required=False,
        help_text=_("Left empty, it is looked up in the company register, or the company's own."),
    )
    send_only = forms.BooleanField(
        label=_("Send only"),
        required=False,
        help_text=_("The company receives with another provider: nothing is registered here."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company = preselected(self.request)
        if not Participant.objects.filter(organization=company).exists():
            numbers = {"company_number": company.company_number, "vat_number": company.vat_number}
            proposed = identifiers.propose(company.country, **numbers)
            self.fields["identifier"].initial = str(proposed[0]) if proposed else ""

    def clean_identifier(self) -> str:
        text: str = self.cleaned_data["identifier"].strip()
        try:
            identifiers.parse(text)
        except DomainError as refusal:
            raise forms.ValidationError(display.refusal(refusal)) from None
        return text


class AskCard(Ask):
    """The name on the business card."""

    card_name = forms.CharField(label=_("Name on the business card"), max_length=255)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["card_name"].initial = self.row.card_name


def registration_said(row: Participant) -> str:
    """What to say to whoever has just asked for a registration."""
    names = {"identifier": row.identifier, "company": row.organization.title}
    if row.state == State.SENDS_ONLY:
        return gettext("%(company)s sends under %(identifier)s from now on.") % names
    if row.state == State.DRAFT and row.error_code:
        return display.said(row.last_error)
    if row.state == State.DRAFT:
        return gettext("%(identifier)s is registered once %(company)s is verified.") % names
    return gettext("%(identifier)s is being registered for %(company)s.") % names


@admin.register(Participant, site=portal)
class RegistrationPage(Dismissing, Followed, ParticipantColumns, ReadOnly, ScopedAdmin):
    """Identifiers of the organization and its companies, and how far each is on the network."""

    area = Area.REGISTRATIONS
    when_empty = _("Identifiers under which companies receive documents over Peppol.")
    in_events = "participant"
    follows = (*Participant.UNDER_WAY_STATES, State.UNREGISTERING)
    further = ("attempt_count", "last_error", "card_state", "directory_state")
    in_search = 2
    related = ("organization",)
    list_display = ("number", "state_badge", "card", "since", "trouble")
    list_filter = (
        filters.choice("state"),
        filters.condition(
            "attention",
            _("attention"),
            {"yes": (_("Needs a decision"), lambda rows: rows.needing_attention())},
        ),
        filters.related("organization", _("company")),
        filters.choice("environment"),
    )
    search_fields = ("value", "organization__name", "card_name")
    search_help_text = _("Number or company")
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": (("number", "state_badge"), ("card", "directory"), "cautions")}),
        (_("Progress"), {"fields": (("since", "next_attempt"), "trouble")}),
    )
    readonly_fields = (
        "number",
        "state_badge",
        "card",
        "directory",
        "cautions",
        "since",
        "next_attempt",
        "trouble",
    )
    actions = ("try_again",)
    actions_list = ("register",)
    actions_detail = (
        "retry",
        "register_noted",
        "send_only",
        "await_release",
        "take_over",
        "dismiss",
        "rename_card",
        more("hand_over", "unregister"),
    )

    @creation(
        _("Register an identifier"),
        ask=AskIdentifier,
        submit=_("Register"),
        icon="add_link",
    )
    def register(self, request: HttpRequest, answers: dict[str, Any]) -> Done:
        organization = self.chosen(request, target(request, answers))
        by = memberships.actor(request)
        if answers.pop("send_only"):
            row = sending.send_only(organization, answers["identifier"], by=by)
        else:
            row = participants.register(organization, by=by, **answers)
        return Done(registration_said(row), row)

    @operation(_("Try again"), right=Right.CHANGE, when=is_held_up, icon="refresh")
    def retry(self, request: HttpRequest, row: Participant, answers: dict[str, Any]) -> str:
        participants.retry(row, by=memberships.actor(request))
        return gettext("%(identifier)s is tried again.") % {"identifier": row.identifier}

    @operation(
        _("Take it over"),
        description=_("With the other provider's migration key the identifier moves to us."),
        ask=AskKey,
        right=Right.CHANGE,
        when=lambda row: row.state == State.ELSEWHERE and not is_with_us(row),
        icon="login",
    )
    def take_over(self, request: HttpRequest, row: Participant, answers: dict[str, Any]) -> str:
        transfers.take_over(row, answers["key"], by=memberships.actor(request))
        return gettext("%(identifier)s is being taken over.") % {"identifier": row.identifier}

    @operation(
        _("Send only"),
        description=_(
            "The company receives with another provider, and sends from here under this "
            "identifier. Nothing is registered; that can be done later."
        ),
        right=Right.CHANGE,
        when=lambda row: row.state in sending.FROM and not is_with_us(row),
        icon="outgoing_mail",
    )
    def send_only(self, request: HttpRequest, row: Participant, answers: dict[str, Any]) -> str:
        made = sending.send_only(row.organization, row.identifier, by=memberships.actor(request))
        return registration_said(made)

    @operation(
        _("Register once it is free"),
        description=_(
            "The company has the other provider release it; we look every few minutes, and "
            "register it as soon as it is free. That can be cancelled as a transfer."
        ),
        right=Right.CHANGE,
        when=lambda row: row.state == State.ELSEWHERE and not is_with_us(row),
        icon="hourglass_top",
    )
    def await_release(self, request: HttpRequest, row: Participant, answers: dict[str, Any]) -> str:
        transfers.await_release(row, by=memberships.actor(request))
        names = {"identifier": row.identifier}
        return gettext("%(identifier)s is registered as soon as it is free.") % names

    @operation(
        _("Move to another provider"),
        description=_("Prepares a migration key for the new provider. Nothing ends yet."),
        right=Right.CHANGE,
        when=lambda row: row.state == State.ACTIVE,
        icon="logout",
    )
    def hand_over(self, request: HttpRequest, row: Participant, answers: dict[str, Any]) -> str:
        transfers.hand_over(row, by=memberships.actor(request))
        return gettext("The migration key is being prepared: see the transfers.")

    @operation(
        _("Change the business card"),
        ask=AskCard,
        right=Right.CHANGE,
        when=lambda row: row.state in Participant.HOLDING_STATES,
        icon="contact_page",
    )
    def rename_card(self, request: HttpRequest, row: Participant, answers: dict[str, Any]) -> str:
        cards.rename(row, by=memberships.actor(request), **answers)
        return gettext("The business card is being published.")

    @operation(
        _("Take off the network"),
        description=_("The company can no longer be reached under this identifier."),
        right=Right.CHANGE,
        when=lambda row: row.state in Participant.HOLDING_STATES and row.state != "unregistering",
        icon="link_off",
        variant=ActionVariant.DANGER,
    )
    def unregister(self, request: HttpRequest, row: Participant, answers: dict[str, Any]) -> str:
        participants.unregister(row, by=memberships.actor(request))
        return gettext("%(identifier)s is being taken off the network.") % {
            "identifier": row.identifier
        }

    @operation(
        _("Register"),
        description=_("The company receives under it here from then on."),
        right=Right.CHANGE,
        when=lambda row: row.state in _REGISTRABLE,
        icon="add_link",
    )
    def register_noted(
        self, request: HttpRequest, row: Participant, answers: dict[str, Any]
    ) -> str:
        by = memberships.actor(request)
        made = participants.register(row.organization, row.identifier, by=by)
        return registration_said(made)

    @bulk(_("Try again"), right=Right.CHANGE)
    def try_again(self, request: HttpRequest, rows: QuerySet[Participant]) -> None:
        try_all_again(request, rows)
