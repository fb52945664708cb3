"""The mandates that companies gave, or are asked for: listed, drawn up, signed copies taken in."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peppol.mandate_columns import MandatePages
from peppol.models import Mandate
from peppol.services.identification.evidence import LARGEST
from peppol.services.mandates import copies
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.sentences import say
from tenants.ui.operations import Ask, operation
from tenants.ui.scoped import ScopedAdmin
from tenants.ui.sites import portal

_MOST_ZIP = 20 * 1024 * 1024
SCOPES = [(str(one), one.label) for one in Mandate.Scope]


class Upload(forms.FileField):
    """A file of no more bytes than are read."""

    def __init__(self, *, most: int, accept: str, **options: Any) -> None:
        super().__init__(**options)
        self.most = most
        self.widget.attrs["accept"] = accept

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The upload with its `content`."""
        upload = super().clean(data, initial)
        if upload.size > self.most:
            text = _("The file is larger than %(most)s MB.")
            raise forms.ValidationError(text, params={"most": self.most // 2**20})
        upload.content = upload.read(self.most + 1)
        return upload


class Copy(Upload):
    """A signed copy: a PDF or a picture."""

    def __init__(self) -> None:
        super().__init__(most=LARGEST, accept=".pdf,.png,.jpg,.jpeg", label=_("Signed copy"))


class AskCopies(Ask):
    """A ZIP file of signed copies."""

    file = Upload(
        most=_MOST_ZIP,
        accept=".zip",
        label=_("ZIP file"),
        help_text=_(
            "Up to 1,000 PDF files or pictures, 20 MB in all. Each is called by its company's "
            "number, VAT number or id, such as 0403170701.pdf."
        ),
    )


@admin.register(Mandate, site=portal)
class MandatePage(MandatePages, ScopedAdmin):
    """What companies authorise their platform to do. Whoever sees companies sees these."""

    area = Area.COMPANIES
    actions_list = ("take_copies",)

    @operation(
        _("Signed copies"),
        ask=AskCopies,
        submit=_("Take them in"),
        right=Right.CREATE,
        platforms=True,
        path="copies",
        icon="folder_zip",
        dialog=False,
    )
    def take_copies(self, request: HttpRequest, answers: dict[str, Any]) -> HttpResponse:
        own, by = memberships.organization(request), memberships.actor(request)
        found = copies.receive(own, answers["file"].content, by=by)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Signed copies"),
            "taken": [one for one in found if one.refusal is None],
            "refused": [(one.name, say(one.refusal)) for one in found if one.refusal],
        }
        return TemplateResponse(request, "portal/mandates/copies.html", context)
