"""What whoever opened a client link does there: a page for each purpose."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tenants.errors import DomainError
from tenants.models import ClientLink, Organization
from tenants.portal.profile_forms import Home
from tenants.services import client_links, client_origins, organizations
from tenants.services.client_links import Purpose
from tenants.services.client_profile import ASKED, KNOWN_BY, NEEDED, PROFILE
from tenants.ui.forms import Form
from tenants.ui.profile_fields import asked
from tenants.web.content_policy import allow_frames


class ClientForm(Form):
    """What a client is asked, of the company of the link."""

    def __init__(self, *args: Any, company: Organization, **kwargs: Any) -> None:
        self.company = company
        super().__init__(*args, **kwargs)


class ClientPage:
    """The page of one purpose: a form that is sent once, unless `answer` says otherwise."""

    # Made with `company`.
    form: type[Form] = ClientForm
    template = "client/page.html"
    submit: Any = _("Send")
    done: Any = _("Thank you. That is all.")

    def __init__(self, request: HttpRequest, link: ClientLink) -> None:
        self.request, self.link = request, link
        self.company: Organization = link.organization

    def answer(self, rest: str) -> HttpResponse:
        """The page (GET), or what became of what was sent (POST). `rest` is what follows the
        visit's address."""
        if rest:
            raise Http404
        request = self.request
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        made: Any = self.form
        form = made(*sent, company=self.company)
        if sent and form.is_valid():
            try:
                return self._use(form)
            except DomainError as refusal:
                if refusal.code.startswith("link_"):
                    raise
                form.refuse(refusal)
        return self.show(self.template, {"form": form, "submit": self.submit, **self.context()})

    @transaction.atomic
    def _use(self, form: Form) -> HttpResponse:
        client_links.use(self.link)
        self.save(form)
        return self.finished()

    def save(self, form: Any) -> None:
        """Have a service do what a valid form asks, in the transaction that uses the link up."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """What the page's own template shows besides the form."""
        return {}

    def finished(self) -> HttpResponse:
        """What follows the use: thanks, and the way back."""
        return self.show("client/done.html", {"done": self.done})

    def show(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """A page of the link's, in the platform's looks."""
        return show(self.request, self.link, template, context, status)

    def guarded(self, response: Any) -> Any:
        """A file of the link's, with the headers of its pages."""
        return guarded(self.request, self.link, response)


PAGES: dict[str, type[ClientPage]] = {}


def serves(purpose: Purpose) -> Any:
    """Class decorator: this is the page of that purpose."""

    def enter(page: type[ClientPage]) -> type[ClientPage]:
        PAGES[purpose.name] = page
        return page

    return enter


def show(
    request: HttpRequest,
    link: ClientLink | None,
    template: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """A page about a link, for the frames of its platform's sites only."""
    facts: dict[str, Any] = {}
    platform = link.organization.parent if link is not None else None
    if link is not None and platform is not None:
        # The platform may have taken the origin away since.
        allowed = client_origins.of(platform)
        back = link.return_url if client_origins.origin_of(link.return_url) in allowed else ""
        facts = {
            "company": link.organization,
            "purpose": client_links.PURPOSES[link.purpose],
            "platform": platform.title,
            "client_link": link,
            "back": back,
        }
    return guarded(request, link, render(request, template, {**facts, **context}, status=status))


def guarded(request: HttpRequest, link: ClientLink | None, response: Any) -> Any:
    """An answer about a link with what keeps its address a secret."""
    platform = link.organization.parent if link is not None else None
    allow_frames(request, response, client_origins.of(platform) if platform else ())
    # The address is a secret: no cache, no log of another site and no search engine shall have it.
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "strict-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Language"] = get_language() or "en"
    return response


# --- The company's details ------------------------------------------------------------------------
class ProfileForm(ClientForm):
    """A company's details. What it is known by is asked only where it is not known."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ASKED:
            there = getattr(self.company, name)
            options = {"required": name in NEEDED, "initial": there}
            field = (
                Home(label=_("Country"), **options) if name == "country" else asked(name, **options)
            )
            self.add(name, field)
            if there and name in KNOWN_BY:
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not (found.get("company_number") or found.get("vat_number")):
            sentence = _("We need the company number or the VAT number.")
            self.add_error("company_number", forms.ValidationError(sentence))
        return found


@serves(PROFILE)
class ProfilePage(ClientPage):
    """The form of the company's own details."""

    form = ProfileForm

    def save(self, form: Any) -> None:
        known = {name: form.cleaned_data[name] for name in ASKED}
        organizations.update(self.company, known, by=client_links.actor_of(self.link))
