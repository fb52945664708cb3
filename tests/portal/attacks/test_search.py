"""Ways to another organization's rows by shortcuts, search (28-32) and downloads (33-38)."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import NoReverseMatch, reverse

from peppol.models import Participant
from tenants.models import Company, Role, User
from tenants.services import people
from tenants.ui.sites import portal
from tests.conftest import SYSTEM
from tests.portal.attacks.targets import words
from tests.portal.conftest import (
    PAGES,
    at,
    texts,
)

# --- 28–32: shortcuts and search ------------------------------------------------------------------


@pytest.mark.parametrize("site", ["portal", "admin"])
def test_28_and_29_no_shortcut_leads_to_any_object_by_its_id(browser, theirs, site):
    kind = ContentType.objects.get_for_model(User)
    member = theirs["tenants_membership"].user
    shortcut = browser.get(f"/{site}/r/{kind.pk}/{member.pk}/", follow=True)
    assert shortcut.status_code in (403, 404)
    with pytest.raises(NoReverseMatch):
        reverse(f"{site}:view_on_site", args=[kind.pk, member.pk])


def test_30_the_search_box_finds_ones_own_rows_only(browser, ours, theirs):
    def found(term: str) -> int:
        page = texts(browser.get(reverse("portal:search"), {"s": term, "extended": 1}))
        return page.count('href="/portal/')

    # A company, a key, an identifier, a webhook, a document and a statement of ours.
    assert (found("oursword"), found("theirsword")) == (6, 0)


def test_31_and_32_a_search_is_not_remembered(olga, browser, ours, rival, theirs):
    people.join(rival, olga, role=Role.VIEWER, by=SYSTEM)
    search = reverse("portal:search")
    assert "Theirsword" not in texts(browser.get(search, {"s": "sword"}))
    browser.post(reverse("portal:switch"), {"organization": rival.pk})
    after = texts(browser.get(search, {"s": "sword"}))
    assert "Theirsword" in after and "Oursword" not in after


# --- 33–38: import, export, own views, oracles ----------------------------------------------------


def test_33_there_is_no_import_that_could_overwrite_a_foreign_row():
    for model in portal._registry:
        with pytest.raises(NoReverseMatch):
            reverse(f"portal:{model._meta.app_label}_{model._meta.model_name}_import")


def test_34_and_36_a_download_has_the_named_columns_of_ones_own_rows(browser, ours, theirs):
    Company.objects.filter(pk=ours["tenants_company"].pk).update(name_key="hidden-claim")
    answer = browser.post(at("tenants_company", "export"), {"format": "0"})
    download = texts(answer)
    assert "Bakery Oursword" in download and "Theirsword" not in download
    assert "hidden-claim" not in download and "name_key" not in download


def test_34_a_name_that_is_a_formula_is_text_in_a_download(browser, bakery):
    Company.objects.filter(pk=bakery.pk).update(name='=HYPERLINK("https://evil.example")')
    download = texts(browser.post(at("tenants_company", "export"), {"format": "0"}))
    assert "HYPERLINK" in download and "=HYPERLINK" not in download


def test_34_the_audit_trail_is_downloaded_as_it_is_narrowed_and_of_ones_own(browser, ours, theirs):
    address = at("tenants_event", "export")
    download = texts(browser.get(address, {"as": "csv", "type": "company.updated"}))
    assert "oursword@people.example" in download and "theirsword" not in download
    assert {line.split(",")[2] for line in download.splitlines()[1:]} == {"company.updated"}
    assert download.removeprefix("\ufeff").startswith(
        "id,occurred_at,type,company,company_id,actor_kind,"
    )


def test_35_the_overview_counts_ones_own_rows_only(browser, ours, theirs):
    assert words(browser, reverse("portal:index")) == (True, False)
    figures = browser.get(reverse("portal:index")).context["figures"]
    assert [figure.number for figure in figures] == [1, 0, 3, 1]


@pytest.mark.parametrize("page", PAGES)
def test_37_a_list_is_ordered_by_its_columns_only(browser, ours, page):
    for order in ("99", "-99", "digest", "1.digest"):
        assert browser.get(at(page), {"o": order}).status_code == 200


def test_38_that_an_identifier_is_taken_is_said_without_saying_by_whom(
    browser, bakery, rivals_company
):
    held = {"scheme": "0208", "value": "0403170701", "state": "active"}
    Participant.objects.create(organization=rivals_company, **held)
    form = {"organization": bakery.pk, "identifier": "0208:0403170701"}
    answer = texts(browser.post(at("peppol_participant", "add"), form))
    assert "already registered on the network" in answer
    assert "Rival" not in answer and str(rivals_company.pk) not in answer


@pytest.mark.parametrize("term", ["x " * 9, "x" * 201, "oursword " * 6_000], ids=len)
def test_what_is_too_long_is_not_looked_for_and_no_fault(browser, ours, term):
    """Ten thousand words ran for an hour on PostgreSQL and were a fault on SQLite."""
    said = "Search for at most 200 characters and 8 words."
    assert said in texts(browser.get(reverse("portal:search"), {"s": term}))
    for page in ("tenants_company", "peppol_document", "apikeys_apikey"):
        assert said in texts(browser.get(at(page, "changelist"), {"q": term}))
    typed = {"app_label": "apikeys", "model_name": "apikey", "field_name": "organization"}
    answer = browser.get(reverse("portal:autocomplete"), {**typed, "term": term})
    assert answer.json()["results"] == []
