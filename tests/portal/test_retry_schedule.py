"""An endpoint's retry schedule: set on the portal, told with its real times on both sites."""

import pytest
from django.urls import reverse

from tests.portal.conftest import at, make_member, signed_in, texts
from tests.portal.test_pages import errors_on
from webhooks.models import Endpoint

pytestmark = pytest.mark.django_db
PAGE = "webhooks_endpoint"


@pytest.fixture
def endpoint(ours):
    return ours[PAGE]


def change(browser, endpoint, **answers):
    form = {
        "url": endpoint.url,
        "description": endpoint.description,
        "event_types": endpoint.event_types,
        "timeout_seconds": endpoint.timeout_seconds,
        **answers,
    }
    answer = browser.post(at(PAGE, "change", endpoint), form)
    endpoint.refresh_from_db()
    return answer


def test_a_webhook_is_added_with_its_own_schedule(browser, acme):
    form = {
        "organization": acme.pk,
        "url": "https://hooks.example/in",
        "environment": "live",
        "dialect": "standard",
        "event_types": ["*"],
        "retry_schedule": "5 s, 2 min",
    }
    browser.post(at(PAGE, "add"), form)
    assert Endpoint.objects.get().retry_schedule == [5, 120]


def test_a_schedule_is_set_told_and_given_up_again(browser, desk, endpoint):
    assert "5 min, 30 min" in texts(browser.get(at(PAGE, "change", endpoint)))
    change(browser, endpoint, retry_schedule="10s 90 min")
    assert endpoint.retry_schedule == [10, 5400]
    page = texts(browser.get(at(PAGE, "change", endpoint)))
    assert "after 10 s, 90 min" in page and 'value="10 s, 90 min"' in page
    staff = texts(desk.get(reverse("admin:webhooks_endpoint_change", args=[endpoint.pk])))
    assert "after 10 s, 90 min" in staff
    change(browser, endpoint, retry_schedule="")
    assert endpoint.retry_schedule == []


@pytest.mark.parametrize(
    "text, said", [("soon", "Write the steps like this"), ("49 h", "of 1 to 172800 seconds")]
)
def test_a_schedule_that_cannot_be_is_refused_in_the_form(browser, endpoint, text, said):
    answer = change(browser, endpoint, retry_schedule=text)
    assert said in errors_on(answer) and f'value="{text}"' in texts(answer)
    assert endpoint.retry_schedule == []


def test_a_form_that_leaves_the_schedule_alone_changes_nothing(browser, endpoint):
    change(browser, endpoint, retry_schedule="1 min")
    at_first = endpoint.updated_at
    change(browser, endpoint, retry_schedule="60 s")
    assert endpoint.updated_at == at_first


def test_who_may_only_look_reads_the_times(acme, endpoint):
    viewer = signed_in(make_member(acme, "viewer", "looks@acme.example"))
    page = viewer.get(at(PAGE, "change", endpoint))
    assert page.status_code == 200 and "after 5 s, 5 min" in texts(page)
