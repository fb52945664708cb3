"""How mandates are shown, downloaded and ended, on either site."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peppol.models import Mandate, MandateFile
from peppol.readable import mandate as paper
from peppol.services.mandates import mandates
from tenants.access import memberships
from tenants.access.gate import Right
from tenants.ui import display, filters
from tenants.ui.downloads import Downloads, attached
from tenants.ui.operations import Ask, operation
from tenants.ui.pages import ReadOnly

State = Mandate.State


class AskReason(Ask):
    """Why a mandate ends; the audit trail keeps it."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class MandatePages(Downloads, ReadOnly):
    """A page of mandates. Goes before the page's own class."""

    in_events = "mandate"
    related = ("organization__parent",)
    downloads = ("pdf", "copy")
    list_display = ("client", "state_badge", "scope_label", "begins", "ends", "signature")
    list_filter = (
        filters.choice("state"),
        filters.condition(
            "ending",
            _("ending"),
            {
                "soon": (
                    _("Within thirty days"),
                    lambda rows: rows.ending_by(timezone.localdate() + mandates.WARNING),
                ),
            },
        ),
        filters.related("organization", _("company")),
    )
    search_fields = ("organization__name", "signed_by")
    search_help_text = _("Company or name")
    when_empty = _("What your companies authorise you to do for them, and until when.")
    ordering = ("-id",)
    actions_detail = ("revoke",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("client", "state_badge"),
                    ("scope_label", "signature"),
                    ("begins", "ends"),
                    ("signer", "origin"),
                    "files",
                    "words",
                    "fingerprint",
                    "why",
                )
            },
        ),
    )
    readonly_fields = (
        "client",
        "state_badge",
        "scope_label",
        "signature",
        "begins",
        "ends",
        "signer",
        "origin",
        "files",
        "words",
        "fingerprint",
        "why",
    )

    @admin.display(description=_("Company"), ordering="organization__name")
    def client(self, row: Mandate) -> str:
        return row.organization.title

    @admin.display(description=_("State"), ordering="state")
    def state_badge(self, row: Mandate) -> str:
        return display.pill(row.state, row.get_state_display())

    @admin.display(description=_("For"))
    def scope_label(self, row: Mandate) -> str:
        return row.get_scope_display()

    @admin.display(description=_("From"), ordering="starts_on")
    def begins(self, row: Mandate) -> str:
        return display.day(row.starts_on)

    @admin.display(description=_("Until"), ordering="ends_on")
    def ends(self, row: Mandate) -> str:
        return display.day(row.ends_on) if row.ends_on else gettext("until it is revoked")

    @admin.display(description=_("Signed"), ordering="signed_at")
    def signature(self, row: Mandate) -> str:
        if row.signed_at is None:
            return "–"
        return display.lines(row.get_method_display(), display.moment(row.signed_at))

    @admin.display(description=_("By"))
    def signer(self, row: Mandate) -> str:
        return ", ".join(filter(None, (row.signed_by, row.signed_as))) or "–"

    @admin.display(description=_("Network address"))
    def origin(self, row: Mandate) -> str:
        return row.signed_from or "–"

    @admin.display(description=_("Files"))
    def files(self, row: Mandate) -> str:
        links = self.download_links(row)
        found = [display.link(links["pdf"], gettext("The mandate as PDF"))]
        copy = (
            MandateFile.objects.filter(organization=row.organization_id, mandate=row)
            .defer("content")
            .first()
        )
        if copy is not None:
            found.append(display.link(links["copy"], copy.name))
        return display.lines(*found)

    @admin.display(description=_("What it says"))
    def words(self, row: Mandate) -> str:
        return display.lines(*row.text.split("\n"))

    @admin.display(description=_("SHA-256 of the text"))
    def fingerprint(self, row: Mandate) -> str:
        return display.code(row.text_digest)

    @admin.display(description=_("Reason"))
    def why(self, row: Mandate) -> str:
        return row.reason or "–"

    def give_pdf(self, row: Mandate) -> HttpResponseBase:
        """Download the mandate, to be signed or as it was."""
        number = row.organization.company_number or row.organization.vat_number or row.pk
        return attached(iter([paper.write(row)]), f"mandate-{number}.pdf", "application/pdf")

    def give_copy(self, row: Mandate) -> HttpResponseBase:
        """Download the signed copy. Raises OSError where there is none."""
        copy = MandateFile.objects.filter(organization=row.organization_id, mandate=row).first()
        if copy is None:
            raise FileNotFoundError
        return attached(iter([copy.opened()]), copy.name, "application/octet-stream")

    @operation(
        _("Revoke"),
        description=_(
            "It ends at once. What was asked for by your operator may wait for a new one."
        ),
        ask=AskReason,
        right=Right.CHANGE,
        when=lambda row: row.state in (State.ASKED, State.SIGNED),
        icon="block",
    )
    def revoke(self, request: HttpRequest, row: Mandate, answers: dict[str, Any]) -> str:
        mandates.revoke(row, by=memberships.actor(request), **answers)
        return gettext("The mandate is revoked.")
