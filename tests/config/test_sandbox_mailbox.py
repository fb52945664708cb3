"""The sandbox's outbox: mails that no server carries are read in the admin."""

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from config.sandbox import mailbox
from tenants.models import Role, User
from tests.portal.conftest import make_member, signed_in, texts

OUTBOX = "/admin/outbox/"


@pytest.fixture
def staff(db, settings, tmp_path) -> Client:
    settings.EMAIL_BACKEND = "config.sandbox.mailbox.Outbox"
    settings.DATA_DIR = tmp_path
    return signed_in(User.objects.create_superuser("sam@op.example", "x"))


def send(subject: str) -> None:
    mail = EmailMultiAlternatives(
        subject, "Plain é", "Acme <no@op.example>", ["ines@acme.example"], reply_to=["help@a.be"]
    )
    mail.attach_alternative('<p title="a\'b">Rich</p>', "text/html")
    mail.send()


def test_a_mail_is_read_in_both_forms(staff):
    send("Join <Acme>")
    page = texts(staff.get(OUTBOX))
    assert "Join &lt;Acme&gt;" in page and "ines@acme.example" in page
    (path,) = mailbox._newest_first()
    mail = texts(staff.get(f"{OUTBOX}{path.stem}/"))
    assert "Plain é" in mail and "&lt;p title=&quot;a&#x27;b&quot;&gt;Rich&lt;/p&gt;" in mail
    assert "help@a.be" in mail


def test_the_newest_come_first_and_the_oldest_go(staff, monkeypatch):
    monkeypatch.setattr(mailbox, "_KEPT", 2)
    for subject in ("One", "Two", "Three"):
        send(subject)
    page = texts(staff.get(OUTBOX))
    assert page.index("Three") < page.index("Two") and "One" not in page


def test_an_unknown_mail_is_not_found(staff):
    assert staff.get(f"{OUTBOX}..%2Fgatehouse/").status_code == 404


def test_only_staff_read_it(staff, acme):
    send("Secret link")
    member = signed_in(make_member(acme, Role.OWNER))
    assert "Secret link" not in texts(member.get(OUTBOX, follow=True))


def test_there_is_none_where_a_server_carries_mails(staff, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert staff.get(OUTBOX).status_code == 404
    assert OUTBOX not in texts(staff.get("/admin/tenants/mail/"))
