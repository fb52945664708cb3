"""The main job: one call makes a company, its key, its webhook and its registration."""

import threading

import pytest
from django.db import connection
from standardwebhooks import Webhook

from apikeys.authentication import authenticate
from apikeys.models import ApiKey
from peppol.models import Participant
from peppol.services.companies.onboarding import KeyRequest, Onboarded, WebhookRequest, onboard
from peppol.services.registration import participants, worker
from tenants.actors import Actor
from tenants.errors import Conflict, DomainError, Forbidden, Invalid
from tenants.models import Event, Organization
from tenants.row_security import everything
from tests.peppol.test_participants import having
from tests.webhooks.receiver import Receiver
from webhooks.models import Endpoint
from webhooks.services import delivery, distribution

pytestmark = pytest.mark.django_db
PROFILE = {
    "name": "Café Chez Nous",
    "country": "FR",
    "vat_number": "FR86797978996",
    "vat_key": "FR86797978996",
    "metadata": {"tenantId": "t-7"},
}
IDENTIFIER = "9957:FR86797978996"


@pytest.fixture
def receiver():
    server = Receiver()
    yield server
    server.close()


def whole(platform: Organization, url: str, *, by: Actor, **changes: object) -> Onboarded:
    """The call with everything in it."""
    return onboard(
        platform,
        {**PROFILE, **changes},
        key=KeyRequest("tenant", scopes=("send", "receive"), prefix="flw_live_"),
        webhook=WebhookRequest(url, ("company.smp_registered",)),
        identifier=IDENTIFIER,
        by=by,
    )


def counts() -> list[int]:
    return [m.objects.count() for m in (Organization, ApiKey, Endpoint, Participant, Event)]


def test_one_call_makes_all_that_a_company_needs(acme, receiver, by):
    """FLO-06."""
    made = whole(acme, receiver.url, by=by)
    assert made.company.parent == acme
    assert authenticate(made.key_secret) == made.key
    assert made.key.scopes == ["send", "receive"]
    assert made.endpoint.organization == made.company
    assert made.endpoint_secret.startswith("whsec_")
    assert (made.participant.identifier, made.participant.state) == (IDENTIFIER, "pending")
    assert list(Event.objects.order_by("id").values_list("type", flat=True))[1:] == [
        "company.created",
        "key.issued",
        "endpoint.created",
        "company.smp_requested",
    ]


def test_what_is_not_asked_for_is_not_made(acme, by):
    """FLO-07: the backfill call sends neither key nor webhook."""
    made = onboard(acme, PROFILE, by=by)
    assert (made.key, made.endpoint, made.participant) == (None, None, None)
    assert not ApiKey.objects.exists()
    assert not Endpoint.objects.exists()
    assert not Participant.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_companys_webhook_hears_that_it_is_on_the_network(acme, receiver, gate, by):
    made = whole(acme, f"{receiver.url}/hook", by=by)
    worker.drain(seconds=20)
    distribution.distribute()
    delivery.deliver(budget=5)
    (request,) = receiver.received
    told = Webhook(made.endpoint_secret).verify(request.body, request.headers)
    assert told["type"] == "company.smp_registered"
    assert told["data"]["company"]["metadata"] == {"tenantId": "t-7"}
    assert told["data"]["participant"]["identifier"] == IDENTIFIER


@pytest.mark.parametrize(
    "changes, url, error",
    [
        ({"country": "Narnia"}, "", Invalid),
        ({}, "ftp://example.org/hook", Invalid),
        ({"metadata": {"k": "v" * 501}}, "", Invalid),
    ],
)
def test_all_of_it_is_made_or_nothing(acme, receiver, by, changes, url, error):
    before = counts()
    with pytest.raises(error):
        whole(acme, url or receiver.url, by=by, **changes)
    assert counts() == before


def test_a_malformed_identifier_makes_nothing(acme, by):
    before = counts()
    with pytest.raises(Invalid):
        onboard(acme, PROFILE, key=KeyRequest("k"), identifier="nonsense", by=by)
    assert counts() == before


def test_only_a_platform_onboards(bakery, by):
    with pytest.raises(Forbidden):
        onboard(bakery, PROFILE, by=by)


@pytest.mark.parametrize("claim", ["vat_key", "handle", "name_key"])
def test_the_latecomer_learns_which_company_it_is(acme, by, claim):
    """FLO-13: 409 with the existing company's id."""
    first = onboard(acme, {"name": "first", claim: "the-same"}, by=by)
    with pytest.raises(Conflict) as conflict:
        onboard(acme, {"name": "second", claim: "the-same"}, by=by)
    assert conflict.value.details == {"company_id": first.company.pk}


def test_two_platforms_may_have_the_same_company(acme, rival, by):
    onboard(acme, PROFILE, by=by)
    onboard(rival, PROFILE, by=by)
    assert Organization.objects.filter(vat_key=PROFILE["vat_key"]).count() == 2


def test_an_identifier_that_somebody_else_has_is_said_and_not_an_obstacle(acme, rivals_company, by):
    having(rivals_company, Participant.State.ACTIVE, IDENTIFIER)
    made = onboard(acme, PROFILE, key=KeyRequest("k"), identifier=IDENTIFIER, by=by)
    assert made.participant.state == Participant.State.ELSEWHERE
    assert made.participant.last_error == (
        "This Peppol identifier is already registered on the network."
    )
    assert authenticate(made.key_secret)
    participants.unregister(Participant.objects.exclude(pk=made.participant.pk).get(), by=by)
    assert participants.retry(made.participant, by=by).state == Participant.State.PENDING


@pytest.mark.parametrize("how", [{"test_mode": True}, {}])
def test_a_company_that_is_to_stay_off_the_network_has_its_identifier_noted(acme, by, how):
    made = onboard(acme, {**PROFILE, **how}, identifier=IDENTIFIER, register=bool(how), by=by)
    assert made.participant.state == Participant.State.DRAFT


@pytest.mark.django_db(transaction=True)
def test_of_five_calls_at_once_one_makes_the_company(acme, receiver, by):
    """FLO-12, FLO-69."""
    made, refused, start = [], [], threading.Barrier(5)

    @everything()
    def call() -> None:
        try:
            start.wait(10)
            made.append(whole(acme, receiver.url, by=by))
        except DomainError as error:
            refused.append(error)
        finally:
            connection.close()

    callers = [threading.Thread(target=call) for _ in range(5)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(30)
    (winner,) = made
    assert [error.details for error in refused] == [{"company_id": winner.company.pk}] * 4
    assert Organization.objects.filter(parent=acme).count() == 1
    assert [ApiKey.objects.count(), Endpoint.objects.count(), Participant.objects.count()] == [
        1
    ] * 3
