"""How many documents companies may send, and what is asked of each: of all, and of one."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.access import memberships
from tenants.access.gate import Right
from tenants.models import Company, Organization
from tenants.services import entitlements, settings
from tenants.ui.operations import Ask, operation
from tenants.ui.outcomes import Outcome
from tenants.ui.pages import Page
from tenants.ui.settings_page import Setting, SettingForm, register

_MOST = 2**31 - 1
_NO_LIMIT = _("Left empty: any number.")


def _number(label: Any, help_text: Any, least: int = 0) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, required=False, min_value=least, max_value=_MOST
    )


class DocumentSettingsForm(SettingForm):
    """What holds for the documents of all companies."""

    refuse_duplicates = forms.BooleanField(
        label=_("Refuse a number that was sent before"),
        help_text=_("Else it is sent with a warning, and this portal asks first."),
        required=False,
    )
    per_month = _number(_("Documents of a company a month"), _NO_LIMIT, 1)
    hard = forms.BooleanField(
        label=_("Stop sending when they are used up"),
        help_text=_("Else you are only told. What arrives is taken in all the same."),
        required=False,
    )
    per_day = _number(_("Documents that a company may send a day"), _NO_LIMIT, 1)
    limits = ("per_month", "hard", "per_day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        defaults = self.organization.defaults
        given = defaults.get("documentLimits") or {}
        self.initial = {
            "refuse_duplicates": defaults.get("refuseDuplicates", False),
            "per_month": given.get("perMonth"),
            "hard": given.get("hard", False),
            "per_day": given.get("perDay"),
        }
        if not self.organization.is_platform:
            for name in self.limits:
                del self.fields[name]


@register
class DocumentSettings(Setting):
    """Duplicates of everybody's, and a platform's limits for each of its companies."""

    name = "documents"
    title = _("Documents")
    lead = _("What holds for the documents that you and your companies send.")
    form = DocumentSettingsForm

    def is_for(self, organization: Organization) -> bool:
        return organization.parent_id is None

    def save(
        self, request: HttpRequest, organization: Organization, answers: dict[str, Any]
    ) -> Outcome:
        wanted: dict[str, Any] = {"refuseDuplicates": answers["refuse_duplicates"]}
        if organization.is_platform:
            # Whatever is None is taken out.
            wanted["documentLimits"] = {
                "perMonth": answers["per_month"],
                "perDay": answers["per_day"],
                "hard": answers["hard"] or None,
            }
        settings.change(organization, defaults=wanted, by=memberships.actor(request))
        return gettext("Saved.")


class AskLimits(Ask):
    """The limits of one company."""

    document_quota = _number(_("Documents a month"), _("Left empty: as for all your companies."))
    quota_is_hard = forms.BooleanField(
        label=_("Stop sending when they are used up"), required=False
    )
    documents_per_day = _number(
        _("Documents sent a day"), _("Left empty: as for all your companies.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields:
            self.fields[name].initial = getattr(self.row, name)


class CompanyLimits(Page):
    """What can be done about how much a company sends. Goes before the page's own class."""

    @operation(
        _("Document limits"),
        description=_("For this company alone. What arrives for it is never stopped."),
        ask=AskLimits,
        submit=_("Save"),
        right=Right.GOVERN,
        icon="speed",
    )
    def limit_documents(self, request: HttpRequest, row: Company, answers: dict[str, Any]) -> str:
        entitlements.give(row, answers, by=memberships.actor(request))
        return gettext("The limits of %(company)s are changed.") % {"company": row.title}
