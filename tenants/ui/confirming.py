"""Asking for the password once more, before what a session left open must not be enough for."""

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminPasswordWidget

from tenants.access import memberships
from tenants.ui.operations import Ask


class AskPassword(Ask):
    """The password of whoever asks; whoever guesses is stopped as at the sign-in."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "current-password"}),
    )

    def clean_password(self) -> Any:
        person, given = memberships.user(self.request), self.cleaned_data["password"]
        if not ratelimit.consume(self.request, action="reauthenticate", user=person):
            raise forms.ValidationError(gettext("Too many tries. Wait a few minutes."))
        if not person.check_password(given):
            raise forms.ValidationError(gettext("This is not your password."))
        return given
