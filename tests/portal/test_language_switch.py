"""Choosing a language by keyboard alone, in a real browser."""

from tests.portal.browsing import MARKS

pytestmark = MARKS


def test_the_language_is_chosen_in_the_accounts_menu_by_keyboard(tab):
    page = tab.page
    page.goto("/portal/webhooks/endpoint/")
    page.locator("[aria-haspopup=true]", has_text="olga@acme.example").focus()
    page.keyboard.press("Enter")
    french = page.get_by_role("button", name="Français")
    french.wait_for(state="visible")
    page.wait_for_function("document.activeElement?.closest('nav nav')")
    french.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("html[lang=fr]")
    assert page.url.endswith("/portal/webhooks/endpoint/")
    assert page.get_by_role("link", name="Ajouter un webhook").first.is_visible()


def test_the_language_is_chosen_before_signing_in(chromium, live_server):
    context = chromium.new_context(base_url=live_server.url)
    page = context.new_page()
    page.goto("/accounts/login/?next=/portal/")
    page.get_by_role("button", name="Deutsch").press("Enter")
    page.wait_for_selector("html[lang=de]")
    assert page.url.endswith("/accounts/login/?next=/portal/")
    context.close()
