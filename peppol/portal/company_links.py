"""What a platform asks of its companies' own people, from the companies' own pages."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peppol.portal.client_links import CHOSEN, ReturnUrl, purposes, revealed
from peppol.portal.company_mandates import CompanyMandates
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.models import Company
from tenants.services import client_links, client_origins, client_requests
from tenants.ui import filters
from tenants.ui.operations import Ask, bulk, operation


def _lacks(purpose: str) -> Any:
    return lambda rows: client_requests.lacking(rows, purpose)


# Of the list of companies: those that need their own people for something.
NEEDS_CLIENT = filters.condition(
    "needs",
    _("needs the client"),
    {
        "any": (_("For anything"), _lacks("")),
        "profile": (_("For its details"), _lacks("profile")),
        "identify": (_("For its identification"), _lacks("identify")),
        "mandate": (_("For its mandate"), _lacks("mandate")),
    },
)


class AskForLink(Ask):
    """What one company is asked, and where its link goes."""

    purpose = forms.ChoiceField(label=_("What for"))
    send_to = forms.EmailField(
        label=_("Send it by mail to"),
        required=False,
        help_text=_("Left empty, the link is shown to you, to send as you like."),
    )
    return_url = ReturnUrl()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = purposes()
        self.fields["send_to"].initial = self.row.email
        if not client_origins.of(memberships.organization(self.request)):
            del self.fields["return_url"]


class CompanyLinks(CompanyMandates):
    """What can be asked of companies' own people, the mandate included. Goes before the page's
    own class."""

    @operation(
        _("Ask the client"),
        description=_("By a link that needs no account, opens once and is good for three days."),
        ask=AskForLink,
        submit=_("Make the link"),
        right=Right.CHANGE,
        platforms=True,
        when=client_links.may_be_visited,
        icon="add_link",
        dialog=False,
        once=True,
    )
    def ask_client(self, request: HttpRequest, row: Company, answers: dict[str, Any]) -> Any:
        link = client_links.make(row, by=memberships.actor(request), **answers)
        if link.sent_to:
            return gettext("The link is on its way to %(to)s.") % {"to": link.sent_to}
        return revealed(link)

    @bulk(_("Ask the clients"), right=Right.CHANGE)
    def ask_chosen(self, request: HttpRequest, rows: Any) -> HttpResponse:
        """Go on to what is asked of the companies that were ticked."""
        most = client_requests.MOST + 1
        request.session[CHOSEN] = [str(pk) for pk in rows.values_list("pk", flat=True)[:most]]
        return redirect("portal:tenants_clientlink_add")
