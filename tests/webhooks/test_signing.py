"""Signatures and secrets of deliveries."""

import base64
from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from tenants.errors import Invalid
from tenants.models import Event
from tenants.services import organizations
from tests.conftest import SYSTEM
from webhooks import secrets, signing
from webhooks.models import Endpoint
from webhooks.services import endpoints

pytestmark = pytest.mark.django_db(transaction=True)


def test_while_a_secret_rotates_both_sign(bakery, receiver, endpoint_of, drain, time_machine):
    endpoint, old = endpoint_of(bakery, "company.suspended", "company.reactivated")
    new = endpoints.rotate_secret(endpoint, by=SYSTEM, overlap=timedelta(hours=1))
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    drain()
    for secret in (old, new):
        Webhook(secret).verify(receiver.received[0].body, receiver.received[0].headers)
    time_machine.move_to(timezone.now() + timedelta(hours=2), tick=True)
    organizations.reactivate(bakery, by=SYSTEM)
    drain()
    Webhook(new).verify(receiver.received[1].body, receiver.received[1].headers)
    with pytest.raises(Exception, match="matching signature"):
        Webhook(old).verify(receiver.received[1].body, receiver.received[1].headers)


def test_an_ed25519_signature_stands_beside(bakery, receiver, endpoint_of, drain):
    endpoint, _ = endpoint_of(bakery, "company.suspended")
    organizations.suspend(bakery, reason="unpaid", by=SYSTEM)
    drain()
    got = receiver.received[0]
    v1a = next(s for s in got.headers["webhook-signature"].split() if s.startswith("v1a,"))
    key = secrets.private_key(secrets.decrypt(endpoint.signing_key)).public_key()
    content = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    key.verify(base64.b64decode(v1a[4:]), content)


def test_the_published_vector_holds():
    made = signing.headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
        shared=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_secrets_are_encrypted_and_in_no_event(bakery, endpoint_of):
    _, secret = endpoint_of(bakery, secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    assert secret == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    shown = str(list(Endpoint.objects.values())) + str(list(Event.objects.values()))
    assert "MfKQ9r8" not in shown


@pytest.mark.parametrize("secret", ["", "secret", "whsec_", "whsec_short", "whsec_ab\n" + "c" * 20])
def test_what_cannot_be_a_secret_is_refused(bakery, endpoint_of, secret):
    with pytest.raises(Invalid):
        endpoint_of(bakery, secret=secret)


@pytest.mark.parametrize("event_types", [[""], [3], ["x" * 65], ["a"] * 0, ["\x00"]])
def test_what_cannot_be_subscribed_to_is_refused(bakery, receiver, event_types):
    with pytest.raises(Invalid):
        endpoints.create(bakery, url=receiver.url, event_types=event_types, by=SYSTEM)
