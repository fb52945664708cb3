"""The operator's plans, and which organization is on which."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from billing.models import Plan, Subscription
from billing.services import subscriptions
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.ui import display, filters
from tenants.ui.operations import Ask, creation, operation
from tenants.ui.pages import ReadOnly
from tenants.ui.staff import AskForAny, Creatable, StaffPage


class AskPlan(AskForAny):
    """Which organization, on which plan."""

    plan = forms.ModelChoiceField(Plan.objects.order_by("monthly_fee"), label=_("Plan"))


class AskEnd(Ask):
    """When a plan ends, and why."""

    now = forms.BooleanField(
        label=_("End it today"),
        help_text=_("Else it ends with the month, which is charged in full."),
        required=False,
    )
    reason = forms.CharField(label=_("Reason"), max_length=500)


@admin.register(Plan)
class PlanPage(Creatable, StaffPage):
    """The plans: what an organization gets on each and what it costs."""

    list_display = ("title", "price", "overage", "limit", "offered", "subscribers")
    list_filter = (
        filters.choice("is_offered", _("offered"), options=((1, _("Yes")), (0, _("No")))),
    )
    search_fields = ("code", "name")
    ordering = ("monthly_fee", "code")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "code"),
                    "description",
                    ("is_offered", "platform"),
                    ("white_label", "verify_companies"),
                )
            },
        ),
        (
            _("Price"),
            {
                "fields": (
                    ("monthly_fee", "currency"),
                    ("included_documents", "overage_price"),
                    "quota_is_hard",
                    "company_fee",
                )
            },
        ),
        (
            _("Limits"),
            {
                "fields": (
                    ("company_limit", "documents_per_day"),
                    ("requests_per_minute", "requests_per_hour"),
                )
            },
        ),
    )
    show_add_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Plan]:
        current = Count("subscriptions", filter=Q(subscriptions__ended_at=None))
        return super().get_queryset(request).annotate(subscriber_count=current)

    def save_model(self, request: HttpRequest, obj: Plan, form: Any, change: bool) -> None:
        # A plan belongs to no organization, so no audit trail of one would tell of this.
        subscriptions.save_plan(obj)
        log = ModelAdmin.log_change if change else ModelAdmin.log_addition
        log(self, request, obj, [{"changed": {"fields": form.changed_data}}])

    @admin.display(description=_("Plan"), ordering="name")
    def title(self, row: Plan) -> str:
        return display.lines(row.name, display.code(row.code))

    @admin.display(description=_("A month"), ordering="monthly_fee")
    def price(self, row: Plan) -> str:
        return display.money(row.monthly_fee, row.currency)

    @admin.display(description=_("Documents"))
    def overage(self, row: Plan) -> str:
        each = gettext("then %(price)s each") % {
            "price": display.price(row.overage_price, row.currency)
        }
        beyond = gettext("then sending stops") if row.quota_is_hard else each
        return display.lines(row.included_documents, beyond)

    @admin.display(description=_("Companies"), ordering="company_limit")
    def limit(self, row: Plan) -> Any:
        return row.company_limit if row.company_limit is not None else _("Any number")

    @admin.display(description=_("Offered"), boolean=True, ordering="is_offered")
    def offered(self, row: Plan) -> bool:
        return row.is_offered

    @admin.display(description=_("Subscribers"), ordering="subscriber_count")
    def subscribers(self, row: Any) -> int:
        return row.subscriber_count


@admin.register(Subscription)
class SubscriptionPage(Creatable, ReadOnly, StaffPage):
    """Which organization is, or was, on which plan."""

    related = ("organization", "plan")
    list_display = ("organization", "plan", "since", "until")
    list_filter = (
        filters.related("organization"),
        filters.condition(
            "current",
            _("current"),
            {"yes": (_("Current"), lambda rows: rows.filter(ended_at=None))},
        ),
    )
    search_fields = ("organization__name", "plan__code")
    ordering = ("-started_at",)
    fields = list_display
    readonly_fields = ("since", "until")
    actions_list = ("choose",)
    actions_detail = ("cancel",)

    @admin.display(description=_("Since"), ordering="started_at")
    def since(self, row: Subscription) -> str:
        return display.moment(row.started_at)

    @admin.display(description=_("Until"), ordering="ended_at")
    def until(self, row: Subscription) -> str:
        return display.moment(row.ended_at or row.ends_at)

    @operation(
        _("Cancel the plan"),
        ask=AskEnd,
        description=_("When it has ended, nothing more is made or sent; what arrives is taken in."),
        right=Right.CREATE,
        when=lambda row: row.ended_at is None,
        icon="event_busy",
        variant=ActionVariant.DANGER,
    )
    def cancel(self, request: HttpRequest, row: Subscription, answers: dict[str, Any]) -> str:
        made = subscriptions.cancel(row.organization, **answers, by=memberships.actor(request))
        return gettext("The plan ends %(day)s.") % {"day": display.day(made.ends_at)}

    @creation(
        _("Put an organization on a plan"),
        ask=AskPlan,
        description=_("The plan's limits hold from now on; the plan it was on ends."),
        icon="swap_horiz",
    )
    def choose(self, request: HttpRequest, answers: dict[str, Any]) -> str:
        made = subscriptions.select(**answers, by=memberships.actor(request))
        return gettext("%(name)s is on %(plan)s.") % {"name": made.organization, "plan": made.plan}
