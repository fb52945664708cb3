"""Keys: their shape, what opens and what no longer does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apikeys import tokens
from apikeys.authentication import Unauthenticated, authenticate
from apikeys.models import ApiKey
from apikeys.services import keys
from tenants.errors import Forbidden, Invalid
from tenants.models import Event
from tenants.services import organizations
from tests.conftest import SYSTEM


def test_a_key_has_its_prefix_thirty_random_characters_and_a_checksum_of_six():
    key = tokens.generate("einv_prod_")
    assert key.startswith("einv_prod_") and len(key) == len("einv_prod_") + 36
    assert tokens.is_well_formed(key)


def test_a_typo_is_found_without_a_query(bakery_key, django_assert_num_queries):
    typo = bakery_key[:-10] + ("A" if bakery_key[-10] != "A" else "B") + bakery_key[-9:]
    with django_assert_num_queries(0), pytest.raises(Unauthenticated):
        authenticate(typo)


@pytest.mark.parametrize("secret", ["", "x", "é" * 60, "gh_live_" + "0" * 36, "\x00" * 50])
def test_garbage_is_no_key(db, secret):
    with pytest.raises(Unauthenticated):
        authenticate(secret)


def test_only_a_hash_is_stored(bakery_key):
    row = ApiKey.objects.values().get()
    assert bakery_key not in str(row)
    assert bakery_key[-36:-6] not in str(row)


def test_a_key_opens_its_organization_in_one_query(bakery, bakery_key, django_assert_num_queries):
    authenticate(bakery_key)
    with django_assert_num_queries(1):
        assert authenticate(bakery_key).organization == bakery


def test_use_is_noted_at_most_once_a_minute(bakery_key, time_machine):
    time_machine.move_to("2026-01-01T10:00:00Z", tick=False)
    authenticate(bakery_key)
    first = ApiKey.objects.get().last_used_at
    time_machine.move_to("2026-01-01T10:00:59Z", tick=False)
    authenticate(bakery_key)
    assert ApiKey.objects.get().last_used_at == first
    time_machine.move_to("2026-01-01T10:01:00Z", tick=False)
    authenticate(bakery_key)
    assert ApiKey.objects.get().last_used_at > first


@pytest.mark.parametrize(
    "ended",
    [
        lambda key: keys.revoke(key, by=SYSTEM),
        lambda key: keys.disable(key, by=SYSTEM),
        lambda key: ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now()),
        lambda key: organizations.delete(key.organization, by=SYSTEM),
    ],
    ids=["revoked", "disabled", "expired", "of a deleted company"],
)
def test_an_ended_key_opens_nothing_on_the_next_request(bakery_key, ended):
    ended(authenticate(bakery_key))
    with pytest.raises(Unauthenticated):
        authenticate(bakery_key)


@pytest.mark.parametrize("who", ["bakery", "acme"])
def test_suspension_of_a_company_or_its_platform_stops_the_companys_key(request, who, bakery_key):
    organization = request.getfixturevalue(who)
    organizations.suspend(organization, reason="unpaid", by=SYSTEM)
    with pytest.raises(Forbidden):
        authenticate(bakery_key)
    organizations.reactivate(organization, by=SYSTEM)
    assert authenticate(bakery_key)


def test_a_disabled_key_can_be_enabled_again(bakery_key):
    key = keys.disable(authenticate(bakery_key), by=SYSTEM)
    keys.enable(key, by=SYSTEM)
    assert authenticate(bakery_key) == key


def test_rotation_leaves_both_keys_good_for_the_overlap(bakery_key, time_machine):
    time_machine.move_to("2026-01-01T10:00:00Z", tick=False)
    successor, secret = keys.rotate(authenticate(bakery_key), by=SYSTEM, overlap=timedelta(hours=1))
    assert authenticate(bakery_key) == successor.rotated_from
    assert authenticate(secret) == successor
    assert secret.startswith("gh_live_")
    time_machine.move_to("2026-01-01T11:00:00Z", tick=False)
    with pytest.raises(Unauthenticated):
        authenticate(bakery_key)
    assert authenticate(secret)


def test_no_event_holds_a_secret(bakery, by):
    _, secret = keys.issue(bakery, name="one", by=by)
    assert secret[-36:] not in str(list(Event.objects.values()))


def test_a_platform_key_acts_by_default_for_its_own_only(acme, bakery, rivals_company, acme_key):
    key = ApiKey.objects.get()
    keys.set_default(key, bakery, by=SYSTEM)
    with pytest.raises(Invalid):
        keys.set_default(key, rivals_company, by=SYSTEM)
    key.refresh_from_db()
    assert key.default_organization == bakery
    own, _ = keys.issue(bakery, name="own", by=SYSTEM)
    with pytest.raises(Invalid):
        keys.set_default(own, bakery, by=SYSTEM)
