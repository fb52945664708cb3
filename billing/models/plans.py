"""Plans and the subscriptions that bind organizations to them."""

from datetime import date
from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from tenants.ids import uuid7
from tenants.models import Organization

# What of a plan is copied into the subscriptions to it, and dated there.
TERMS = (
    "name",
    "currency",
    "monthly_fee",
    "company_fee",
    "included_documents",
    "overage_price",
    "quota_is_hard",
)


class PlanQuerySet(models.QuerySet["Plan"]):
    """Reads of plans."""

    def offered_to(self, organization: Organization | None) -> "PlanQuerySet":
        """What may be chosen, the cheapest first; None is a business yet to be."""
        offered = self.filter(is_offered=True)
        if organization is not None and organization.is_platform:
            offered = offered.filter(platform=True)
        return offered.order_by("monthly_fee", "code")

    def visible_to(self, organization: Organization) -> "PlanQuerySet":
        """What `organization` may choose, and what it is on."""
        own = Subscription.objects.current().of(organization).values("plan_id")
        chosen = self.offered_to(organization).order_by().values("pk")
        return self.filter(Q(pk__in=chosen) | Q(pk__in=own))


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Reads of subscriptions."""

    def of(self, organization: Organization) -> "SubscriptionQuerySet":
        return self.filter(organization=organization)

    def visible_to(self, organization: Organization) -> "SubscriptionQuerySet":
        """An organization's own: what its companies are on is theirs to know."""
        return self.of(organization)

    def current(self) -> "SubscriptionQuerySet":
        return self.filter(ended_at=None)


class Plan(models.Model):
    """What an organization gets and what it costs a month. Money is Decimal with a currency."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    is_offered = models.BooleanField(default=True, help_text="May be chosen by customers.")
    currency = models.CharField(max_length=3, default="EUR")
    monthly_fee = models.DecimalField(max_digits=12, decimal_places=2)
    company_fee = models.DecimalField(
        max_digits=12, decimal_places=2, default=0, help_text="A month, for each company."
    )
    included_documents = models.PositiveIntegerField(default=0)
    overage_price = models.DecimalField(max_digits=12, decimal_places=4)
    quota_is_hard = models.BooleanField(
        "stops at its documents",
        default=False,
        db_default=False,
        help_text="Sending stops when the included documents are used up.",
    )
    documents_per_day = models.PositiveIntegerField(
        "documents sent a day",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="No more are sent on one day; empty means any number.",
    )
    company_limit = models.PositiveIntegerField(null=True, blank=True)
    requests_per_minute = models.PositiveIntegerField(default=100)
    requests_per_hour = models.PositiveIntegerField(default=1000)
    white_label = models.BooleanField(default=False)
    verify_companies = models.BooleanField(
        default=False,
        db_default=False,
        help_text="New companies of whoever is on it wait until staff have verified them.",
    )
    platform = models.BooleanField(
        "for platforms", default=True, help_text="May be chosen by those who manage companies."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quota_is_hard=False) | Q(included_documents__gt=0),
                name="billing_hard_plan_includes",
                violation_error_message=gettext_noop(
                    "A plan that stops at its documents includes some."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Subscription(models.Model):
    """An organization's binding to a plan; at most one is current.

    One that was cancelled stays current until `ends_at`. It begins with a copy of the plan's terms.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="subscriptions"
    )
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="subscriptions")
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField(
        null=True, blank=True, help_text="When one that was cancelled comes to its end."
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "started_at"], name="billing_plan_history")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(ended_at__isnull=True),
                name="billing_one_current_subscription",
                violation_error_code="subscription_taken",
                violation_error_message=gettext_noop(
                    "This organization has a subscription already."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.plan}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it, and with a new one the terms on which it begins."""
        is_new = self._state.adding
        super().save(*args, **kwargs)
        if is_new:
            SubscriptionTerms.of(self, self.started_at.date()).save()


class SubscriptionTerms(models.Model):
    """What a subscription costs and includes from a day on: the plan's terms as they were then."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="terms")
    since = models.DateField()
    name = models.CharField(max_length=255)
    currency = models.CharField(max_length=3)
    monthly_fee = models.DecimalField(max_digits=12, decimal_places=2)
    company_fee = models.DecimalField(max_digits=12, decimal_places=2)
    included_documents = models.PositiveIntegerField()
    overage_price = models.DecimalField(max_digits=12, decimal_places=4)
    quota_is_hard = models.BooleanField(default=False, db_default=False)
    is_pending = models.BooleanField(
        default=False, help_text="Its documents are yet to become the organization's quota."
    )

    class Meta:
        verbose_name = _("terms of a subscription")
        verbose_name_plural = _("terms of subscriptions")
        constraints = [
            models.UniqueConstraint(fields=["subscription", "since"], name="billing_terms_a_day")
        ]
        indexes = [
            models.Index(
                fields=["since"], condition=Q(is_pending=True), name="billing_terms_pending"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} since {self.since:%Y-%m-%d}"

    @classmethod
    def of(
        cls, subscription: Subscription, since: date, *, is_pending: bool = False
    ) -> "SubscriptionTerms":
        """The present terms of the plan of `subscription`, from `since` on."""
        terms = {name: getattr(subscription.plan, name) for name in TERMS}
        return cls(subscription=subscription, since=since, is_pending=is_pending, **terms)
