"""What is asked before something is done to many companies, and to which it would be done."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peppol.services.company_runs import runs
from peppol.services.company_runs.kinds import KINDS
from tenants.models import Environment, Role
from tenants.ui.operations import Ask

_FIRST = 8


def _questions(kind: str) -> dict[str, forms.Field]:
    """What is asked before something of this kind is started."""
    whole: dict[str, Any] = {"required": False, "min_value": 0, "max_value": 2**31 - 1}
    asked: dict[str, dict[str, forms.Field]] = {
        "suspend": {
            "reason": forms.CharField(
                label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
            )
        },
        "keys": {
            "name": forms.CharField(label=_("Name"), max_length=255, initial=_("Issued in bulk")),
            "environment": forms.ChoiceField(
                label=_("Environment"), choices=Environment.choices, initial=Environment.LIVE
            ),
        },
        "invite": {
            "role": forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.VIEWER)
        },
        "limits": {
            "document_quota": forms.IntegerField(label=_("Documents a month"), **whole),
            "quota_is_hard": forms.BooleanField(
                label=_("Stop sending when they are used up"), required=False
            ),
            "documents_per_day": forms.IntegerField(label=_("Documents sent a day"), **whole),
        },
    }
    return asked.get(kind, {})


class AskRun(Ask):
    """How to do it, after it was said to which companies."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in _questions(self.row.kind).items():
            self.add(name, field)

    @property
    def render_before_template(self) -> str:
        fit = runs.fitting(self.row)
        number = fit.count()
        context = {
            "kind": KINDS[self.row.kind],
            "number": number,
            "left_out": self.row.total - number,
            "why_not": gettext(KINDS[self.row.kind].why_not),
            "first": list(fit.order_by("name")[:_FIRST]),
            "further": max(number - _FIRST, 0),
        }
        shown = render_to_string("portal/runs/preview.html", context)
        return super().render_before_template + shown
