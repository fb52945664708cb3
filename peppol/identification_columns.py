"""How it is shown and decided who companies are, on either site."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from peppol.models import Evidence, Identification
from peppol.models.identifications import profile_of
from peppol.services.identification import identification
from tenants.access import memberships
from tenants.access.gate import Right, takes
from tenants.models import Event, Organization
from tenants.sentences import Sentence, say
from tenants.ui import display, filters
from tenants.ui.downloads import attached
from tenants.ui.operations import Ask, operation
from tenants.ui.pages import Told

State = Identification.State
LIST_FILTER = (
    filters.choice("state"),
    filters.condition(
        "attention",
        _("attention"),
        {"missing": (_("Has to be handed in"), lambda rows: rows.missing())},
    ),
    filters.choice("method"),
    filters.period("submitted_at", _("submitted")),
)


class AskMessage(Ask):
    """What the company is asked."""

    message = forms.CharField(
        label=_("Message to the company"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AskReason(AskMessage):
    """Why not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].label = _("Reason, which the company reads")


class AskVerify(Ask):
    """Until when; what is decided on stands above that once more."""

    about = forms.CharField(
        label=_("What is verified"), disabled=True, required=False, widget=forms.Textarea
    )
    valid_until = forms.DateField(
        label=_("Valid until"), widget=forms.DateInput(attrs={"type": "date"})
    )
    message = forms.CharField(label=_("Note"), max_length=2000, required=False)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_until"].initial = identification.usual_end().isoformat()
        self.fields["about"].initial = _about(self.row)
        self.fields["about"].widget.attrs["rows"] = 2
        self.fields["seen"].initial = identification.fingerprint(self.row)


def _about(row: Identification) -> str:
    """What is being verified, in a line."""
    numbers = [row.register_number, *identification.identifiers_of(row.organization)]
    return " · ".join([row.legal_name, *filter(None, numbers)])


class IdentificationPages(Told):
    """A page of identifications, where they are decided. Goes before the page's own class."""

    related = ("organization__parent",)
    list_display: Any = ("company", "state_badge", "how", "handed_in", "until")
    search_fields = ("legal_name", "register_number", "organization__name")
    ordering = ("-submitted_at", "-id")
    in_events = "verification"
    change_form_outer_before_template = "ui/identification.html"

    def reviewer(self, request: HttpRequest) -> Organization | None:
        """For whom the caller decides: None for the operator."""
        raise NotImplementedError

    def decides(self, request: HttpRequest, row: Identification) -> bool:
        """Whether the caller may decide who a company is, and so look at its evidence."""
        raise NotImplementedError

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_evidence"
        view = self.admin_site.admin_view(self.evidence)
        own = path("<path:object_id>/evidence/<uuid:file>/", view, name=name)
        return [own, *super().get_urls()]

    @takes(Right.GOVERN)
    def evidence(self, request: HttpRequest, object_id: str, file: UUID) -> FileResponse:
        """A file, to be saved: never shown as a page of ours."""
        row = self.row(request, unquote(object_id))
        if row is None or not self.decides(request, row) or request.method not in ("GET", "HEAD"):
            raise Http404
        own = Evidence.objects.filter(organization=row.organization_id, identification=row)
        found = own.filter(pk=file).first()
        try:
            content = found.opened() if found else None
        except OSError:
            content = None
        if found is None or content is None:
            raise Http404
        return attached(iter([content]), found.name, found.media_type)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        may = row is not None and self.has_view_permission(request, row)
        context = {"identified": self.page_context(request, row)} if may else {}
        answer: HttpResponse = super().change_view(request, object_id, form_url, context)
        return answer

    def page_context(self, request: HttpRequest, row: Identification) -> dict[str, Any]:
        """What was handed in, beside what the company and the registers say."""
        profile = profile_of(row.organization)
        covered = [one.lower() for one in row.proposed(profile)]
        return {
            "row": row,
            "profile": profile,
            "differs": {
                "name": profile["name"] != row.legal_name,
                "number": profile["company_number"] not in ("", row.register_number),
            },
            "findings": [
                (one["verdict"], say(Sentence(one["sentence"], **one["values"])))
                for one in row.confirmations
            ],
            "identifiers": [
                (one, one.lower() in covered)
                for one in identification.identifiers_of(row.organization)
            ],
            "files": self._files(request, row),
            "asking": row.look_up_at is not None,
        }

    def events(self, request: HttpRequest, row: Any) -> QuerySet[Event]:
        trail = self.trail(request).filter(organization=row.organization)
        found: QuerySet[Event] = trail.filter(type__startswith="company.verification_")
        return found.order_by("-id")

    def _files(self, request: HttpRequest, row: Identification) -> list[tuple[Evidence, str]]:
        """The evidence, each with the way to it for who may look at it."""
        name = f"{self.admin_site.name}:peppol_identification_evidence"
        may = self.decides(request, row)
        return [
            (one, reverse(name, args=[row.pk, one.pk]) if may and not one.purged_at else "")
            for one in Evidence.objects.filter(organization=row.organization_id).of(row)
        ]

    # --- Columns ----------------------------------------------------------------------------------

    @admin.display(description=_("Company"), ordering="organization__name")
    def company(self, row: Identification) -> str:
        return display.lines(row.organization.title, row.register_number)

    @admin.display(description=_("State"), ordering="state")
    def state_badge(self, row: Identification) -> str:
        return display.pill(row.state, row.get_state_display())

    @admin.display(description=_("Method"), ordering="method")
    def how(self, row: Identification) -> str:
        return display.lines(row.get_method_display() or "–", row.representative)

    @admin.display(description=_("Submitted"), ordering="submitted_at")
    def handed_in(self, row: Identification) -> str:
        return display.moment(row.submitted_at)

    @admin.display(description=_("Valid until"), ordering="valid_until")
    def until(self, row: Identification) -> str:
        return display.day(row.valid_until)

    # --- Operations -------------------------------------------------------------------------------

    @operation(
        _("Verify"),
        description=_("The company is who it says, with all that stands below."),
        ask=AskVerify,
        right=Right.GOVERN,
        when=lambda row: row.submitted_at is not None and row.state != State.VERIFIED,
        icon="verified_user",
        variant=ActionVariant.PRIMARY,
    )
    def verify(self, request: HttpRequest, row: Identification, answers: dict[str, Any]) -> str:
        del answers["about"]
        by, reviewer = memberships.actor(request), self.reviewer(request)
        identification.verify(row.organization, by=by, reviewer=reviewer, **answers)
        return gettext("%(company)s is verified.") % {"company": row.organization.title}

    @operation(
        _("Ask for more"),
        description=_("It waits until more was handed in. What is in force stays so."),
        ask=AskMessage,
        right=Right.GOVERN,
        icon="help",
    )
    def ask_again(self, request: HttpRequest, row: Identification, answers: dict[str, Any]) -> str:
        by, reviewer = memberships.actor(request), self.reviewer(request)
        identification.ask(row.organization, by=by, reviewer=reviewer, **answers)
        return gettext("%(company)s is asked.") % {"company": row.organization.title}

    @operation(
        _("Refuse"),
        description=_("It cannot send any more where it has to be identified. It still receives."),
        ask=AskReason,
        right=Right.GOVERN,
        when=lambda row: row.state != State.REFUSED,
        icon="cancel",
        variant=ActionVariant.DANGER,
    )
    def refuse(self, request: HttpRequest, row: Identification, answers: dict[str, Any]) -> str:
        by, reviewer = memberships.actor(request), self.reviewer(request)
        identification.refuse(row.organization, by=by, reviewer=reviewer, **answers)
        return gettext("The identification is refused.")
