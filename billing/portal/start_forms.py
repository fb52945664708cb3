"""What the steps from sign-up to a plan ask. The first three are the surface's own."""

import re
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from billing.models import Plan
from billing.services import subscriptions
from tenants.capabilities import Capability
from tenants.models import Organization
from tenants.portal.profile_forms import Capabilities, Cards, Currency, Home, TimeZone
from tenants.ui import display
from tenants.ui.forms import Form
from tenants.ui.profile_fields import asked

_REGION = re.compile(r"^[a-z]{2,3}(?:-[A-Za-z]{4})?-([A-Z]{2})\b")


class Step(Form):
    """One page of the start; `business` is None while there is none."""

    title: Any = ""
    lead: Any = ""
    submit: Any = _("Continue")

    def __init__(
        self, *args: Any, request: HttpRequest, business: Organization | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.business = request, business
        for field in self.fields.values():
            field.box = "" if getattr(field, "half", False) else "gh-wide"

    @property
    def render_before_template(self) -> str:
        """The errors that belong to no single field."""
        return "".join(str(error) for error in self.non_field_errors())


class AskProfile(Step):
    """The least that makes a business."""

    title = _("What is your business?")
    lead = _("Three answers, and it has its place here. Everything can be changed later.")
    name = forms.CharField(
        label=_("Business name"),
        max_length=255,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "organization"}),
    )
    country = Home(label=_("Country"))
    capabilities = Capabilities()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = _REGION.match(self.request.headers.get("Accept-Language", ""))
        self.initial = {
            "country": region[1] if region else "",
            "capabilities": [Capability.EINVOICING],
        }


class AskDetails(Step):
    """Tax, address, currency and time zone, in any portions (INV-08)."""

    title = _("Tax and address")
    lead = _("They go on your invoices. Fill in what you know; the rest can follow any time.")
    submit = _("Save and continue")
    vat_number = forms.CharField(label=_("Tax ID or VAT number"), max_length=64, required=False)
    address_line1 = asked("address_line1")
    postal_code = asked("postal_code")
    city = asked("city")
    address_country = Home(label=_("Country"), required=False)
    currency = Currency(label=_("Currency"), required=False)
    timezone = TimeZone(label=_("Time zone"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert self.business is not None  # noqa: S101 — only the first step comes before it
        for name in ("postal_code", "city", "currency", "timezone"):
            self.fields[name].box = ""
        self.initial = {name: getattr(self.business, name) for name in self.fields}
        self.initial["address_country"] = self.business.address_country or self.business.country


class AskPlan(Step):
    """The plan, of those on offer."""

    title = _("Choose a plan")
    lead = _("You can move to another one at any time.")
    plan = forms.ModelChoiceField(
        subscriptions.offered_to(None),
        label=_("Plan"),
        to_field_name="code",
        empty_label=None,
        widget=Cards,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = subscriptions.offered_to(self.business)
        field: Any = self.fields["plan"]
        field.queryset = offered
        field.widget = Cards(notes={plan.code: notes_of(plan) for plan in offered})
        field.widget.choices = field.choices
        first = next(iter(offered), None)
        self.initial = {"plan": first and first.code}


STEPS: dict[str, type[Step]] = {"profile": AskProfile, "details": AskDetails, "plan": AskPlan}


def notes_of(plan: Plan) -> dict[str, Any]:
    """What a plan gives, in words, and what it costs."""
    if plan.company_limit is None:
        companies = gettext("Any number of companies")
    else:
        companies = ngettext("Up to %(n)d company", "Up to %(n)d companies", plan.company_limit) % {
            "n": plan.company_limit
        }
    price = gettext("%(fee)s a month")
    documents = gettext("%(n)s documents a month, then %(each)s each")
    notes = [
        companies,
        documents
        % {
            "n": number_format(plan.included_documents, force_grouping=True),
            "each": display.price(plan.overage_price, plan.currency),
        },
    ]
    if plan.white_label:
        notes.append(gettext("Your own branding and domain"))
    return {
        "price": price % {"fee": display.money(plan.monthly_fee, plan.currency)},
        "note": plan.description,
        "notes": notes,
    }
