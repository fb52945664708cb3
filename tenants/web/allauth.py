"""How allauth keeps what it is trusted with, and what it answers to whoever comes second."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.utils import filter_users_by_email
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from tenants import encryption
from tenants.access.custom_domain import is_at_home, platform_at
from tenants.models import Organization, User
from tenants.services import branding, domains, mails
from tenants.ui import theme
from tenants.web.client_address import client_address

# What a person is told of their account, by the name that allauth has for it.
_PASSWORD = _("Your password was changed")
_FACTOR_ADDED = _("A second factor was added to your account")
_FACTOR_REMOVED = _("A second factor was removed from your account")
_NOTICES = {
    "account/email/password_changed": _PASSWORD,
    "account/email/password_set": _PASSWORD,
    "account/email/password_reset": _PASSWORD,
    "account/email/email_added": _("An e-mail address was added to your account"),
    "account/email/email_changed": _("The e-mail address of your account was changed"),
    "account/email/email_deleted": _("An e-mail address was removed from your account"),
    "mfa/email/totp_activated": _FACTOR_ADDED,
    "mfa/email/webauthn_added": _FACTOR_ADDED,
    "mfa/email/totp_deactivated": _FACTOR_REMOVED,
    "mfa/email/webauthn_removed": _FACTOR_REMOVED,
    "mfa/email/recovery_codes_generated": _("New recovery codes were made for your account"),
}
_DETAILS = ("added_email", "to_email", "deleted_email")


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in and sign-up, also where two sign up with one address at once."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """As every other limit has it."""
        return client_address(request)

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        try:
            with transaction.atomic():
                return super().save_user(request, user, form, commit=commit)
        except IntegrityError:
            raise ImmediateHttpResponse(self._taken(request)) from None

    def format_email_subject(self, subject: str) -> str:
        """As it is: who writes stands in the sender's name."""
        return str(subject)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """At a platform's domain people come in by invitation."""
        return platform_at(request) is None

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The person, as with a wrong password where they are not at home at this host.

        Another password is tried then in place of the given one, so that neither the time that
        it takes nor what is counted as a failure tells whether that was right.
        """
        platform = platform_at(request)
        if platform is not None and not _has_its_home(credentials.get("email", ""), platform):
            credentials["password"] = get_random_string(32)
        user = super().authenticate(request, **credentials)
        return user if user and is_at_home(user, platform) else None

    def pre_login(self, request: HttpRequest, user: Any, **given: Any) -> Any:
        """The same for ways in without a password."""
        if not is_at_home(user, platform_at(request)):
            return redirect("account_login")
        return super().pre_login(request, user, **given)

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """A mail with the link; who is not at home at this host is told that nobody is."""
        if is_at_home(user, platform_at(self.request)):
            super().send_password_reset_mail(user, email, {**context, "user": user})
        else:
            signup = {"signup_url": reverse("account_signup")}
            self.send_mail("account/email/unknown_account", email, signup)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell a person, at the address they had, what lasts of their account has changed."""
        given = context or {}
        facts = {
            "user": user,
            "sentence": _NOTICES[template_prefix],
            "detail": next((given[name] for name in _DETAILS if name in given), ""),
        }
        super().send_notification_mail(
            "account/email/notice", user, {**given, **facts}, email or user.email
        )

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """A mail in the looks of the platform whose the person is, else whose host it came from.

        Its links never come from the request, whose host name anybody may choose: they lead to
        the person's own address of us.
        """
        user = _reader(context, email)
        looks = _looks_for(user, self.request)
        home = domains.home_of(user) if user else str(settings.BASE_URL)
        framed = {**context, **_links_at(home, context), **mails.frame(looks, home)}
        message: EmailMessage = super().render_mail(template_prefix, email, framed, headers)
        message.from_email, message.reply_to = mails.from_of(looks), mails.reply_to(looks)
        return message

    def _taken(self, request: HttpRequest) -> HttpResponse:
        if not hasattr(getattr(request, "allauth", None), "headless"):
            return redirect("account_signup")
        message = str(self.error_messages["email_taken"])
        errors = [{"message": message, "code": "email_taken", "param": "email"}]
        return JsonResponse({"status": 400, "errors": errors}, status=400)


def address_added(request: HttpRequest, user: User, email_address: Any, **_: Any) -> None:
    """Tell a person at their own address that there is another one now."""
    if email_address.email.casefold() != user.email.casefold():
        get_adapter(request).send_notification_mail(
            "account/email/email_added", user, {"added_email": email_address.email}
        )


def _has_its_home(email: str, platform: Organization) -> bool:
    """Whether an address is that of somebody who may sign in where the platform has its domain."""
    return any(is_at_home(user, platform) for user in filter_users_by_email(email))


def _reader(context: dict[str, Any], email: str | list[str]) -> User | None:
    """Whose account a mail is about."""
    user = context.get("user")
    if isinstance(user, User):
        return user
    address = email if isinstance(email, str) else email[0]
    proven = Q(emailaddress__email__iexact=address, emailaddress__verified=True)
    return User.objects.filter(Q(email__iexact=address) | proven).first()


def _looks_for(user: User | None, request: HttpRequest) -> branding.Looks:
    if user is not None and is_at_home(user, platform_at(request)):
        platform = domains.platform_of(user)
        return (branding.looks_of(platform) if platform else None) or branding.ours()
    return theme.of(request) or branding.ours()


def _links_at(home: str, context: dict[str, Any]) -> dict[str, str]:
    """The links among what a mail shows, as they are at `home`."""
    links = {name: urlsplit(str(of)) for name, of in context.items() if name.endswith("_url")}
    return {name: f"{home}{urlunsplit(('', '', *link[2:]))}" for name, link in links.items()}


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
