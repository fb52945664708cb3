"""Settings → Branding: a platform's name, logo, colour and support address, with a preview."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from tenants import colors, pictures
from tenants.access import memberships
from tenants.errors import Invalid
from tenants.models import Branding, Invitation, Logo, Organization, Role
from tenants.services import branding, domains, mails
from tenants.services.branding import Looks
from tenants.ui import display
from tenants.ui.outcomes import Outcome
from tenants.ui.settings_page import Setting, SettingForm, register

_FIELDS = ("display_name", "logo_url", "primary_color", "support_email")
_SHORT = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


class ColorWidget(UnfoldAdminTextInputWidget):
    """A colour, typed or picked."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        typed = super().render(name, value, attrs, renderer)
        picked = value if value and _SHORT.fullmatch(value) and len(value) == 7 else branding.OURS
        disabled = self.attrs.get("disabled")
        context = {
            "typed": typed,
            "picked": picked,
            "id": (attrs or {}).get("id"),
            "disabled": disabled,
        }
        return render_to_string("portal/branding/color_field.html", context)


class Color(forms.CharField):
    """A colour as the web writes it; a short spelling or a missing # is understood."""

    widget = ColorWidget

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if not text:
            return ""
        found = _SHORT.fullmatch(text)
        if not found:
            raise forms.ValidationError(_("A colour is written like #0F62FE."))
        digits = found[1]
        return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits)


class BrandingForm(SettingForm):
    """What may be set of a platform's looks (FLO-32, FLO-65)."""

    display_name = forms.CharField(
        label=_("Name"),
        max_length=255,
        required=False,
        help_text=_("What your people and companies read. Empty: your organization's own name."),
    )
    primary_color = Color(
        label=_("Colour"),
        required=False,
        help_text=_("Of buttons and links. Empty: ours."),
        widget=ColorWidget(attrs={"placeholder": branding.OURS, "spellcheck": "false"}),
    )
    logo = forms.FileField(
        label=_("Logo, as a file"),
        required=False,
        help_text=_("PNG, JPEG, WebP or SVG, up to 512 kB. It is shown 32 pixels high."),
        widget=forms.FileInput(attrs={"accept": ",".join(pictures.EXTENSIONS)}),
    )
    logo_url = forms.URLField(
        label=_("Or its address on the web"),
        max_length=2000,
        required=False,
        assume_scheme="https",
        help_text=_("We copy it once, so that your users' browsers ask nobody else for it."),
    )
    no_logo = forms.BooleanField(label=_("Take the logo away"), required=False)
    support_email = forms.EmailField(
        label=_("Support address"),
        required=False,
        help_text=_("Answers to our mails go there."),
    )

    class Media:
        js = (forms.Script("gatehouse/branding.js", type="module"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        saved = of(self.organization)
        self.initial = {name: getattr(saved, name) for name in _FIELDS}
        self.fields["display_name"].widget.attrs["placeholder"] = self.organization.title
        if logo_of(self.organization) is None:
            del self.fields["no_logo"]

    def clean_logo(self) -> bytes | None:
        given = self.cleaned_data["logo"]
        if given is None:
            return None
        content = bytes(given.read(pictures.LARGEST + 1))
        try:
            pictures.kind_of(content)
        except Invalid as refusal:
            raise forms.ValidationError(display.refusal(refusal)) from None
        return content


@register
class BrandingPage(Setting):
    """Shows while one types what people are going to see."""

    name = "branding"
    title = _("Branding")
    lead = _(
        "Your name, logo and colour stand on the sign-in, in the portal and in the mails of your "
        "team and of your companies."
    )
    template = "portal/branding/branding.html"
    form = BrandingForm

    def is_for(self, organization: Organization) -> bool:
        return organization.is_platform

    def asks(self, organization: Organization) -> bool:
        return organization.white_label

    def context(self, request: HttpRequest, organization: Organization) -> dict[str, Any]:
        return {
            "logo": logo_of(organization),
            "entitled": organization.white_label,
            **preview(organization, look_of(organization, {})),
        }

    def part(self, request: HttpRequest, organization: Organization) -> HttpResponse:
        form = BrandingForm(request.GET, request=request, organization=organization)
        form.is_valid()
        mail_context = preview(organization, look_of(organization, form.cleaned_data))
        return TemplateResponse(request, "portal/branding/preview.html", mail_context)

    def save(
        self, request: HttpRequest, organization: Organization, answers: dict[str, Any]
    ) -> Outcome:
        fields = {name: answers[name] for name in _FIELDS}
        logo = b"" if answers.get("no_logo") else answers["logo"]
        branding.change(organization, fields, by=memberships.actor(request), logo=logo)
        return gettext("Saved. Your people see it from now on.")


def of(platform: Organization) -> Branding:
    """The branding of a platform; an empty one before it has any."""
    found = Branding.objects.filter(organization=platform).first()
    return found or Branding(organization=platform)


def logo_of(platform: Organization) -> Logo | None:
    """The logo of a platform: kept, on its way or refused."""
    return Logo.objects.filter(organization=platform).first()


def look_of(platform: Organization, typed: Mapping[str, Any]) -> Looks:
    """How a platform would look with what is typed so far, as far as that can be."""
    saved, logo = of(platform), logo_of(platform)
    name, color, support = (
        typed.get(field, getattr(saved, field))
        for field in ("display_name", "primary_color", "support_email")
    )
    kept = "" if logo is None or typed.get("no_logo") else logo.path
    return Looks(name or platform.title, kept, color, support)


def preview(platform: Organization, look: Looks) -> dict[str, Any]:
    """What the preview shows: what became of the colour, and a mail as people will get it."""
    chosen = look.color or branding.OURS
    return {
        "look": look,
        "on_light": _verdict(chosen, look.strong, colors.WHITE),
        "on_dark": _verdict(chosen, look.light, colors.DARK),
        "mail": _sample(platform, look),
    }


def _verdict(chosen: str, used: str, ground: str) -> dict[str, Any]:
    return {
        "used": used,
        "kept": used == chosen.lower(),
        "ratio": colors.contrast(chosen, ground),
    }


def _sample(platform: Organization, look: Looks) -> str:
    invitation = Invitation(
        organization=platform,
        first_name="Ada",
        role=Role.VIEWER,
        expires_at=timezone.now() + timedelta(days=7),
    )
    mail_context = {
        "organization": platform,
        "invitation": invitation,
        "link": f"{domains.address_of(platform)}/…",
    }
    return render_to_string("mails/invitation.html", {**mails.frame(look, ""), **mail_context})
