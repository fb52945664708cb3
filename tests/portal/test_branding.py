"""How a platform looks to its people: set in the portal, and seen while it is typed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tenants.models import Branding, Event, Logo, Role
from tenants.services import branding, logos
from tests.conftest import SYSTEM
from tests.portal.browsing import MARKS
from tests.portal.conftest import make_member, signed_in, texts

BRANDING = "/portal/settings/branding/"
PNG = b"\x89PNG\r\n\x1a\n and so on"
FORM = {
    "display_name": "AcmeBooks",
    "primary_color": "#ffcc00",
    "logo_url": "",
    "support_email": "help@acme.example",
}


@pytest.fixture
def owner(platform) -> Client:
    return signed_in(make_member(platform, Role.OWNER, "olga@acme.example"))


def test_branding_is_saved_in_one_event(owner, platform):
    """FLO-32, FLO-65."""
    picture = SimpleUploadedFile("logo.png", PNG)
    answer = owner.post(BRANDING, {**FORM, "logo": picture}, follow=True)
    looks = branding.looks_of(platform)
    assert (looks.name, looks.color, looks.support) == ("AcmeBooks", "#ffcc00", "help@acme.example")
    assert owner.get(looks.logo).content == PNG
    assert "AcmeBooks" in texts(answer) and looks.logo in texts(answer)
    (event,) = Event.objects.filter(type="branding.changed")
    assert event.actor_label == "olga@acme.example"
    assert event.changes["logo"] == [None, "image/png"]


@pytest.mark.parametrize(
    "typed, stored",
    [("#0F62FE", "#0F62FE"), ("0f62fe", "#0f62fe"), ("#fc0", "#ffcc00"), (" ", "")],
)
def test_a_colour_is_understood_however_it_is_spelt(owner, typed, stored):
    owner.post(BRANDING, {**FORM, "primary_color": typed})
    assert Branding.objects.get().primary_color == stored


@pytest.mark.parametrize(
    "field, value",
    [
        ("primary_color", "blue"),
        ("logo_url", "no address"),
        ("support_email", "nobody"),
        ("display_name", "x" * 256),
    ],
)
def test_what_cannot_be_is_said_at_its_field(owner, field, value):
    answer = owner.post(BRANDING, {**FORM, field: value})
    assert field in answer.context["form"].errors
    assert not Branding.objects.exists()


@pytest.mark.parametrize(
    "content", [b"no picture", PNG + bytes(512 * 1024), b"<svg onload='x()'/>"], ids=len
)
def test_what_is_no_picture_changes_nothing(owner, content):
    answer = owner.post(BRANDING, {**FORM, "logo": SimpleUploadedFile("logo.png", content)})
    assert "logo" in answer.context["form"].errors
    assert not Branding.objects.exists() and not Logo.objects.exists()


def test_a_file_takes_the_place_of_an_address_and_is_taken_away(owner, platform):
    owner.post(BRANDING, {**FORM, "logo_url": "https://acme.example/logo.svg"})
    assert "being fetched" in texts(owner.get(BRANDING))
    owner.post(BRANDING, {**FORM, "logo": SimpleUploadedFile("logo.png", PNG)})
    assert not Logo.objects.due().exists() and Branding.objects.get().logo_url == ""
    owner.post(BRANDING, {**FORM, "no_logo": "on"})
    assert not Logo.objects.exists() and branding.looks_of(platform).logo == ""


def test_saving_the_rest_leaves_the_logo(owner, platform):
    owner.post(BRANDING, {**FORM, "logo": SimpleUploadedFile("logo.png", PNG)})
    owner.post(BRANDING, {**FORM, "display_name": "Books"})
    assert branding.looks_of(platform).logo and branding.looks_of(platform).name == "Books"


def test_a_logo_that_could_not_be_fetched_is_said(owner):
    owner.post(BRANDING, {**FORM, "logo_url": "https://acme.example/logo.svg"})
    logos.keep(Logo.objects.get(), b"no picture")
    assert "This is no PNG, JPEG, WebP or SVG picture." in texts(owner.get(BRANDING))


def test_the_preview_shows_what_is_typed_and_stores_nothing(owner):
    shown = texts(owner.get(BRANDING, {**FORM, "part": "", "primary_color": "ffcc00"}))
    assert "AcmeBooks" in shown and "<form" not in shown
    assert "Too bright for white text (1.5 : 1" in shown and "#8d7000" in shown
    assert "Reads well as it is: 11.7 : 1" in shown
    assert not Branding.objects.exists()


def test_the_preview_leaves_out_what_cannot_be(owner, platform):
    branding.change(platform, {"primary_color": "#0f62fe"}, by=SYSTEM)
    shown = texts(owner.get(BRANDING, {**FORM, "part": "", "primary_color": "#0f62f; x: url(y)"}))
    assert "#0f62fe" in shown and "url(y)" not in shown


def test_names_in_the_preview_are_text(owner):
    shown = texts(owner.get(BRANDING, {**FORM, "part": "", "display_name": '"><script>x</script>'}))
    assert "<script" not in shown


def test_without_the_entitlement_the_page_says_what_to_do(owner, platform):
    """FLO-36."""
    owner.post(BRANDING, FORM)
    platform.white_label = False
    platform.save()
    page = texts(owner.get(BRANDING))
    assert "Your plan does not include branding" in page and "/portal/billing/plan/" in page
    assert 'value="save"' not in page
    owner.post(BRANDING, {**FORM, "display_name": "Stolen"})
    assert Branding.objects.get().display_name == "AcmeBooks"


@pytest.mark.parametrize(
    "role, sees, may",
    [
        ("owner", 200, True),
        ("admin", 200, True),
        ("developer", 200, False),
        ("billing", 200, False),
        ("viewer", 200, False),
    ],
)
def test_owners_and_admins_change_it_and_others_look(platform, role, sees, may):
    person = signed_in(make_member(platform, role))
    page = person.get(BRANDING)
    assert page.status_code == sees
    assert ('value="save"' in texts(page)) is may
    assert person.post(BRANDING, FORM).status_code == (302 if may else 403)
    assert Branding.objects.exists() is may


def test_only_platforms_have_looks_of_their_own(bakery):
    assert signed_in(make_member(bakery, Role.OWNER)).get(BRANDING).status_code == 404


class TestInABrowser:
    """By hand."""

    pytestmark = MARKS

    def test_the_preview_follows_the_keyboard(self, platform, tab):
        """Three clicks from the overview, the rest is typed."""
        tab.open("Settings")
        tab.page.get_by_role("link", name="Branding", exact=True).click()
        tab.page.get_by_label("Name", exact=True).fill("Lemon Ledger")
        tab.page.get_by_label("Colour", exact=True).fill("ffcc00")
        preview = tab.page.get_by_role("region", name="Preview")
        preview.get_by_text("we darken it to #8d7000").wait_for()
        assert preview.get_by_text("Lemon Ledger").count() == 2
        assert tab.page.get_by_label("Pick a colour").input_value() == "#ffcc00"
        mail = tab.page.frame_locator("iframe").locator("body")
        assert "Lemon Ledger" in mail.inner_text()
        tab.page.get_by_role("button", name="Save").click()
        tab.page.get_by_text("Your people see it from now on").wait_for()
        assert tab.clicks == 3
