"""Members and invitations: who comes in, as what, and that an organization keeps an owner."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core import mail as outbox
from django.db import connection
from django.utils import timezone

from tenants import leases
from tenants.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, WrongState
from tenants.models import Event, Invitation, Mail, Membership, Role, User
from tenants.row_security import everything
from tenants.services import mails, people
from tests.conftest import SYSTEM, make_platform


def make_user(email: str) -> User:
    return User.objects.create_user(email, "correct horse battery")


@pytest.fixture
def owner(acme) -> Membership:
    return people.join(acme, make_user("olga@acme.example"), role=Role.OWNER, by=SYSTEM)


@pytest.fixture
def invitation(acme) -> Invitation:
    return people.invite(
        acme, email="ines@acme.example", role=Role.DEVELOPER, first_name="Ines", by=SYSTEM
    )


def test_an_invitation_arrives_by_mail_as_text_and_html(invitation):
    assert mails.drain() == 1
    (message,) = outbox.outbox
    html = message.alternatives[0].content
    assert message.to == ["ines@acme.example"]
    assert message.subject == "Join Acme Accounting"
    for form in (message.body, html):
        assert people.link_of(invitation) in form
        assert "Hello Ines," in form and "Developer" in form
    assert Mail.objects.get().state == "sent"


def test_names_are_text_in_a_mail_and_never_markup(acme):
    people.invite(acme, email="i@acme.example", role="viewer", first_name="<b>&", by=SYSTEM)
    mails.drain()
    message = outbox.outbox[0]
    assert "Hello <b>&," in message.body
    assert "Hello &lt;b&gt;&amp;," in message.alternatives[0].content


def test_the_secret_of_the_link_lies_nowhere_in_the_database(invitation):
    token = people.token_of(invitation)
    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert token not in str(row) + str(Mail.objects.values()) + str(Event.objects.values())


def test_a_mail_server_that_is_down_gets_another_chance_and_then_no_more(invitation, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for attempt in range(1, 7):
            assert mails.drain() == 1
            mail = Mail.objects.get()
            assert mail.attempt_count == attempt and "refused" in mail.last_error
            assert mails.drain() == 0
            clock.shift(timedelta(days=1))
    assert (mail.state, mail.next_attempt_at) == ("failed", None)


def test_a_sender_that_died_leaves_its_mail_to_be_found(invitation):
    mail = Mail.objects.get()
    assert leases.take(mail, "next_attempt_at", mails._LEASE)
    assert mails.drain() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=3)):
        assert mails.drain() == 1
    assert len(outbox.outbox) == 1


def test_two_workers_send_a_mail_once(invitation):
    first, second = Mail.objects.get(), Mail.objects.get()
    taken = [leases.take(one, "next_attempt_at", mails._LEASE) for one in (first, second)]
    assert taken == [True, False]


def test_the_mail_of_a_withdrawn_invitation_is_not_sent(invitation):
    people.withdraw(invitation, by=SYSTEM)
    mails.drain()
    assert outbox.outbox == []
    assert Mail.objects.get().state == "dropped"


def test_accepting_makes_a_member_once(acme, invitation):
    ines = make_user("Ines@acme.example")
    token = people.token_of(invitation)
    membership = people.accept(token, ines)
    assert (membership.organization, membership.user, membership.role) == (acme, ines, "developer")
    with pytest.raises(WrongState, match="accepted already"):
        people.accept(token, ines)
    assert ines.emailaddress_set.get().verified


def test_a_newcomer_becomes_a_user_and_a_member(invitation):
    token = people.token_of(invitation)
    with pytest.raises(Invalid) as refusal:
        people.accept_as_newcomer(token, password="12345")
    assert "password" in refusal.value.fields and not User.objects.exists()
    user = people.accept_as_newcomer(token, password="correct horse battery").user
    assert user.email == "ines@acme.example" and user.check_password("correct horse battery")


def test_an_account_that_exists_is_not_taken_over_by_an_invitation(invitation):
    make_user("ines@acme.example")
    with pytest.raises(Conflict):
        people.accept_as_newcomer(people.token_of(invitation), password="correct horse battery")
    assert not Membership.objects.exists()


def test_an_invitation_is_for_its_addressee_alone(invitation):
    with pytest.raises(Forbidden):
        people.accept(people.token_of(invitation), make_user("mallory@rival.example"))


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "é", "\x00", "a" * 5000])
def test_an_unknown_token_opens_nothing(invitation, token):
    with pytest.raises(NotFound):
        people.find(token)


def test_a_link_expires_and_a_reminder_renews_it(invitation):
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        with pytest.raises(WrongState, match="expired"):
            people.find(people.token_of(invitation))
        people.remind(invitation, by=SYSTEM)
        assert people.find(people.token_of(invitation)) == invitation
        assert mails.drain() == 2


def test_a_withdrawn_link_is_dead_for_good(invitation):
    people.withdraw(invitation, by=SYSTEM)
    with pytest.raises(WrongState, match="withdrawn"):
        people.find(people.token_of(invitation))
    with pytest.raises(WrongState):
        people.remind(invitation, by=SYSTEM)


def test_nobody_is_invited_twice_until_the_first_invitation_expired(acme, invitation):
    again = {"email": "INES@acme.example", "role": "viewer", "by": SYSTEM}
    with pytest.raises(Conflict, match="open invitation"):
        people.invite(acme, **again)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert people.invite(acme, **again).role == "viewer"


def test_a_member_is_not_invited(acme, owner):
    with pytest.raises(Conflict, match="member already"):
        people.invite(acme, email="OLGA@acme.example", role="viewer", by=SYSTEM)


@pytest.mark.parametrize(
    "fields, field", [({"email": "nobody"}, "email"), ({"role": "king"}, "role")]
)
def test_an_invitation_that_cannot_be_is_refused_by_field(acme, fields, field):
    with pytest.raises(Invalid) as refusal:
        people.invite(acme, **{"email": "a@b.example", "role": "viewer", "by": SYSTEM, **fields})
    assert field in refusal.value.fields
    assert not Mail.objects.exists()


def test_the_last_owner_stays(acme, owner):
    people.join(acme, make_user("adam@acme.example"), role=Role.ADMIN, by=SYSTEM)
    for attempt in (
        lambda: people.remove(owner, by=SYSTEM),
        lambda: people.change_role(owner, Role.ADMIN, by=SYSTEM),
    ):
        with pytest.raises(WrongState, match="at least one owner"):
            attempt()
    assert Membership.objects.owners().get() == owner


def test_of_two_owners_one_may_go(acme, owner):
    people.join(acme, make_user("second@acme.example"), role=Role.OWNER, by=SYSTEM)
    people.remove(owner, by=SYSTEM)
    assert not Membership.objects.filter(pk=owner.pk).exists()
    with pytest.raises(WrongState, match="no member"):
        people.change_role(owner, Role.VIEWER, by=SYSTEM)


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_remove_each_other_at_once_leave_one():
    acme = make_platform("Acme")
    pair = [
        people.join(acme, make_user(f"{name}@acme.example"), role=Role.OWNER, by=SYSTEM)
        for name in ("one", "two")
    ]

    @everything()
    def remove(membership: Membership) -> bool:
        try:
            people.remove(membership, by=SYSTEM)
        except DomainError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(remove, pair)) == [False, True]
    assert Membership.objects.owners().count() == 1


def test_every_write_is_one_event(acme, owner):
    def news(act) -> tuple[str, dict]:
        before = set(Event.objects.values_list("pk", flat=True))
        act()
        event = Event.objects.exclude(pk__in=before).get()
        return event.type, event.changes

    invite = {"email": "ines@acme.example", "role": "viewer", "by": SYSTEM}
    assert news(lambda: people.invite(acme, **invite)) == (
        "member.invited",
        {"role": [None, "viewer"]},
    )
    invitation = Invitation.objects.get()
    token = people.token_of(invitation)
    assert news(lambda: people.remind(invitation, by=SYSTEM))[0] == "member.reminded"
    assert news(lambda: people.accept_as_newcomer(token, password="correct horse battery")) == (
        "member.joined",
        {"role": [None, "viewer"]},
    )
    ines = Membership.objects.get(user__email="ines@acme.example")
    assert news(lambda: people.change_role(ines, "admin", by=SYSTEM)) == (
        "member.role_changed",
        {"role": ["viewer", "admin"]},
    )
    assert news(lambda: people.remove(ines, by=SYSTEM))[0] == "member.removed"
    again = people.invite(acme, **invite)
    assert news(lambda: people.withdraw(again, by=SYSTEM))[0] == "member.invitation_withdrawn"
