"""The two admin sites: the operator's at `/admin/`, the reseller's at `/portal/`."""

from collections.abc import Callable, Iterator
from functools import cached_property, wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST
from unfold.sites import UnfoldAdminSite

from tenants.access import memberships, roles
from tenants.access.gate import open_to_all
from tenants.row_security import in_scope, limit_rows_to, one_transaction
from tenants.ui import impersonation, interrupted, paging, revelations, settings_page, theme
from tenants.ui import search as ui_search
from tenants.ui.navigation import Group, Navigation

View = Callable[..., HttpResponseBase]


class Offered(AutocompleteJsonView):
    """What may be chosen, of what somebody types."""

    def get_paginator(self, *args: Any, **kwargs: Any) -> paging.Following:
        return paging.Following(*args, **kwargs)


class Site(UnfoldAdminSite):
    """What both sites share: one sign-in for people, no page that serves any object by its id.

    `groups` is the sidebar; the project hands it in at start.
    """

    groups: tuple[Group, ...] = ()

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Send strangers to the sign-in, and tell people in the wrong place so."""
        here = reverse(f"{self.name}:index")
        if self.has_permission(request):
            return redirect(here)
        if request.user.is_authenticated:
            return render(request, "ui/no_access.html", {"site": self.name}, status=403)
        query = urlencode({"next": request.GET.get("next", here)})
        return redirect(f"{reverse('account_login')}?{query}")

    @method_decorator(require_POST)
    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        logout(request)
        return redirect("account_login")

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        return redirect("account_change_password")

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Django's, and whatever the page is made of, its links lead to this site."""

        @wraps(view)
        def here(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.current_app = self.name
            return view(request, *args, **kwargs)

        guarded: View = super().admin_view(here, cacheable)

        @wraps(view)
        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method != "POST" or request.user.is_authenticated:
                return guarded(request, *args, **kwargs)
            # Whoever was signed out in the middle of a form finds it after signing in again.
            interrupted.keep(request)
            return interrupted.send_back(request)

        return kept

    def app_index(
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Apps are how the code is sorted, and nothing that a user looks for."""
        return redirect(f"{self.name}:index")

    def search(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Answer the search box. Unfold's own keeps what it found for five minutes per user,
        across sites and organizations."""
        return ui_search.answer(self, request)

    @open_to_all
    def shown_once(self, request: HttpRequest, word: str) -> HttpResponse:
        """The page that shows secrets which were made a moment ago."""
        return revelations.show(request, word, site=self)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:
        return Offered.as_view(admin_site=self)(request)

    def get_urls(self) -> list[URLPattern]:
        shown = path("shown/<str:word>/", self.admin_view(self.shown_once), name="shown_once")
        # The shortcut `r/<type>/<id>/` redirects to any object there is, and so says which exist.
        kept = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        return [shown, *kept]

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """Nothing: no page lists apps, and to gather them takes a tenth of a page's time."""
        return []

    @cached_property
    def navigation(self) -> Navigation:
        """Made at the first page, for addresses are not known before."""
        return Navigation(self.name, self.groups)

    def _get_config(self, key: str, *args: Any) -> Any:
        """Unfold's, which copies navigation before it notes in it who may see what."""
        if key == "SIDEBAR":
            return self.navigation.sidebar
        return self.navigation.tabs if key == "TABS" else super()._get_config(key, *args)

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Unfold's, with the badges of those entries that the caller sees."""
        groups: list[dict[str, Any]] = super().get_sidebar_list(request)
        for item in (item for group in groups for item in group["items"]):
            if "badge" in item:
                text = item["badge"](request) if item["has_permission"] else ""
                item["badge"] = item["badge_callback"] = text
        return groups

    def frame(self, request: HttpRequest) -> dict[str, Any]:
        """The looks alone, of which pages outside the site make use."""
        return {
            "site_title": self._get_config("SITE_TITLE", request),
            "site_header": self._get_config("SITE_HEADER", request),
            "site_symbol": self._get_config("SITE_SYMBOL", request),
            "site_favicons": self._get_favicons("SITE_FAVICONS", request),
            "theme": self._get_config("THEME", request),
            "border_radius": self._get_config("BORDER_RADIUS", request),
            "colors": self._get_colors("COLORS", request),
            "styles": self._get_list("STYLES", request),
            "scripts": self._get_list("SCRIPTS", request),
            "form_classes": self._get_config("FORMS", request).get("classes"),
        }


class OperatorSite(Site):
    """`/admin/`, for staff. It sees everything, and no secret."""

    settings_name = "UNFOLD"
    index_title = "Overview"
    index_template = "admin/overview/overview.html"

    def get_urls(self) -> list[URLPattern]:
        end = path(
            "impersonation/end/", self.admin_view(self.end_impersonation), name="impersonation_end"
        )
        return [end, *super().get_urls()]

    @open_to_all
    @method_decorator(require_POST)
    def end_impersonation(self, request: HttpRequest) -> HttpResponseBase:
        """Be oneself again, after viewing the portal as somebody else."""
        return impersonation.end(request)


class PortalSite(Site):
    """`/portal/`, for members. Everything in it starts at the current organization."""

    settings_name = "PORTAL"
    index_title = "Overview"
    index_template = "portal/overview/overview.html"

    def has_permission(self, request: HttpRequest) -> bool:
        return memberships.membership(request) is not None

    def frame(self, request: HttpRequest) -> dict[str, Any]:
        """The platform's own looks where it has some, else ours."""
        return self._branded(request, super().frame(request))

    def _branded(self, request: HttpRequest, frame: dict[str, Any]) -> dict[str, Any]:
        own = theme.of(request)
        if own is None:
            return frame
        colors = {**frame["colors"], "primary": theme.palette(own)}
        return {**frame, **theme.frame(request), "colors": colors}

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """Whoever has no organization yet is led to founding one; staff are not."""
        user = request.user
        if user.is_authenticated and not user.is_staff and not self.has_permission(request):
            return redirect("start")
        return super().login(request, extra_context)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        return super().admin_view(row_limited(view), cacheable)

    def get_urls(self) -> list[URLPattern]:
        switch = path("switch/", self.admin_view(self.switch), name="switch")
        page = path("settings/<slug:name>/", self.admin_view(self.settings_page), name="setting")
        return [switch, page, *super().get_urls()]

    @open_to_all
    def settings_page(self, request: HttpRequest, name: str) -> HttpResponse:
        """A page of settings beside the profile."""
        return settings_page.view(request, name, site=self)

    @open_to_all
    @method_decorator(require_POST)
    def switch(self, request: HttpRequest) -> HttpResponse:
        """Act for another of the caller's organizations."""
        if not memberships.choose(request, request.POST.get("organization", "")):
            raise PermissionDenied
        return redirect("portal:index")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        found, current = memberships.memberships(request), memberships.membership(request)
        halted_by, looks = current and roles.halted_by(current.organization), theme.of(request)
        # A company's people know their platform by what its looks say.
        as_known = looks is not None and halted_by != (current and current.organization)
        return {
            **self._branded(request, super().each_context(request)),
            "membership": current,
            "organization": current and current.organization,
            "halted_by": halted_by,
            "halted_as": looks.name if looks and as_known else halted_by,
            # Unfold opens the menu beside the name when there is anything in it.
            "site_dropdown": found if len(found) > 1 else None,
        }


def row_limited(view: View) -> View:
    """Write the page while the database shows nothing but the caller's organization."""

    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        current = memberships.membership(request)
        own = [current.organization] if current else []
        with limit_rows_to(*own, person=memberships.user(request)), one_transaction():
            response = view(request, *args, **kwargs)
            render_now = getattr(response, "render", None)
            if isinstance(response, StreamingHttpResponse):
                parts = cast("Iterator[bytes]", response.streaming_content)
                response.streaming_content = in_scope(parts)
            return render_now() if render_now else response

    return inside


portal = PortalSite(name="portal")


def site_of(request: HttpRequest) -> Site:
    """The site that the page of a request belongs to."""
    is_portal = getattr(request, "current_app", "") == portal.name
    return portal if is_portal else cast(Site, admin.site)
