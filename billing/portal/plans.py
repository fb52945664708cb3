"""The plan of the organization: what it gives, what else there is, and what a change changes."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from billing.models import Plan, Subscription
from billing.services import subscriptions
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.models import Organization
from tenants.ui import display
from tenants.ui.operations import Ask, operation
from tenants.ui.outcomes import Done
from tenants.ui.pages import ReadOnly
from tenants.ui.scoped import ScopedAdmin, scope
from tenants.ui.sites import portal

_PAST = 12


@dataclass(frozen=True)
class OfferedPlan:
    """A plan as it is offered: its terms, whether it is the present one, what is in the way."""

    plan: Plan
    is_present: bool
    obstacle: str
    link: str

    @property
    def price(self) -> str:
        return display.money(self.plan.monthly_fee, self.plan.currency)

    @property
    def terms(self) -> list[tuple[Any, str]]:
        return terms(self.plan)


class AskSure(Ask):
    """Whether one is sure of another plan, after it was said what changes."""

    @property
    def render_before_template(self) -> str:
        own = memberships.organization(self.request)
        present = current(self.request, own)
        context = {
            "rows": comparison(present.plan if present else None, self.row),
            "sentences": consequences(present, self.row),
            "present": present,
            "plan": self.row,
        }
        return super().render_before_template + render_to_string(
            "portal/billing/plan_change.html", context
        )


@admin.register(Plan, site=portal)
class PlanPage(ReadOnly, ScopedAdmin):
    """The plans there are, beside each other, and the present one among them."""

    area = Area.BILLING
    list_display = ("name",)
    ordering = ("monthly_fee", "code")
    fields = ("name", "description")
    actions_detail = ("choose", "cancel")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        own = memberships.organization(request)
        present = current(request, own)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Plan"),
            "offers": self.offers(request, own, present),
            "present": present,
            "ended": present is None and own.document_quota == 0 and own.quota_is_hard,
            "past": scope(Subscription, request)
            .select_related("plan")
            .order_by("-started_at")[:_PAST],
            "payer": payer_of(own),
            "end": present and reverse("portal:billing_plan_cancel", args=[present.plan_id]),
            "may": self.may(request, self.choose.operation, None),
        }
        return TemplateResponse(request, "portal/billing/plans.html", context)

    def offers(
        self, request: HttpRequest, own: Organization, present: Subscription | None
    ) -> list[OfferedPlan]:
        """The plans that `own` may choose, the present one among them, by their price."""
        found = []
        for plan in self.get_queryset(request):
            is_present = present is not None and present.plan_id == plan.pk
            refusal = subscriptions.obstacle(own, plan, present.plan if present else None)
            link = reverse("portal:billing_plan_choose", args=[plan.pk])
            found.append(
                OfferedPlan(plan, is_present, display.refusal(refusal) if refusal else "", link)
            )
        return found

    def admits(self, request: HttpRequest, row: Any) -> bool:
        """Those who pay themselves choose."""
        return payer_of(memberships.organization(request)) is None

    @operation(
        _("Cancel the plan"),
        submit=_("Cancel at the end of the month"),
        description=_(
            "Your plan ends with the month. Then you and your companies can make and send nothing "
            "more until you choose a plan; what arrives is taken in, and what there is stays. "
            "Until then you can take it back by choosing the plan again."
        ),
        right=Right.CHANGE,
        icon="event_busy",
        variant=ActionVariant.DANGER,
        dialog=False,
    )
    def cancel(self, request: HttpRequest, row: Plan, answers: dict[str, Any]) -> Done:
        own = memberships.organization(request)
        made = subscriptions.cancel(own, by=memberships.actor(request))
        return Done(gettext("The plan ends %(day)s.") % {"day": display.day(made.ends_at)}, None)

    @operation(
        _("Change the plan"),
        ask=AskSure,
        submit=_("Change now"),
        right=Right.CHANGE,
        icon="swap_horiz",
        dialog=False,
    )
    def choose(self, request: HttpRequest, row: Plan, answers: dict[str, Any]) -> Done:
        own = memberships.organization(request)
        made = subscriptions.select(own, row, by=memberships.actor(request))
        return Done(gettext("%(plan)s is your plan now.") % {"plan": made.plan}, None)


def current(request: HttpRequest, own: Organization) -> Subscription | None:
    """The plan that `own`, the caller's organization, is on."""
    found: Subscription | None = (
        scope(Subscription, request).of(own).current().select_related("plan").first()
    )
    return found


def payer_of(own: Organization) -> Organization | None:
    """Who else pays for an organization, if not itself."""
    payer: Organization | None = own.bill_to or own.parent
    return payer if payer is not None and payer.pk != own.pk else None


def terms(plan: Plan) -> list[tuple[Any, str]]:
    """What a plan gives and takes besides its fee, as (what, how much)."""
    limit, day = plan.company_limit, plan.documents_per_day
    fee = display.money(plan.company_fee, plan.currency) if plan.company_fee else gettext("None")
    return [
        (_("Documents included"), display.count(plan.included_documents)),
        (_("When they are used up"), _beyond(plan)),
        (_("Each document of overage"), display.price(plan.overage_price, plan.currency)),
        (_("Documents sent a day"), gettext("Any number") if day is None else display.count(day)),
        (_("Companies"), gettext("Any number") if limit is None else display.count(limit)),
        (_("Fee for each company"), fee),
        (_("White label"), gettext("Yes") if plan.white_label else gettext("No")),
        (_("Calls a minute"), display.count(plan.requests_per_minute)),
        (_("Calls an hour"), display.count(plan.requests_per_hour)),
    ]


def _beyond(plan: Plan) -> str:
    return gettext("Sending stops") if plan.quota_is_hard else gettext("More are overage")


def comparison(present: Plan | None, plan: Plan) -> list[tuple[Any, str, str, bool]]:
    """Each term: what it is called, now, then, and whether it changes."""
    fee = (_("A month"), display.money(plan.monthly_fee, plan.currency))
    then = [fee, *terms(plan)]
    if present is None:
        return [(name, "–", value, True) for name, value in then]
    now = [display.money(present.monthly_fee, present.currency), *(v for _n, v in terms(present))]
    return [(name, was, value, was != value) for (name, value), was in zip(then, now, strict=True)]


def _days(number: int) -> str:
    return ngettext("%d day", "%d days", number) % number


def consequences(present: Subscription | None, plan: Plan) -> list[str]:
    """What follows from choosing `plan` today, in sentences."""
    if present is None:
        return [gettext("The plan begins today; this month is charged from today on.")]
    before, after = subscriptions.days_of_change(present, timezone.now().date())
    sentences = [
        gettext(
            "From today %(new)s holds. Of this month, %(before)s are charged at %(old)s and "
            "%(after)s at %(new)s."
        )
        % {"old": present.plan, "new": plan, "before": _days(before), "after": _days(after)}
    ]
    if present.plan.white_label and not plan.white_label:
        sentences.append(gettext("Your branding is no longer shown to your customers."))
    if not present.plan.is_offered:
        sentences.append(gettext("Your present plan is no longer offered: you cannot go back."))
    return sentences
