"""The portal's pages of registrations and transfers at work."""

from peppol.models import Participant
from tests.portal.answers import errors_on, secret_on, shown_after
from tests.portal.conftest import at, operation_at, texts


def test_an_identifier_is_registered_and_shows_its_warnings(browser, bakery):
    form = {"organization": bakery.pk, "identifier": "0208:0123456789"}
    answer = browser.post(at("peppol_participant", "add"), form, follow=True)
    assert "is being registered for Bakery Peeters" in texts(answer)
    participant = Participant.objects.get()
    assert participant.state == "pending"
    page = texts(browser.get(at("peppol_participant", "change", participant)))
    assert "check digits" in page


def test_a_company_in_test_mode_is_not_registered(browser, bakery):
    browser.post(operation_at("tenants_company", "set_test_mode", bakery), {})
    form = {"organization": bakery.pk, "identifier": "0208:0403170701"}
    answer = browser.post(at("peppol_participant", "add"), form)
    assert answer.status_code == 200 and "test mode" in errors_on(answer).lower()


def test_a_registration_is_tried_again_and_taken_off(browser, ours):
    row = ours["peppol_participant"]
    browser.post(operation_at("peppol_participant", "retry", row), {})
    row.refresh_from_db()
    assert row.state == "pending"
    browser.post(operation_at("peppol_participant", "unregister", row), {})
    row.refresh_from_db()
    assert row.state == "unregistered", "nothing was put up yet"
    again = browser.post(operation_at("peppol_participant", "rename_card", row), {"card_name": "x"})
    assert again.status_code in (200, 302)


def test_an_identifier_moves_to_another_provider(browser, ours):
    transfer = ours["peppol_transfer"]
    show = operation_at("peppol_transfer", "show_key", transfer)
    shown = shown_after(browser.post(show, {}))
    assert secret_on(shown) == "Key-of-oursword" and "no-store" in shown["Cache-Control"]
    assert "Key-of" not in texts(browser.get(at("peppol_transfer", "change", transfer)))
    browser.post(operation_at("peppol_transfer", "finish", transfer), {})
    transfer.refresh_from_db()
    assert transfer.state == "finishing"
    late = browser.post(operation_at("peppol_transfer", "cancel", transfer), {})
    assert "This transfer is" in errors_on(late)


def test_an_identifier_is_taken_over_with_its_key(browser, bakery):
    held = {"scheme": "0208", "value": "0403170701", "state": "elsewhere"}
    row = Participant.objects.create(organization=bakery, **held)
    url = operation_at("peppol_participant", "take_over", row)
    assert "A migration key has" in errors_on(browser.post(url, {"key": "short"}))
    browser.post(url, {"key": "AAbb11@#Xy"})
    row.refresh_from_db()
    assert row.state == "pending"
