"""What the portal asks to import a file of companies."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peppol import spreadsheets
from peppol.portal import import_files, import_pages
from peppol.services.imports import columns, uploads
from peppol.services.imports.columns import COLUMNS, NUMBERS
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


class AskFile(Ask):
    """Which file to import."""

    file = forms.FileField(label=_("CSV file or Excel workbook"), allow_empty_file=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs |= {"accept": ".csv,.txt,.xlsx", "data-send-at-once": ""}
        links = [
            reverse("portal:peppol_companyimport_template", args=[format])
            for format in import_files.FORMATS
        ]
        self.fields["file"].help_text = format_html(
            '{} <span class="gh-help"><a href="{}">CSV</a> · <a href="{}">Excel</a></span>',
            gettext(
                "Up to 5,000 companies, as your program exports them. It is read as soon as you "
                "choose it; nothing is imported yet. A template to start with:"
            ),
            *links,
        )

    def clean_file(self) -> spreadsheets.Sheet | bytes:
        """What stands in it; the file itself where the worker reads it."""
        upload = self.cleaned_data["file"]
        self.cleaned_data["filename"] = upload.name
        try:
            content = spreadsheets.bounded(upload.file, upload.size)
            self.cleaned_data["content"] = content
            if not uploads.is_quickly_read(content):
                return content
            return spreadsheets.read(content, score=columns.score)
        except Invalid as refusal:
            raise forms.ValidationError(display.refusal(refusal)) from None


class AskColumns(Options):
    """In which column of the file each field stands."""

    without_numbers = forms.BooleanField(
        label=_("This file has no numbers of companies"),
        required=False,
        help_text=_("Then nobody is registered, and no company is recognised that you have."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        batch = self.row
        options = {name: self.fields.pop(name) for name in ("register", "with_keys")}
        without = self.fields.pop("without_numbers")
        choices = [("", "–"), *import_pages.choices(batch)]
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
            said = gettext("Without this column: the VAT number's country, else %(country)s.")
            self.fields["country"].help_text = said % {"country": home}
        if not batch.mapping.keys() & set(NUMBERS):
            without.wide = True
            self.fields["without_numbers"] = without
        for name, field in options.items():
            field.initial = getattr(batch, name)
            field.wide = True
            self.fields[name] = field

    @property
    def trail(self) -> list[dict[str, Any]]:
        return import_pages.trail("columns")

    @property
    def groups(self) -> list[Any]:
        asked = [self[name] for name in (*NUMBERS, "without_numbers") if name in self.fields]
        main = [name for name, column in COLUMNS.items() if column.offered and name not in NUMBERS]
        parts = [name for name, column in COLUMNS.items() if not column.offered]
        return [
            Group(_("Numbers"), asked, import_pages.about_numbers(self.row)),
            Group(
                _("Columns"), [self[name] for name in main], import_pages.about_columns(self.row)
            ),
            Group(
                _("Parts"),
                [self[name] for name in parts],
                _("Where a file keeps apart what belongs together."),
            ),
            Group(_("What to do"), [self["register"], self["with_keys"]]),
        ]

    def mapping(self) -> dict[str, int]:
        found = ((name, self.cleaned_data.get(name)) for name in COLUMNS)
        return {name: int(place) for name, place in found if place}

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        answers["mapping"] = self.mapping()
        return answers


class AskReading(Ask):
    """How a file is to be read: its sheet, what is between its columns, where its titles are."""

    sheet = forms.ChoiceField(label=_("Sheet"))
    separator = forms.ChoiceField(
        label=_("Between the columns"),
        choices=[
            (",", _("Comma")),
            (";", _("Semicolon")),
            ("\t", _("Tab")),
            ("|", _("Bar")),
        ],
    )
    titles = forms.TypedChoiceField(label=_("Line of titles"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        read = self.row.reading
        sheets = read.get("sheets", [])
        self.fields["sheet"].choices = [(one, one) for one in sheets]
        self.fields["titles"].choices = import_pages.first_lines(self.row)
        for name in ("sheet", "separator", "titles"):
            self.fields[name].initial = read.get(name)
            self.fields[name].widget.choices = self.fields[name].choices
        for name in ("separator",) if sheets else ("sheet",):
            del self.fields[name]
        if len(sheets) == 1:
            del self.fields["sheet"]
