"""The reseller's imports: upload a file, see what would come of it, import it and watch."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from peppol.models import CompanyImport
from peppol.portal import import_files, import_pages
from peppol.portal.import_forms import AskColumns, AskFile, AskReading
from peppol.services.imports import imports, uploads
from peppol.spreadsheets import Choice
from tenants.access import memberships
from tenants.access.gate import Right, takes
from tenants.access.roles import Area
from tenants.ui import display, filters
from tenants.ui.operations import creation, more, operation
from tenants.ui.pages import ReadOnly
from tenants.ui.scoped import ScopedAdmin
from tenants.ui.sites import portal

State = CompanyImport.State


def receive(request: HttpRequest, answers: dict[str, Any]) -> HttpResponse:
    """Keep an uploaded file and ask for its columns; a large one is for the worker, and its page
    says how far it is."""
    batch = uploads.receive(
        memberships.organization(request),
        answers["filename"],
        answers["file"],
        by=memberships.actor(request),
        content=answers["content"],
    )
    page = "change" if batch.state == State.READING else "columns"
    return redirect(f"portal:peppol_companyimport_{page}", batch.pk)


@admin.register(CompanyImport, site=portal)
class ImportPage(ReadOnly, ScopedAdmin):
    """The files that were uploaded, and what became of their lines."""

    area = Area.COMPANIES
    in_events = "import"
    list_display = ("named", "state_badge", "n_lines", "maker", "made")
    list_filter = (filters.choice("state"),)
    search_fields = ("filename", "actor_label")
    search_help_text = _("File or person")
    when_empty = _("Files of companies that you bring in, and what became of each line.")
    ordering = ("-id",)
    fieldsets = ((None, {"fields": (("maker", "made"), ("begun", "ended"))}),)
    readonly_fields = ("maker", "made", "begun", "ended")
    change_form_outer_before_template = "portal/imports/import.html"
    actions_list = ("bring_in",)
    actions_detail = ("start", "columns", "stop", "retry", more("reread", "keys", "discard"))

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        name = "peppol_companyimport"
        return [
            path("template/<str:format>/", view(self.template), name=f"{name}_template"),
            path("<path:object_id>/progress/", view(self.progress), name=f"{name}_progress"),
            path(
                "<path:object_id>/file/<str:what>.<str:format>",
                view(self.file_of),
                name=f"{name}_file",
            ),
            *super().get_urls(),
        ]

    @admin.display(description=_("File"), ordering="filename")
    def named(self, row: CompanyImport) -> str:
        return row.filename

    @admin.display(description=_("State"), ordering="state")
    def state_badge(self, row: CompanyImport) -> str:
        return display.pill(row.state, row.get_state_display())

    @admin.display(description=_("Companies"), ordering="total")
    def n_lines(self, row: CompanyImport) -> str:
        return display.number(display.count(row.total))

    @admin.display(description=_("By"))
    def maker(self, row: CompanyImport) -> str:
        return row.actor_label or "–"

    @admin.display(description=_("Uploaded"), ordering="created_at")
    def made(self, row: CompanyImport) -> str:
        return display.moment(row.created_at)

    @admin.display(description=_("Started"))
    def begun(self, row: CompanyImport) -> str:
        return display.moment(row.started_at)

    @admin.display(description=_("Ended"))
    def ended(self, row: CompanyImport) -> str:
        return display.moment(row.finished_at)

    # --- Pages ------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        page_context = self.page_context(request, row) if row is not None else {}
        return super().change_view(
            request, object_id, form_url, {**page_context, **(extra_context or {})}
        )

    def page_context(self, request: HttpRequest, row: CompanyImport) -> dict[str, Any]:
        """What the page shows of an import: its numbers, and the first lines of either kind."""
        shown = import_pages.context(row)
        wanted = shown["counts"]["ready"]
        return {
            **shown,
            "room": imports.room_for(memberships.organization(request), wanted),
            "may_run": self.may(request, self.start.operation, row),
        }

    @takes(Right.SEE)
    def progress(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """How far an import is; the page that follows it shows the answer."""
        row = self._visible(request, object_id)
        counts = row.count()
        context = {"batch": row, "counts": counts, "progress": import_pages.progress(row, counts)}
        headers = {"Cache-Control": "no-store"}
        return TemplateResponse(request, "portal/imports/progress.html", context, headers=headers)

    @takes(Right.SEE)
    def template(self, request: HttpRequest, format: str) -> HttpResponse:
        """An empty file with the titles that are understood."""
        if format not in import_files.FORMATS:
            raise Http404
        return import_files.template(format)

    @takes(Right.SEE)
    def file_of(self, request: HttpRequest, object_id: str, what: str, format: str) -> HttpResponse:
        """The result of an import, or the lines of it that have to be corrected."""
        row = self._visible(request, object_id)
        if format not in import_files.FORMATS or what not in ("result", *import_files.LISTS):
            raise Http404
        if what == "result":
            return import_files.result(request, row, format, {})
        return import_files.listed(row, what, format)

    def _visible(self, request: HttpRequest, object_id: str) -> CompanyImport:
        row: CompanyImport | None = self.row(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        return row

    # --- Operations -------------------------------------------------------------------------------

    @creation(
        _("Import companies"),
        platforms=True,
        ask=AskFile,
        submit=_("Read the file"),
        icon="upload_file",
    )
    def bring_in(self, request: HttpRequest, answers: dict[str, Any]) -> HttpResponse:
        return receive(request, answers)

    @operation(
        _("Columns and options"),
        ask=AskColumns,
        submit=_("Check the file"),
        right=Right.CHANGE,
        when=lambda row: row.state in (State.UPLOADED, State.CHECKED),
        icon="tune",
        dialog=False,
    )
    def columns(self, request: HttpRequest, row: CompanyImport, answers: dict[str, Any]) -> str:
        imports.check(
            row,
            answers["mapping"],
            register=answers["register"],
            with_keys=answers["with_keys"],
            without_numbers=answers.get("without_numbers", False),
            by=memberships.actor(request),
        )
        return gettext("The file is checked.")

    @operation(
        _("Read it otherwise"),
        ask=AskReading,
        submit=_("Read the file"),
        right=Right.CHANGE,
        when=uploads.may_be_read_otherwise,
        icon="table_view",
        dialog=False,
    )
    def reread(
        self, request: HttpRequest, row: CompanyImport, answers: dict[str, Any]
    ) -> HttpResponse:
        batch = uploads.read_otherwise(row, Choice(**answers), by=memberships.actor(request))
        page = "change" if batch.state == State.READING else "columns"
        return redirect(f"portal:peppol_companyimport_{page}", batch.pk)

    @operation(
        _("Start"),
        right=Right.CHANGE,
        when=lambda row: row.state in (State.CHECKED, State.STOPPED),
        icon="play_arrow",
        header=False,
    )
    def start(self, request: HttpRequest, row: CompanyImport, answers: dict[str, Any]) -> str:
        imports.start(row, by=memberships.actor(request))
        return gettext("The import is under way. You need not wait for it.")

    @operation(
        _("Stop"),
        description=_("What was imported stays; the rest can be imported later."),
        right=Right.CHANGE,
        when=lambda row: row.state == State.RUNNING,
        icon="stop",
    )
    def stop(self, request: HttpRequest, row: CompanyImport, answers: dict[str, Any]) -> str:
        imports.stop(row, by=memberships.actor(request))
        return gettext("The import is stopped.")

    @operation(
        _("Try failed lines again"),
        right=Right.CHANGE,
        when=lambda row: (
            row.state in (State.DONE, State.STOPPED) and row.lines.filter(state="failed").exists()
        ),
        icon="replay",
    )
    def retry(self, request: HttpRequest, row: CompanyImport, answers: dict[str, Any]) -> str:
        imports.retry(row, by=memberships.actor(request))
        return gettext("The import is under way. You need not wait for it.")

    @operation(
        _("Download the keys"),
        description=_(
            "The result with the API keys of all companies. This is the only time: they are not "
            "kept afterwards. Keep the file where secrets belong."
        ),
        submit=_("Download"),
        right=Right.CHANGE,
        when=lambda row: (
            row.state in (State.DONE, State.STOPPED) and row.lines.exclude(secret="").exists()
        ),
        icon="key",
        dialog=False,
    )
    def keys(
        self, request: HttpRequest, row: CompanyImport, answers: dict[str, Any]
    ) -> HttpResponse:
        secrets = imports.take_secrets(row, by=memberships.actor(request))
        return import_files.result(request, row, "csv", secrets)

    @operation(
        _("Delete"),
        description=_("The file and its lines are forgotten. Companies that were imported stay."),
        right=Right.CHANGE,
        when=lambda row: row.state != State.RUNNING,
        icon="delete",
        variant=ActionVariant.DANGER,
    )
    def discard(self, request: HttpRequest, row: CompanyImport, answers: dict[str, Any]) -> str:
        imports.discard(row, by=memberships.actor(request))
        return gettext("The import is deleted.")
