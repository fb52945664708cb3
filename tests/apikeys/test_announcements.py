"""New keys are told to whoever made them and to the owners who answer for them."""

import pytest

from apikeys.services import clients, keys
from tenants.actors import Actor
from tenants.models import Mail, Role, User
from tenants.services import mails, people
from tests.conftest import SYSTEM, make_company


def person(organization, role, name):
    user = User.objects.create_user(f"{name}@acme.example", first_name=name.title())
    people.join(organization, user, role=role, by=SYSTEM)
    return user


@pytest.fixture
def olga(acme):
    return person(acme, Role.OWNER, "olga")


@pytest.fixture
def dev(acme):
    return person(acme, Role.DEVELOPER, "dev")


def told():
    """Who was written to since this was asked last."""
    found = sorted(Mail.objects.values_list("to", flat=True))
    Mail.objects.all().delete()
    return found


def test_a_key_is_told_to_its_maker_and_the_owners(acme, bakery, olga, dev):
    for organization in (acme, bakery):
        keys.issue(organization, name="ERP", by=Actor.user(dev))
        assert told() == [dev.email, olga.email]
    keys.issue(acme, name="ERP", by=Actor.user(olga))
    assert told() == [olga.email]


def test_a_companys_person_tells_its_platforms_owners(bakery, olga):
    baker = person(bakery, Role.OWNER, "baker")
    keys.issue(bakery, name="Till", by=Actor.user(baker))
    assert told() == [baker.email, olga.email]


def test_a_rotated_key_and_a_machine_client_are_told_too(acme, olga, dev):
    key = keys.issue(acme, name="ERP", kind="platform", by=SYSTEM)[0]
    keys.rotate(key, by=Actor.user(olga))
    assert told() == [olga.email]
    clients.issue(acme, by=Actor.user(dev))
    clients.rotate(acme, by=Actor.user(dev))
    assert told() == [dev.email, dev.email, olga.email, olga.email]


def test_what_a_program_makes_for_a_company_is_not_a_mail_for_each(acme, bakery, olga):
    master = keys.issue(acme, name="Master", kind="platform", by=SYSTEM)[0]
    assert told() == []
    keys.issue(bakery, name="Daily", by=master.actor)
    assert told() == []
    keys.issue(acme, name="Another master", kind="platform", by=master.actor)
    assert told() == [olga.email]


def test_who_left_is_told_nothing(acme, olga, dev):
    User.objects.filter(pk=olga.pk).update(is_active=False)
    keys.issue(acme, name="ERP", by=Actor.user(dev))
    assert told() == [dev.email]


@pytest.mark.parametrize("language", ["en", "fr", "nl", "de"])
def test_the_mail_is_in_the_platforms_looks_and_says_what_the_key_reaches(acme, olga, language):
    acme.defaults = {"language": language}
    acme.save()
    company = make_company(acme, "Bakery <Oven>")
    keys.issue(company, name="A & B", by=Actor.user(olga))
    secret = keys.issue(acme, name="All", kind="platform", by=Actor.user(olga))[1]
    one, every = (mails.write(mail, dict(mail.context)) for mail in Mail.objects.order_by("id"))
    html = one.alternatives[0].content
    assert "Acme Accounting" in one.from_email and "Bakery <Oven>" in one.subject
    assert "A & B" in one.body and "A &amp; B" in html and "<Oven>" not in html
    assert olga.email in one.body and f'lang="{language}"' in html
    assert len(every.body) > len(one.body)
    assert secret not in every.body and secret not in every.alternatives[0].content
