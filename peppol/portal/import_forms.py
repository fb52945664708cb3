"""What the portal asks to import a file of companies."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peppol import spreadsheets
from peppol.portal import import_files
from peppol.services.imports import uploads
from peppol.services.imports.columns import COLUMNS
from tenants.access import memberships
from tenants.errors import Invalid
from tenants.ui import display
from tenants.ui.forms import Group
from tenants.ui.operations import Ask
from tenants.ui.profile_fields import countries


class Options(Ask):
    """What is to be done with every company of a file."""

    register = forms.BooleanField(
        label=_("Register them on the network"),
        required=False,
        initial=True,
        help_text=_("Those that have a Peppol identifier, or whose numbers lead to one."),
    )
    with_keys = forms.BooleanField(
        label=_("Issue an API key for each"),
        required=False,
        help_text=_("You can download them once. Your platform key reaches them all as well."),
    )


class AskFile(Options):
    """Which file to import."""

    file = forms.FileField(label=_("CSV file or Excel workbook"), allow_empty_file=True)
    field_order = ["file", "register", "with_keys"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".csv,.txt,.xlsx"
        links = [
            reverse("portal:peppol_companyimport_template", args=[format])
            for format in import_files.FORMATS
        ]
        self.fields["file"].help_text = format_html(
            '{} <span class="gh-help"><a href="{}">CSV</a> · <a href="{}">Excel</a></span>',
            gettext(
                "Up to 5,000 companies, with titles in the first line. A template to start with:"
            ),
            *links,
        )

    def clean_file(self) -> spreadsheets.Sheet | bytes:
        """What stands in it; the file itself where the worker reads it."""
        upload = self.cleaned_data["file"]
        self.cleaned_data["filename"], self.cleaned_data["size"] = upload.name, upload.size
        try:
            content = spreadsheets.bounded(upload.file, upload.size)
            if not uploads.is_quickly_read(content):
                return content
            return spreadsheets.read(content)
        except Invalid as refusal:
            raise forms.ValidationError(display.refusal(refusal)) from None


class AskColumns(Options):
    """In which column of the file each field stands."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        batch = self.row
        options = {name: self.fields.pop(name) for name in ("register", "with_keys")}
        choices = [("", "–")]
        choices += [(str(n), title or f"#{n + 1}") for n, title in enumerate(batch.columns)]
        for name, column in COLUMNS.items():
            place = batch.mapping.get(name)
            self.add(
                name,
                forms.ChoiceField(
                    label=_(column.title),
                    choices=choices,
                    required=False,
                    initial="" if place is None else str(place),
                ),
            )
        home = dict(countries()).get(memberships.organization(self.request).country)
        if home:
            said = gettext("Without this column: %(country)s.") % {"country": home}
            self.fields["country"].help_text = said
        for name, field in options.items():
            field.initial = getattr(batch, name)
            field.wide = True
            self.fields[name] = field

    @property
    def groups(self) -> list[Any]:
        return [
            Group(_("Columns"), [self[name] for name in COLUMNS]),
            Group(_("What to do"), [self["register"], self["with_keys"]]),
        ]

    def mapping(self) -> dict[str, int]:
        found = ((name, self.cleaned_data.get(name)) for name in COLUMNS)
        return {name: int(place) for name, place in found if place}

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        answers["mapping"] = self.mapping()
        return answers
