"""How allauth keeps what it is trusted with, and what it answers to whoever comes second."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from tenants import encryption
from tenants.models import User
from tenants.services import branding, mails
from tenants.ui import theme


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

    def format_email_subject(self, subject: str) -> str:
        """As it is: who writes stands in the sender's name."""
        return str(subject)

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """A mail in the looks of the platform whose host the person uses, else whose they are."""
        found = theme.of(self.request) or _looks_of(context.get("user")) or branding.ours()
        framed = {**context, **mails.frame(found, self.request.build_absolute_uri("/")[:-1])}
        message: EmailMessage = super().render_mail(template_prefix, email, framed, headers)
        message.from_email, message.reply_to = mails.from_of(found), mails.reply_to(found)
        return message

    def _taken(self, request: HttpRequest) -> HttpResponse:
        if not hasattr(getattr(request, "allauth", None), "headless"):
            return redirect("account_signup")
        message = str(self.error_messages["email_taken"])
        errors = [{"message": message, "code": "email_taken", "param": "email"}]
        return JsonResponse({"status": 400, "errors": errors}, status=400)


def _looks_of(user: Any) -> branding.Looks | None:
    """The looks of the platform that a person works with."""
    if not isinstance(user, User):
        return None
    mine = user.memberships.filter(organization__deleted_at=None).order_by("id")
    first = mine.select_related("organization__parent").first()
    return branding.looks_of(first.organization.parent or first.organization) if first else None


class MfaAdapter(DefaultMFAAdapter):
    """Second factors, whose secrets lie encrypted in the database."""

    def get_totp_issuer(self) -> str:
        """The name under which people find the code in their app."""
        return theme.name(self.request)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The same for a security key, which is bound to the host."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": theme.name(self.request)}

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text)
