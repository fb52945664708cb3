"""Stopping mails by the link in each of them: without signing in, by hand or a mail program.

Looking at the page stops nothing, for programs that look through mails open every link. A mail
program posts by itself (RFC 8058), from no page of ours: the signed address is what it shows.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from tenants.errors import NotFound
from tenants.services import mail_routes
from tenants.ui import theme


@method_decorator(csrf_exempt, name="dispatch")
class StopMails(View):
    """`/mails/stop/<token>/`: says which mails (GET), and stops them or begins anew (POST)."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            one = mail_routes.subscription(token)
        except NotFound:
            return self.page({"one": None}, status=404)
        return self.show(one)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            one = mail_routes.subscription(token)
        except NotFound:
            return self.page({"one": None}, status=404)
        (mail_routes.resume if "again" in request.POST else mail_routes.stop)(one)
        return self.show(one)

    def show(self, one: mail_routes.Subscription) -> HttpResponse:
        theme.borrow(self.request, one.organization)
        return self.page({"one": one, "stopped": one.is_stopped})

    def page(self, context: dict[str, Any], status: int = 200) -> HttpResponse:
        answer = render(self.request, "portal/settings/stop_mails.html", context, status=status)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Referrer-Policy"] = "strict-origin"
        return answer
