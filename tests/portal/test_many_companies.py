"""Doing something to many companies from their list: chosen, looked over, followed, told."""

import pytest
from django.urls import reverse

from peppol.models import CompanyRun
from peppol.services.company_runs import worker
from tenants.models import Organization, Role
from tenants.services import organizations
from tests.conftest import SYSTEM
from tests.portal.conftest import make_member, signed_in

LIST = reverse("portal:tenants_company_changelist")


@pytest.fixture
def companies(acme):
    profiles = [{"name": f"Company {n}", "country": "BE"} for n in range(3)]
    return [organizations.create_company(acme, one, by=SYSTEM) for one in profiles]


def act(browser, action, rows, query="", **more):
    chosen = {"action": action, "_selected_action": [str(row.pk) for row in rows], "index": "0"}
    return browser.post(f"{LIST}{query}", {**chosen, **more})


def at(run, page):
    return reverse(f"portal:peppol_companyrun_{page}", args=[run.pk])


def test_everything_that_is_filtered_is_suspended_after_a_look_and_told_of(browser, companies):
    organizations.suspend(companies[2], reason="Unpaid", by=SYSTEM)
    # One is ticked, and all of the narrowed list is meant.
    answer = act(browser, "suspend_many", companies[:1], "?status=active", select_across="1")
    run = CompanyRun.objects.get()
    start = at(run, "start")
    assert answer["Location"] == start and run.total == 2
    preview = browser.get(start).content.decode()
    assert "2 companies:" in preview and "Company 0" in preview and "Company 2" not in preview
    assert not CompanyRun.objects.get().started_at
    browser.post(start, {"reason": "On strike"})
    page = at(run, "change")
    assert "data-follow" in browser.get(page).content.decode()
    worker.advance()
    assert "data-reload" in browser.get(at(run, "progress")).content.decode()
    over = browser.get(page).content.decode()
    assert "Undo" in over and "Company 1" in over
    result = browser.get(at(run, "result")).content.decode("utf-8-sig")
    assert len(result.splitlines()) == 3
    assert Organization.objects.filter(status="suspended").count() == 3


def test_whoever_may_not_do_it_to_one_may_not_do_it_to_many(acme, browser, companies):
    act(browser, "suspend_many", companies)
    run = CompanyRun.objects.get()
    developer = signed_in(make_member(acme, Role.DEVELOPER))
    act(developer, "suspend_many", companies)
    assert CompanyRun.objects.count() == 1
    start = at(run, "start")
    assert developer.post(start, {"reason": "x"}).status_code == 403
    act(developer, "issue_keys_to_many", companies[:1])
    assert CompanyRun.objects.filter(kind="keys").exists()


def test_an_export_of_what_is_ticked_is_of_that_alone(browser, companies):
    answer = act(browser, "export_many", companies[:2])
    assert len(answer.content.decode().splitlines()) == 3
