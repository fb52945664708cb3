"""A company's page as one place: a tab for everything that belongs to it, as far as one may see."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apikeys.columns import OLD
from apikeys.models import ApiKey
from peppol import document_types
from peppol.models import DailyUsage, Document, Mandate, MonthlyUsage, Participant, Transfer
from peppol.portal.client_links import title_of
from peppol.services.registration import cards, participants
from tenants.access import roles
from tenants.access.gate import Right, takes
from tenants.access.roles import Area
from tenants.models import ClientLink, Company, Invitation, Membership
from tenants.ui import charts
from tenants.ui.operations import offers
from tenants.ui.pages import Page
from tenants.ui.scoped import scope
from tenants.ui.sites import portal
from webhooks.models import Endpoint

# Of a kind so many are shown; the rest is a click away.
_SHOWN = 25
_DAYS = 30
_UNDER_WAY = ("pending", "publishing", "waiting", "unregistering")
_ON_PARTICIPANTS = (
    "retry",
    "register_noted",
    "await_release",
    "take_over",
    "send_only",
    "hand_over",
    "unregister",
)
_ON_TRANSFERS = ("show_key", "finish", "cancel")
_ON_CARD = ("describe",)
_ON_KEYS = ("rotate", "enable", "disable", "revoke")
_ON_COMPANY = {
    "users": ("invite", "remove_user"),
    "client": ("ask_client", "draw_up", "take_copy"),
}
_ON_ENDPOINTS = ("test", "enable", "disable", "replay_failed", "rotate", "delete")


@dataclass(frozen=True)
class Tab:
    """One tab: where it is, whether this is it."""

    key: str
    title: Any
    link: str
    here: bool


@dataclass(frozen=True)
class _Kind:
    """What a tab shows: whose right it takes, and how its facts are gathered."""

    title: Any
    may: Callable[[HttpRequest], bool]
    page_context: Callable[..., dict[str, Any]]
    add: str = ""
    add_text: Any = ""
    changes: Area | None = None


def _sees(*areas: Area) -> Callable[[HttpRequest], bool]:
    return lambda request: any(roles.sees(request, area) for area in areas)


class CompanyTabs(Page):
    """The tabs of a company's page. Goes before the page's own class."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        address = "<path:object_id>/tab/<str:tab>/"
        own = path(address, view(self.tab), name="tenants_company_tab")
        return [own, *super().get_urls()]

    @takes(Right.SEE)
    def tab(self, request: HttpRequest, object_id: str, tab: str) -> HttpResponse:
        """One tab; with `?part=1` what the page follows alone."""
        row = self.row(request, object_id)
        kind = _TABS.get(tab)
        may = self.has_view_permission(request, row)
        if row is None or kind is None or not (may and kind.may(request)):
            raise Http404
        here = request.path
        page_context = kind.page_context(request, row, here)
        template = f"portal/companies/tab_{tab}.html"
        if "part" in request.GET:
            return TemplateResponse(request, template, page_context)
        detail = self.actions_detail
        offered = self.get_actions_detail(request, row.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": row.title,
            "media": self.media,
            "actions_detail": self._get_actions_navigation(detail, offered, row.pk),
            "company": self.head(request, row, tab),
            "tab": kind,
            "tab_template": template,
            "follow": f"{here}?part=1" if page_context.get("under_way") else "",
            "add": self._add(request, row, kind, here),
            "add_text": kind.add_text,
            "invite": offers(self, request, row, _ON_COMPANY.get(tab, ()), here),
            **page_context,
        }
        return TemplateResponse(request, "portal/companies/tab.html", context)

    def head(self, request: HttpRequest, row: Company, here: str) -> dict[str, Any]:
        """The context of what stands above every tab."""
        seen = roles.sees(request, Area.REGISTRATIONS)
        rows = scope(Participant, request).filter(organization=row.pk) if seen else ()
        return {
            "row": row,
            "leading": participants.leading(list(rows)),
            "tabs": [*self._tabs(request, row, here)],
        }

    def _tabs(self, request: HttpRequest, row: Company, here: str) -> Any:
        stem = "portal:tenants_company"
        yield Tab("", _("Company"), reverse(f"{stem}_change", args=[row.pk]), not here)
        for key, kind in _TABS.items():
            if kind.may(request):
                link = reverse(f"{stem}_tab", args=[row.pk, key])
                yield Tab(key, kind.title, link, here == key)
        if roles.sees(request, Area.HISTORY):
            link = reverse(f"{stem}_history", args=[row.pk])
            yield Tab("history", _("History"), link, here == "history")

    def _add(self, request: HttpRequest, row: Company, kind: _Kind, here: str) -> str:
        if not kind.add or kind.changes is None or not roles.changes(request, kind.changes):
            return ""
        return f"{reverse(f'portal:{kind.add}_add')}?organization={row.pk}&next={here}"

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        may = row is not None and self.has_view_permission(request, row)
        head = {"company": self.head(request, row, "history")} if may else {}
        return super().history_view(request, object_id, head)


def _page(model: type[Any]) -> Any:
    return portal._registry[model]


def _list(page: str, row: Company, count: int) -> str:
    """The list that shows the rest, where there is one."""
    link = f"{reverse(f'portal:{page}_changelist')}?organization={row.pk}"
    return link if count == _SHOWN else ""


def _registrations(request: HttpRequest, row: Company, here: str) -> dict[str, Any]:
    page, moves = _page(Participant), _page(Transfer)
    rows = page.get_queryset(request).filter(organization=row.pk).order_by("-id")[:_SHOWN]
    open_moves = {
        one.participant_id: one
        for one in moves.get_queryset(request).open().filter(organization=row.pk)
    }
    entries = []
    for one in rows:
        move = open_moves.get(one.pk)
        entries.append(
            {
                "row": one,
                "offers": offers(page, request, one, _ON_PARTICIPANTS, here),
                "transfer": move,
                "transfer_offers": move and offers(moves, request, move, _ON_TRANSFERS, here),
            }
        )
    under_way = any(e["row"].state in _UNDER_WAY or e["row"].next_attempt_at for e in entries)
    company, said = _page(Company), cards.shown(row)
    return {
        "entries": entries,
        "card": said,
        "receives": [document_types.name_of(uri) for uri in said["document_types"]],
        "card_offers": offers(company, request, row, _ON_CARD, here),
        "under_way": under_way,
        "all": _list("peppol_participant", row, len(entries)),
    }


def _rows(page: Any, request: HttpRequest, row: Company, names: Any, here: str) -> list[Any]:
    rows = page.get_queryset(request).filter(organization=row.pk).order_by("-id")[:_SHOWN]
    return [{"row": one, "offers": offers(page, request, one, names, here)} for one in rows]


def _keys(request: HttpRequest, row: Company, here: str) -> dict[str, Any]:
    entries = _rows(_page(ApiKey), request, row, _ON_KEYS, here)
    old = timezone.now() - OLD
    for one in entries:
        one["is_old"] = one["row"].state == "active" and one["row"].created_at < old
    return {"entries": entries, "all": _list("apikeys_apikey", row, len(entries))}


def _webhooks(request: HttpRequest, row: Company, here: str) -> dict[str, Any]:
    entries = _rows(_page(Endpoint), request, row, _ON_ENDPOINTS, here)
    return {"entries": entries, "all": _list("webhooks_endpoint", row, len(entries))}


def _documents(request: HttpRequest, row: Company, here: str) -> dict[str, Any]:
    rows = scope(Document, request).filter(organization=row.pk).order_by("-id")
    entries = list(rows[:_SHOWN])
    return {"entries": entries, "all": _list("peppol_document", row, len(entries))}


def _usage(request: HttpRequest, row: Company, here: str) -> dict[str, Any]:
    today = timezone.now().date()
    start = today - timedelta(days=_DAYS - 1)
    daily = scope(DailyUsage, request).filter(organization=row.pk).between(start, today)
    by_day = {one["on"]: one for one in daily.by_day()}
    monthly = scope(MonthlyUsage, request).filter(organization=row.pk)
    return {
        "totals": {
            name: sum(one[name] for one in by_day.values())
            for name in ("sent", "received", "failed")
        },
        "chart": charts.daily(
            _("Documents a day"),
            (_("Sent"), _("Received")),
            {day: (one["sent"], one["received"]) for day, one in by_day.items()},
            start,
            today,
        ),
        "months": monthly.by_day().order_by("-on")[:12],
    }


def _users(request: HttpRequest, row: Company, here: str) -> dict[str, Any]:
    members = scope(Membership, request).filter(organization=row.pk).select_related("user")
    invited = scope(Invitation, request).filter(organization=row.pk).unanswered()
    return {
        "members": members.order_by("user__email")[:_SHOWN],
        "invitations": invited.order_by("-id")[:_SHOWN],
    }


def _client(request: HttpRequest, row: Company, here: str) -> dict[str, Any]:
    """What the company's own people did, and are asked."""
    links = _rows(_page(ClientLink), request, row, ("show_address", "revoke"), here)
    return {
        "mandates": _rows(_page(Mandate), request, row, ("revoke",), here),
        "links": [{**one, "title": title_of(one["row"])} for one in links],
    }


_TABS = {
    "registrations": _Kind(
        _("Registrations"),
        _sees(Area.REGISTRATIONS),
        _registrations,
        "peppol_participant",
        _("Register an identifier"),
        Area.REGISTRATIONS,
    ),
    "keys": _Kind(
        _("API keys"), _sees(Area.KEYS), _keys, "apikeys_apikey", _("Issue a key"), Area.KEYS
    ),
    "webhooks": _Kind(
        _("Webhooks"),
        _sees(Area.WEBHOOKS),
        _webhooks,
        "webhooks_endpoint",
        _("Add a webhook"),
        Area.WEBHOOKS,
    ),
    "documents": _Kind(
        _("Documents"),
        _sees(Area.DOCUMENTS),
        _documents,
        "peppol_document",
        _("Send a document"),
        Area.DOCUMENTS,
    ),
    "usage": _Kind(_("Usage"), _sees(Area.DOCUMENTS, Area.BILLING), _usage),
    "users": _Kind(_("Users"), _sees(Area.TEAM), _users),
    "client": _Kind(_("Client"), _sees(Area.COMPANIES), _client),
}
