"""The overview leads the way to going live."""

from tests.portal.conftest import texts


def test_what_is_done_and_what_is_to_be_done_is_on_the_overview(browser, acme, bakery):
    """FLO-67."""
    page = texts(browser.get("/portal/"))
    assert "Going live" in page
    for step in ("Create a company", "Issue an API key", "Add a webhook", "Protect your sign-in"):
        assert step in page, step
