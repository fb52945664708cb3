"""Client links: the way in, and the visit that follows.

`/client/<token>/` says what the link is for; looking at it uses nothing up, so programs that look
through mails do no harm. Its button begins the visit, at `/client/at/<secret>/`, where the page of
the purpose answers. Whoever knows an address may do what it is for and nothing else. No cookie
says who somebody is here, for in the frame of another site there is none: so there is nothing that
a forged form could make use of.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from tenants.access.custom_domain import platform_at
from tenants.errors import DomainError, NotFound
from tenants.models import ClientLink
from tenants.row_security import everything, limit_rows_to
from tenants.services import client_links
from tenants.ui import display, theme
from tenants.web import client_pages

# By which a browser finds its visit again, where it keeps cookies; the address is enough.
_COOKIE = "client_visit"


@method_decorator(csrf_exempt, name="dispatch")
class ClientLinkView(View):
    """What both addresses have in common: whose link it is, and what a dead one answers."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.link: ClientLink | None = None
        self.language = request.GET.get("language", "")
        if self.language in dict(settings.LANGUAGES):
            # Until the end of the request, when the middleware takes back its own.
            translation.activate(self.language)
        try:
            return super().dispatch(request, *args, **kwargs)
        except DomainError as refusal:
            facts = {"refusal": refusal, "why": display.refusal(refusal)}
            unknown = isinstance(refusal, NotFound)
            status = 404 if unknown else 410
            return client_pages.show(request, self.link, "client/gone.html", facts, status)

    def meet(self, link: ClientLink) -> ClientLink:
        """Take the looks of the link's platform; at a domain of another one there is no link."""
        if platform_at(self.request) not in (None, link.organization.parent):
            raise NotFound("Link")
        with everything():  # the platform's looks
            theme.borrow_name(self.request, link.organization)
        self.link = link
        return link


class OpenLink(ClientLinkView):
    """`/client/<token>/`: says what the link is for (GET), and begins the visit (POST)."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        with everything():  # nobody is known yet but by the token
            link = self.meet(client_links.find(token))
            if link.state == ClientLink.State.OPENED and self._is_theirs(link):
                return self._go(request.COOKIES[_COOKIE])
            client_links.check_open(link)
        return client_pages.show(request, link, "client/link.html", {})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        with everything():
            link = self.meet(client_links.find(token))
        with limit_rows_to(link.organization):
            return self._go(client_links.begin_visit(link))

    def _is_theirs(self, link: ClientLink) -> bool:
        try:
            return client_links.visit(self.request.COOKIES.get(_COOKIE, "")).pk == link.pk
        except DomainError:
            return False

    def _go(self, secret: str) -> HttpResponse:
        address = reverse("client_visit", args=[secret])
        if translation.get_language() == self.language:
            address += f"?language={self.language}"
        answer = redirect(address)
        answer.set_cookie(
            _COOKIE,
            secret,
            max_age=int(client_links.VISIT.total_seconds()),
            path="/client/",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Referrer-Policy"] = "strict-origin"
        return answer


class Visit(ClientLinkView):
    """`/client/at/<secret>/…`: the page of the purpose, which sees the company's rows alone."""

    def get(self, request: HttpRequest, secret: str, rest: str = "") -> HttpResponse:
        with everything():
            link = self.meet(client_links.visit(secret))
        with limit_rows_to(link.organization):
            return client_pages.PAGES[link.purpose](request, link).answer(rest)

    post = get
