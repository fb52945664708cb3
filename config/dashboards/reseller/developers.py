"""Settings → Developers: where the APIs are described, and the main job in three languages."""

import json
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apikeys.models import ApiKey
from config.api import registry
from config.dashboards.reseller import calls
from peppol.models import Participant
from peppol.sandbox.tasks import send_sample
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.models import Organization
from tenants.ui.outcomes import Outcome
from tenants.ui.scoped import scope
from tenants.ui.settings_page import Setting, SettingForm, register

_COMPANY = {"name": "my-first-customer", "peppol_ids": ["0208:0123456789"]}


@dataclass(frozen=True)
class Snippet:
    """A call in one language, to be copied."""

    id: str
    language: str
    text: str


class ArrivalForm(SettingForm):
    """For whom a sample invoice is to arrive: by default, whoever was registered last."""

    identifier = forms.CharField(
        label=_("Peppol identifier"),
        max_length=100,
        help_text=_(
            "Of a registered company of yours. A supplier elsewhere in the sandbox sends it a "
            "sample invoice, which comes in as any other."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = self._registered().order_by("-id").first()
        self.initial = {"identifier": newest.identifier if newest else ""}

    def clean_identifier(self) -> Participant:
        scheme, _colon, value = self.cleaned_data["identifier"].strip().partition(":")
        rows = self._registered().identified(scheme, value)
        found: Participant | None = rows.select_related("organization").first()
        if found is None:
            raise forms.ValidationError(gettext("None of your companies is registered under it."))
        return found

    def _registered(self) -> Any:
        return scope(Participant, self.request).filter(state=Participant.State.ACTIVE)


@register
class Developers(Setting):
    """A page to begin at: nothing on it is secret, and nothing on it changes anything."""

    name = "developers"
    title = _("Developers")
    lead = _("The descriptions of the APIs, and a first call with your key at this host.")
    area = Area.KEYS
    template = "portal/settings/developers.html"

    form = ArrivalForm
    right = Right.CHANGE
    submit = _("Let an invoice arrive")

    def asks(self, organization: Organization) -> bool:
        return bool(settings.PEPPOL_NETWORK == "sandbox")

    def context(self, request: HttpRequest, organization: Organization) -> dict[str, Any]:
        own = ApiKey.objects.filter(organization=organization).usable().order_by("-id")
        kind = ApiKey.Kind.PLATFORM if organization.is_platform else ApiKey.Kind.COMPANY
        return {
            "surfaces": [(vendor.name, vendor.surface.title) for vendor in registry.VENDORS],
            "key": own.filter(kind=kind).first(),
            "snippets": snippets(organization),
            "calls": calls.shown(request, organization),
        }

    def save(
        self, request: HttpRequest, organization: Organization, answers: dict[str, Any]
    ) -> Outcome:
        found: Participant = answers["identifier"]
        whom = str(found.organization_id)
        transaction.on_commit(partial(send_sample.delay, whom))
        sentence = gettext("An invoice is on its way to %(name)s: see its documents.")
        return sentence % {"name": found.organization.title}


def snippets(organization: Organization) -> list[Snippet]:
    """The main job at this host: a platform creates a company, a company lists its documents."""
    creates = organization.is_platform
    path = "/api/admin/tenants" if creates else "/api/documents/"
    return [
        Snippet("curl", "curl", _curl(f"{settings.BASE_URL}{path}", creates)),
        Snippet("python", "Python", _python(f"{settings.BASE_URL}{path}", creates)),
        Snippet("typescript", "TypeScript", _typescript(f"{settings.BASE_URL}{path}", creates)),
    ]


def _curl(url: str, creates: bool) -> str:
    body = f" \\\n  -d '{json.dumps(_COMPANY)}'" if creates else ""
    return f'curl {url} \\\n  -H "Authorization: Bearer $API_KEY"{body}'


def _python(url: str, creates: bool) -> str:
    method, body = ("post", f"\n    json={json.dumps(_COMPANY)},") if creates else ("get", "")
    return f"""import os
import requests

answer = requests.{method}(
    "{url}",
    headers={{"Authorization": f"Bearer {{os.environ['API_KEY']}}"}},{body}
    timeout=30,
)
answer.raise_for_status()
print(answer.json())"""


def _typescript(url: str, creates: bool) -> str:
    sent = (
        f'\n  method: "POST",\n  body: JSON.stringify({json.dumps(_COMPANY)}),' if creates else ""
    )
    return f"""const answer = await fetch("{url}", {{
  headers: {{
    Authorization: `Bearer ${{process.env.API_KEY}}`,
    "Content-Type": "application/json",
  }},{sent}
}});
if (!answer.ok) throw new Error(`${{answer.status}} ${{answer.headers.get("X-Request-ID")}}`);
console.log(await answer.json());"""
