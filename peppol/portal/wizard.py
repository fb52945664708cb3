"""Onboarding a company step by step: what is known need not be asked.

The first step is the page behind "New company". What it finds out decides which step comes next:
those with nothing to decide are skipped, and can be gone back to from the last.
"""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext

from apikeys import columns as keys
from peppol import written_numbers
from peppol.portal import steps
from peppol.portal.progress import progress_of
from peppol.registers import company_lookup
from peppol.services.companies.onboarding import KeyRequest, Onboarded, WebhookRequest, onboard
from tenants.access import memberships
from tenants.access.gate import Right, takes
from tenants.errors import DomainError
from tenants.models import Company
from tenants.ui import form_drafts, interrupted, revelations
from tenants.ui.form_drafts import FormDraft
from tenants.ui.pages import Page
from webhooks import columns as hooks

_HEADERS = {"Cache-Control": "no-store"}


def start(request: HttpRequest, answers: dict[str, Any]) -> HttpResponse:
    """Look the number up and go to the first step that has something to decide."""
    draft = form_drafts.begin(request)
    number = answers["number"]
    found = company_lookup.find(answers["country"], number) if number else company_lookup.Found()
    draft.answers = {
        "asked": {"country": answers["country"], "number": number},
        "profile": {"country": answers["country"], **found.profile},
        "source": found.source,
        "doubt": found.doubt,
    }
    known = found.source in ("register", "vies") and not found.doubt
    next_step = _after_profile(draft) if known else "profile"
    form_drafts.keep(request, draft)
    return redirect(_address(draft, next_step))


def _after_profile(draft: FormDraft) -> str:
    """The next step: the network's is skipped where one sound identifier suggests itself."""
    offered = steps.offers(draft.answers["profile"])
    if not offered or offered[0].doubts:
        return "network"
    draft.answers |= {"identifier": offered[0].value, "register": True, "send_only": False}
    return "check"


def tell_of_drafts(request: HttpRequest) -> None:
    """Say on the page to come that a company was begun, and where to go on with it."""
    if request.method != "GET":
        return
    for draft in form_drafts.waiting(request)[:1]:
        profile, asked = draft.answers.get("profile", {}), draft.answers.get("asked", {})
        name = profile.get("name") or asked.get("number") or gettext("a company without a name")
        sentence = format_html(
            gettext("A draft waits for you: {name}. {go_on}"),
            name=name,
            go_on=format_html(
                '<a href="{}" class="text-link">{}</a>', _furthest(draft), gettext("Go on with it")
            ),
        )
        messages.info(request, sentence)


def _furthest(draft: FormDraft) -> str:
    """The first step of a draft that is yet to be answered."""
    if "name" not in draft.answers["profile"]:
        return _address(draft, "profile")
    return _address(draft, "check" if "identifier" in draft.answers else "network")


def _profile(draft: FormDraft, answers: dict[str, Any]) -> dict[str, Any]:
    """The company as it was entered, its numbers in the form in which they are kept."""
    before, country = draft.answers["profile"], answers["country"]
    profile = {name: value for name, value in answers.items() if value}
    profile["company_number"] = written_numbers.company_number(country, answers["company_number"])
    profile["vat_number"] = written_numbers.vat_number(country, answers["vat_number"])
    # The register knew that the address is abroad, and it is still that address.
    if all(before.get(one) == answers[one] for one in ("address_line1", "city")):
        profile["address_country"] = before.get("address_country", "")
    return {name: value for name, value in profile.items() if value}


def _outcome(draft: FormDraft) -> str:
    """The page that follows what a draft became, where its secrets are shown if there are any."""
    page = reverse("portal:tenants_company_progress", args=[draft.made])
    return f"{page}?shown={draft.shown}" if draft.shown else page


def _address(draft: FormDraft, step: str) -> str:
    return reverse("portal:tenants_company_step", args=[draft.key, step])


class Onboarding(Page):
    """The steps after the first, and the page that shows how far a registration is."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("add/<str:key>/<str:step>/", view(self.step), name="tenants_company_step"),
            path(
                "<path:object_id>/progress/", view(self.progress), name="tenants_company_progress"
            ),
            *super().get_urls(),
        ]

    @takes(Right.CREATE, platforms=True)
    def step(self, request: HttpRequest, key: str, step: str) -> HttpResponse:
        """Show a step (GET), or take its answers and go on (POST)."""
        interruption = interrupted.resume(request)
        draft = form_drafts.find(request, key)
        if draft is None and interruption is not None:
            draft = form_drafts.revive(request, request.POST.get("draft", ""))
        if draft is not None and draft.made:
            return redirect(_outcome(draft))
        if draft is None or step not in steps.FORMS:
            return redirect("portal:tenants_company_add")
        if request.method == "POST" and "discard" in request.POST and interruption is None:
            form_drafts.forget(request, draft.key)
            messages.success(request, gettext("The draft is thrown away."))
            return redirect("portal:tenants_company_changelist")
        if step != "profile" and "name" not in draft.answers["profile"]:
            return redirect(_address(draft, "profile"))
        if step == "check" and "identifier" not in draft.answers:
            return redirect(_address(draft, "network"))
        form = self._form(request, draft, step)
        if interruption is not None:
            form.refuse(interruption)
        elif request.method == "POST" and form.is_valid():
            if step == "check":
                return self._finish(request, form, draft)
            return self._go_on(request, form, draft)
        return self._show(request, form, draft)

    def _form(self, request: HttpRequest, draft: FormDraft, step: str) -> steps.Step:
        given = (request.POST,) if request.method == "POST" else ()
        return steps.FORMS[step](*given, admin=self, request=request, row=draft)

    def _go_on(self, request: HttpRequest, form: steps.Step, draft: FormDraft) -> HttpResponse:
        answers = form.cleaned_data
        if form.step == "profile":
            profile = _profile(draft, answers)
            changed = draft.answers["profile"] != profile
            draft.answers |= {"profile": profile, "doubt": ""}
            if changed:
                draft.answers.pop("identifier", None)
            next_step = "check" if "identifier" in draft.answers else _after_profile(draft)
        else:
            draft.answers |= {
                name: answers[name] for name in ("identifier", "register", "send_only")
            }
            next_step = "check"
        form_drafts.keep(request, draft)
        return redirect(_address(draft, next_step))

    def _show(self, request: HttpRequest, form: steps.Step, draft: FormDraft) -> HttpResponse:
        profile = draft.answers["profile"]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": form.title,
            "dialog": {"description": form.lead},
            "form": form,
            "form_submit_text": form.submit,
            "media": self.media + form.media,
            "back": reverse("portal:tenants_company_changelist"),
            "doubt": draft.answers.get("doubt") if form.step == "profile" else "",
            "hint": steps.said_of(draft.answers.get("source", "")),
            "answers": draft.answers,
            "draft": form_drafts.token(draft),
            "facts": steps.facts(profile),
            "links": {step: _address(draft, step) for step in ("profile", "network")},
            "namesakes": self._namesakes(request, profile) if form.step == "check" else (),
        }
        return TemplateResponse(request, "portal/onboarding/step.html", context)

    def _namesakes(self, request: HttpRequest, profile: dict[str, str]) -> Any:
        """Companies that the caller has already under one of these numbers."""
        rows = self.get_queryset(request).prefetch_related(None)
        numbers = [
            {name: profile[name]} for name in ("company_number", "vat_number") if name in profile
        ]
        found = [row for one in numbers for row in rows.filter(**one)[:3]]
        return {row.pk: row for row in found}.values()

    @transaction.atomic
    def _finish(self, request: HttpRequest, form: Any, draft: FormDraft) -> HttpResponse:
        """Onboard the company; a second click finds the first one's company."""
        latest = form_drafts.lock(request, draft.key)
        if latest is None:
            return redirect(_address(draft, "check"))
        if latest.made:
            return redirect(_outcome(latest))
        try:
            if draft.answers["register"]:
                steps.check_ours(request, draft.answers["identifier"])
            made = _onboard(request, draft, form)
        except DomainError as refusal:
            form.refuse(refusal)
            return self._show(request, form, draft)
        secrets = [keys.secret_of(made.key, made.key_secret)] if made.key else []
        secrets += [hooks.secret_of(made.endpoint_secret)] if made.endpoint else []
        word = revelations.hold(request, secrets) if secrets else ""
        form_drafts.settle(request, draft, made.company.pk, word)
        return redirect(_outcome(draft))

    # --- How far it is ----------------------------------------------------------------------------

    @takes(Right.SEE)
    def progress(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The steps of a company's registration; with `?part=1` the list alone."""
        row = self.row(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        if "part" in request.GET:
            context = {"progress": progress_of(request, row)}
            return TemplateResponse(
                request, "portal/onboarding/progress.html", context, headers=_HEADERS
            )
        secrets = revelations.let_go(request, request.GET.get("shown", ""))
        return self._progress_page(request, row, secrets)

    def _progress_page(
        self, request: HttpRequest, row: Company, secrets: list[Any]
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": gettext("%(company)s is created") % {"company": row.title},
            "secrets": secrets,
            "progress": progress_of(request, row),
            "address": reverse("portal:tenants_company_progress", args=[row.pk]),
            "company_page": reverse("portal:tenants_company_change", args=[row.pk]),
            "media": self.media,
        }
        return TemplateResponse(
            request, "portal/onboarding/progress_page.html", context, headers=_HEADERS
        )


def _onboard(request: HttpRequest, draft: FormDraft, form: steps.AskAccess) -> Onboarded:
    access = form.cleaned_data
    url = access["webhook"]
    return onboard(
        memberships.organization(request),
        draft.answers["profile"],
        by=memberships.actor(request),
        key=KeyRequest(name=gettext("First key")) if access["with_key"] else None,
        webhook=WebhookRequest(url=url, event_types=("*",)) if url else None,
        identifier=draft.answers["identifier"] or None,
        register=draft.answers["register"],
        card=form.card(),
        send_only=draft.answers.get("send_only", False),
    )
