"""Who one's companies are: handed in, and decided where the platform is trusted with it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peppol.identification_columns import LIST_FILTER, IdentificationPages
from peppol.models import Identification
from peppol.portal.identification_forms import AskIdentification, AskOfCompany
from peppol.services.identification import identification
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.models import Organization
from tenants.ui import filters
from tenants.ui.choices import target
from tenants.ui.operations import Operation, creation, operation
from tenants.ui.outcomes import Done
from tenants.ui.scoped import ScopedAdmin
from tenants.ui.sites import portal

_DECISIONS = ("verify", "ask_again", "refuse")


@admin.register(Identification, site=portal)
class IdentificationPage(IdentificationPages, ScopedAdmin):
    """Who the organization and its companies are, as far as somebody asked or handed it in."""

    area = Area.COMPANIES
    when_empty = _("Who companies are, once they are asked for it, or hand it in.")
    list_filter = (*LIST_FILTER, filters.related("organization", _("company")))
    search_help_text = _("Name or number")
    actions_list = ("hand_in",)
    actions_detail = ("verify", "hand_in_anew", "ask_again", "refuse")

    def reviewer(self, request: HttpRequest) -> Organization | None:
        return memberships.organization(request)

    def decides(self, request: HttpRequest, row: Identification) -> bool:
        own = memberships.organization(request)
        trusted = identification.may_review(row.organization, own)
        return trusted and self.opens(request, Right.GOVERN)

    def may(self, request: HttpRequest, op: Operation, row: Any) -> bool:
        """Nobody decides who they are themselves; a platform where it is trusted with that."""
        if op.run.__name__ in _DECISIONS and (row is None or not self.decides(request, row)):
            return False
        return super().may(request, op, row)

    @creation(_("Identify a company"), ask=AskOfCompany, submit=_("Hand in"), icon="badge")
    def hand_in(self, request: HttpRequest, answers: dict[str, Any]) -> Done:
        company = self.chosen(request, target(request, answers))
        return self._submit(request, company, answers)

    @operation(
        _("Hand in anew"),
        description=_("Somebody else decides; what is in force stays so meanwhile."),
        ask=AskIdentification,
        submit=_("Hand in"),
        right=Right.CHANGE,
        icon="upload_file",
        dialog=False,
    )
    def hand_in_anew(
        self, request: HttpRequest, row: Identification, answers: dict[str, Any]
    ) -> Done:
        return self._submit(request, row.organization, answers)

    def _submit(self, request: HttpRequest, company: Organization, answers: dict[str, Any]) -> Done:
        files = answers.pop("evidence")
        row = identification.submit(company, answers, files, by=memberships.actor(request))
        return Done(gettext("It is handed in, and will be decided on."), row)
