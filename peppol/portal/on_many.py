"""What can be done to many companies of the list at once."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from peppol.services.company_runs import runs
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.errors import DomainError
from tenants.ui import display
from tenants.ui.operations import bulk
from tenants.ui.pages import Page


class OnMany(Page):
    """What can be done to the companies that were ticked, or to all of the list as it is narrowed.

    Goes before the page's own class.
    """

    actions = (
        "ask_chosen",
        "register_many",
        "issue_keys_to_many",
        "invite_many",
        "limit_many",
        "suspend_many",
        "reactivate_many",
        "export_many",
    )

    @bulk(_("Register"), right=Right.CHANGE, area=Area.REGISTRATIONS)
    def register_many(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        return choose(self, request, "register", rows)

    @bulk(_("Issue keys"), right=Right.CHANGE, area=Area.KEYS)
    def issue_keys_to_many(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        return choose(self, request, "keys", rows)

    @bulk(_("Invite"), right=Right.CHANGE, area=Area.TEAM)
    def invite_many(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        return choose(self, request, "invite", rows)

    @bulk(_("Document limits"), right=Right.GOVERN)
    def limit_many(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        return choose(self, request, "limits", rows)

    @bulk(_("Suspend"), right=Right.GOVERN)
    def suspend_many(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        return choose(self, request, "suspend", rows)

    @bulk(_("Reactivate"), right=Right.GOVERN)
    def reactivate_many(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        return choose(self, request, "reactivate", rows)

    @bulk(_("Export"), right=Right.SEE)
    def export_many(self, request: HttpRequest, rows: Any) -> HttpResponse:
        page: Any = self
        answer: HttpResponse = page._do_file_export(page.formats[0](), request, rows)
        return answer


def choose(page: Page, request: HttpRequest, kind: str, rows: Any) -> HttpResponse | None:
    """Note down the companies, and ask how; nothing has happened yet."""
    own = memberships.organization(request)
    try:
        run = runs.choose(own, kind, rows, by=memberships.actor(request))
    except DomainError as refusal:
        page.message_user(request, display.refusal(refusal), "error")
        return None
    return redirect("portal:peppol_companyrun_start", run.pk)
