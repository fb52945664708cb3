"""How allauth keeps what it is trusted with, and what it answers to whoever comes second."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from tenants import encryption


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in and sign-up, also where two sign up with one address at once."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """As allauth has it; a server that listens on a socket file knows no address."""
        if not request.META.get("REMOTE_ADDR"):
            return "0.0.0.0"  # noqa: S104 — no address to listen on, one to count sign-ins by
        return str(super().get_client_ip(request))

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        try:
            with transaction.atomic():
                return super().save_user(request, user, form, commit=commit)
        except IntegrityError:
            raise ImmediateHttpResponse(self._taken(request)) from None

    def _taken(self, request: HttpRequest) -> HttpResponse:
        if not hasattr(getattr(request, "allauth", None), "headless"):
            return redirect("account_signup")
        message = str(self.error_messages["email_taken"])
        errors = [{"message": message, "code": "email_taken", "param": "email"}]
        return JsonResponse({"status": 400, "errors": errors}, status=400)


class MfaAdapter(DefaultMFAAdapter):
    """Second factors, whose secrets lie encrypted in the database."""

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text)
