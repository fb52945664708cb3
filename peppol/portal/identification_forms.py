"""What is asked of who a company is: one form for the portal and for a company's own people."""

from typing import Any, cast

from django import forms
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from unfold import widgets

from peppol.models import Identification
from peppol.services.identification import confirmations, evidence, identification
from peppol.services.identification.evidence import HandedIn
from tenants.access import memberships
from tenants.models import Organization
from tenants.ui.choices import AskFor, preselected
from tenants.ui.forms import Form
from tenants.ui.operations import Ask

Method = Identification.Method


class Files(widgets.UnfoldAdminFileFieldWidget):
    """A field for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each as it is handed in."""

    widget = Files

    def clean(self, data: Any, initial: Any = None) -> list[HandedIn]:
        """The files that were chosen; of a large one no more is read than shows that it is."""
        chosen = data if isinstance(data, list | tuple) else [data] if data else []
        files = [super(FilesField, self).clean(one, initial) for one in chosen]
        most = evidence.LARGEST + 1
        return [HandedIn(one.name, one.read(most)) for one in files[: evidence.MOST_FILES + 1]]


class IdentificationForm(Form):
    """Who `company` is and who speaks for it. What is known of it stands there already.

    `may_vouch` is for the company's platform, where the operator trusts it with that.
    """

    legal_name = forms.CharField(label=_("Legal name"), max_length=255)
    register_number = forms.CharField(
        label=_("Number in the register"), max_length=64, required=False
    )
    representative = forms.CharField(
        label=_("Who represents the company"),
        max_length=255,
        help_text=_("First and last name, as in the register or on the identity card."),
    )
    authority = forms.ChoiceField(
        label=_("In what capacity"), choices=Identification.Authority.choices
    )
    method = forms.ChoiceField(label=_("What proves it"), choices=Method.choices)
    reference = forms.CharField(
        label=_("IBAN, or reference of the provider"),
        max_length=255,
        required=False,
        help_text=_("Of a bank account of the company, or of an electronic identification."),
    )
    evidence = FilesField(
        label=_("Evidence"),
        required=False,
        allow_empty_file=True,
        help_text=format_lazy(
            _("PDF, PNG or JPEG, up to {files} files of {most} MB. It is kept encrypted."),
            files=evidence.MOST_FILES,
            most=evidence.LARGEST // 2**20,
        ),
    )

    def __init__(
        self, *args: Any, company: Organization, may_vouch: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        known = confirmations.fill(company)
        last = Identification.objects.filter(organization=company).first()
        for name in identification.FIELDS:
            given = getattr(last, name) if last else ""
            self.fields[name].initial = given or known.get(name, "")
        self.fields["evidence"].widget.attrs |= {"accept": ".pdf,.png,.jpg,.jpeg"}
        if not may_vouch:
            offered = [one for one in Method.choices if one[0] != Method.PLATFORM]
            self.fields["method"].choices = offered

    @property
    def facts(self) -> dict[str, str]:
        """What was said, once the form is valid: for `identification.submit`."""
        return {name: self.cleaned_data[name] for name in identification.FIELDS}

    @property
    def handed_in(self) -> list[HandedIn]:
        """The files that go with it."""
        return cast(list[HandedIn], self.cleaned_data["evidence"])


class AskIdentification(IdentificationForm, Ask):
    """The same, of the company that a row is about."""

    def __init__(self, *args: Any, row: Identification, request: HttpRequest, **kwargs: Any):
        company = row.organization
        may_vouch = _may_vouch(request, company)
        super().__init__(
            *args, company=company, may_vouch=may_vouch, row=row, request=request, **kwargs
        )


class AskOfCompany(IdentificationForm, AskFor):
    """The same, of one's own organization or one of its companies; `?organization=` says which."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        company = preselected(request)
        may_vouch = _may_vouch(request, company)
        super().__init__(*args, company=company, may_vouch=may_vouch, request=request, **kwargs)


def _may_vouch(request: HttpRequest, company: Organization) -> bool:
    """Whether the caller is the company's platform, and trusted to say who it is."""
    caller = memberships.organization(request)
    return company.parent_id == caller.pk and identification.may_review(company, caller)
