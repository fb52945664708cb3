"""How staff give an organization other entitlements than its plan does."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.access import memberships
from tenants.access.gate import Right
from tenants.models import IdentificationPolicy, MandatePolicy, Organization
from tenants.services import entitlements
from tenants.ui.operations import Ask, operation

_OF_PLATFORMS = (
    "company_limit",
    "white_label",
    "verify_companies",
    "identifies_companies",
    "mandate_policy",
    "may_withhold_billing",
)


class AskEntitlements(Ask):
    """What an organization may do, other than its plan says."""

    company_limit = forms.IntegerField(
        label=_("Companies"), required=False, min_value=0, help_text=_("Left empty: any number.")
    )
    document_quota = forms.IntegerField(
        label=_("Documents a month"),
        required=False,
        min_value=0,
        help_text=_("Left empty: any number."),
    )
    quota_is_hard = forms.BooleanField(
        label=_("Stop sending when they are used up"), required=False
    )
    documents_per_day = forms.IntegerField(
        label=_("Documents sent a day"),
        required=False,
        min_value=1,
        help_text=_("Left empty: any number."),
    )
    requests_per_minute = forms.IntegerField(label=_("Requests a minute"), min_value=1)
    requests_per_hour = forms.IntegerField(label=_("Requests an hour"), min_value=1)
    white_label = forms.BooleanField(label=_("Own branding and domain"), required=False)
    verify_companies = forms.BooleanField(
        label=_("Its companies are verified first"),
        required=False,
        help_text=_("Each new one waits, off the network, until staff have verified it."),
    )
    identification_policy = forms.ChoiceField(
        label=_("Companies are identified"),
        required=False,
        choices=[("", _("As everywhere here")), *IdentificationPolicy.choices],
        help_text=_("Whether somebody has to verify who they are, and before what."),
    )
    identifies_companies = forms.BooleanField(
        label=_("Verifies itself who its companies are"),
        required=False,
        help_text=_("Its owners and administrators decide, and you may as well."),
    )
    mandate_policy = forms.ChoiceField(
        label=_("Companies give it a mandate"),
        required=False,
        choices=[("", _("As everywhere here")), *MandatePolicy.choices],
        help_text=_("Whether each has to authorise it, and before what."),
    )
    may_withhold_billing = forms.BooleanField(
        label=_("Decides what is not billed"),
        required=False,
        help_text=_(
            "By API, for itself and its companies: withheld, or billed to who has no plan."
        ),
    )
    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in entitlements.NAMES:
            self.fields[name].initial = getattr(self.row, name)
        if not self.row.is_platform:
            for name in _OF_PLATFORMS:
                del self.fields[name]


class Entitled:
    """A page of organizations on which staff change what they may do."""

    @operation(
        _("Entitlements"),
        right=Right.CHANGE,
        ask=AskEntitlements,
        submit=_("Save"),
        description=_("They hold until it is put on another plan."),
        icon="tune",
    )
    def entitle(self, request: HttpRequest, row: Organization, answers: dict[str, Any]) -> str:
        reason = answers.pop("reason")
        entitlements.give(row, answers, reason=reason, by=memberships.actor(request))
        return gettext("The entitlements of %(name)s are changed.") % {"name": row.title}
