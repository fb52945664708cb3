"""What programs do when documents do not arrive can be tried in the sandbox, by each for itself."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from peppol.sandbox import exchange, rehearsals
from peppol.sandbox.models import Rehearsal, Transmission
from tests.portal.conftest import make_member, signed_in, texts

PAGE = reverse("portal:setting", args=["network-failures"])
SILENT, REFUSED, ABSENT = rehearsals.Kind.values


def sent(company, n=1) -> Transmission:
    return exchange.submit(
        Transmission(
            sbdh_instance_id=f"{company.pk}-{n}",
            sender="9915:x",
            receiver="9915:y",
            document_type="d",
            process="p",
            country_c1="BE",
            content=b"<x/>",
            media_type="application/xml",
            custom2=str(company.pk),
        )
    )


@pytest.mark.parametrize(
    "kind, status, again",
    [
        (SILENT, "failed", True),
        (REFUSED, "permanently_failed", False),
        (ABSENT, "permanently_failed", False),
    ],
)
def test_so_many_documents_meet_it_and_then_all_is_well(acme, bakery, kind, status, again):
    rehearsals.begin(acme, kind, 2)
    met = [sent(bakery, n) for n in range(2)]
    assert {(one.status, bool(one.next_retry_at)) for one in met} == {(status, again)}
    assert sent(bakery, 3).status == "sent" and not Rehearsal.objects.exists()


def test_what_got_no_answer_arrives_when_it_is_tried_again(acme, bakery):
    rehearsals.begin(acme, SILENT, 10)
    first = sent(bakery)
    Transmission.objects.update(next_retry_at=timezone.now())
    assert exchange.latest(first.sbdh_instance_id).status == "sent"
    assert rehearsals.current(acme).remaining == 9, "an attempt is no document"


def test_others_and_later_documents_do_not_meet_it(acme, bakery, rivals_company):
    rehearsals.begin(acme, REFUSED, 1)
    assert sent(rivals_company).status == "sent"
    Rehearsal.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert sent(bakery).status == "sent" and rehearsals.current(acme) is None


def test_a_companys_own_goes_before_its_platforms(acme, bakery):
    rehearsals.begin(acme, REFUSED, 1)
    rehearsals.begin(bakery, SILENT, 1)
    assert sent(bakery).status == "failed"
    assert rehearsals.current(acme).remaining == 1 and rehearsals.current(bakery) is None


def test_it_is_asked_for_and_ended_on_its_page(browser, acme):
    assert browser.post(PAGE, {"kind": REFUSED, "times": "3"}).status_code == 302
    assert rehearsals.current(acme).remaining == 3
    assert "Refused by the receiving access point" in texts(browser.get(PAGE))
    browser.post(PAGE, {"kind": "", "times": "1"})
    assert rehearsals.current(acme) is None


@pytest.mark.parametrize("given", [{"times": "0"}, {"times": "11"}, {"times": ""}, {"kind": "x"}])
def test_what_cannot_be_is_refused(browser, acme, given):
    answer = browser.post(PAGE, {"kind": SILENT, "times": "1", **given})
    assert answer.status_code == 200 and rehearsals.current(acme) is None


def test_it_is_for_the_sandbox_and_for_those_who_may(browser, acme, settings):
    viewer = signed_in(make_member(acme, "viewer"))
    assert viewer.post(PAGE, {"kind": SILENT, "times": "1"}).status_code == 403
    settings.PEPPOL_NETWORK = "test"
    assert browser.get(PAGE).status_code == 404
