"""Settings → Let the network fail: what comes of documents that do not arrive, tried on purpose."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from peppol.sandbox import rehearsals
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.models import Organization
from tenants.ui.outcomes import Outcome
from tenants.ui.settings_page import Setting, SettingForm, register


class RehearsalForm(SettingForm):
    """What the next documents are to meet, and how many of them."""

    kind = forms.ChoiceField(
        label=_("What happens"),
        choices=[("", _("Nothing: documents arrive")), *rehearsals.Kind.choices],
        required=False,
    )
    times = forms.IntegerField(
        label=_("To how many documents"), min_value=1, max_value=rehearsals.MOST, initial=1
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"kind": rehearsals.Kind.SILENT}


@register
class RehearsalPage(Setting):
    """A page of the sandbox, where nobody is harmed by it."""

    name = "network-failures"
    title = _("Let the network fail")
    lead = _(
        "The next documents of your companies meet what you choose here, those of nobody else. "
        "It ends with the last of them, or after half an hour."
    )
    area = Area.KEYS
    right = Right.CHANGE
    template = "portal/settings/rehearsal.html"
    form = RehearsalForm

    def is_for(self, organization: Organization) -> bool:
        return bool(settings.PEPPOL_NETWORK == "sandbox")

    def context(self, request: HttpRequest, organization: Organization) -> dict[str, Any]:
        return {"rehearsal": rehearsals.current(organization)}

    def save(
        self, request: HttpRequest, organization: Organization, answers: dict[str, Any]
    ) -> Outcome:
        if not answers["kind"]:
            rehearsals.end(organization)
            return gettext("What is sent arrives again.")
        row = rehearsals.begin(organization, answers["kind"], answers["times"])
        sentence = ngettext(
            "The next document meets it.", "The next %(count)s documents meet it.", row.remaining
        )
        return sentence % {"count": row.remaining}
