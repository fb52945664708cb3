"""The pages outside both sites: the front door, and the way in by invitation."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.forms import CharField, PasswordInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View
from django.views.decorators.http import require_safe

from tenants.access import memberships
from tenants.access.custom_domain import platform_at
from tenants.errors import DomainError, NotFound
from tenants.models import Invitation, User
from tenants.services import people
from tenants.ui import display, theme
from tenants.ui.forms import Form


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where one belongs: staff without a membership of their own in the admin, others here."""
    staff = isinstance(request.user, User) and request.user.is_staff
    return redirect(
        "admin:index" if staff and not memberships.memberships(request) else "portal:index"
    )


class Newcomer(Form):
    """What a person tells of themselves who has no account yet."""

    first_name = CharField(max_length=150, required=False)
    last_name = CharField(max_length=150, required=False)
    password = CharField(
        widget=PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html(),
    )


class AcceptInvitation(View):
    """`/invitations/<token>/`: shows what is offered (GET), and takes it (POST)."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            invitation = self.find(token)
        except DomainError as refusal:
            return self.refused(refusal)
        initial = {"first_name": invitation.first_name, "last_name": invitation.last_name}
        return self.show(invitation, Newcomer(initial=initial))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            invitation = self.find(token)
            if isinstance(request.user, User):
                return self.enter(people.accept(token, request.user).user)
        except DomainError as refusal:
            return self.refused(refusal)
        return self.register(invitation, token)

    def find(self, token: str) -> Invitation:
        """The open invitation; at a platform's domain to it or a company of its only."""
        invitation, platform = people.find(token), platform_at(self.request)
        if platform not in (None, invitation.organization, invitation.organization.parent):
            raise NotFound("Invitation")
        return invitation

    def register(self, invitation: Invitation, token: str) -> HttpResponse:
        form = Newcomer(self.request.POST)
        if form.is_valid():
            try:
                return self.enter(people.accept_as_newcomer(token, **form.cleaned_data).user)
            except DomainError as refusal:
                form.refuse(refusal)
        return self.show(invitation, form)

    def enter(self, user: User) -> HttpResponse:
        """Sign a new person in, whose password was set a moment ago, and open the portal."""
        if not self.request.user.is_authenticated:
            login(self.request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        joined = user.memberships.latest("id")
        self.request.session[memberships.SESSION_KEY] = str(joined.organization_id)
        return redirect("portal:index")

    def show(self, invitation: Invitation, form: Newcomer) -> HttpResponse:
        theme.borrow(self.request, invitation.organization)
        user = self.request.user
        known = User.objects.filter(email__iexact=invitation.email).exists()
        context: dict[str, Any] = {
            "invitation": invitation,
            "organization": invitation.organization,
            "form": form,
            "is_meant": user.is_authenticated
            and user.email.casefold() == invitation.email.casefold(),
            "has_account": known,
            "login_link": f"{reverse('account_login')}?{urlencode({'next': self.request.path})}",
        }
        return self.page("portal/team/invitation.html", context)

    def refused(self, refusal: DomainError) -> HttpResponse:
        return self.page(
            "portal/team/invitation_refused.html",
            {"refusal": refusal, "why": display.refusal(refusal)},
            status=404,
        )

    def page(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        answer = render(self.request, template, context, status=status)
        # The address is a secret: neither a cache nor a log shall have it. Without any referrer a
        # browser would not say either from which site a form comes, and none would be taken.
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Referrer-Policy"] = "strict-origin"
        return answer
