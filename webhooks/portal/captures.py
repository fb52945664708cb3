"""A captured delivery, checked step by step."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from tenants.sentences import say
from tenants.ui.outcomes import page_of
from tenants.ui.scoped import ScopedAdmin
from webhooks.forms import AskCapture
from webhooks.models import Endpoint
from webhooks.verification import Finding

_STEPS = {
    "headers": _("The headers are complete"),
    "secret": _("The signature was made with this secret"),
    "body": _("The body is what was signed"),
    "timestamp": _("The timestamp is less than five minutes off"),
}


def checked(
    admin: ScopedAdmin, request: HttpRequest, row: Endpoint, finding: Finding
) -> HttpResponse:
    """The page that names the failing step, with the capture to correct and check again."""
    form = AskCapture(request.POST, admin=admin, request=request, row=row)
    steps = [
        (title, "failed" if step == finding.step else "passed" if step in finding.passed else "")
        for step, title in _STEPS.items()
    ]
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "original": row,
        "title": _("Check a captured delivery"),
        "finding": finding,
        "explanation": say(finding.explanation),
        "steps": steps,
        "form": form,
        "form_submit_text": _("Check again"),
        "media": admin.media + form.media,
        "back": page_of(admin, request, row),
    }
    return TemplateResponse(request, "portal/webhooks/captured_delivery.html", context)
