"""Certificates that registrations point at are watched: staff hear of their end in time."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone

from config import health
from config.dashboards.operator import outages
from peppol.models import Participant
from peppol.services.registration import access_points, certificates, participants
from tenants.models import Event, Mail, User
from tenants.services import mails

pytestmark = pytest.mark.django_db


def ending_in(days: float) -> str:
    """A certificate in PEM that has so many days left."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "POP000001")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    end = datetime.now(UTC) + timedelta(days=days)
    made = made.not_valid_before(end - timedelta(days=700)).not_valid_after(end)
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture
def point(bakery, by):
    """Has the bakery's registration point at a certificate that ends in so many days."""
    User.objects.create_user("staff@gatehouse.example", is_staff=True)
    row = participants.register(bakery, "0208:0403170701", by=by)

    def point(days: float) -> None:
        found = access_points.know("https://ap.example/as4", ending_in(days))
        Participant.objects.filter(pk=row.pk).update(access_point=found)

    return point


@pytest.mark.parametrize("days, stage", [(61.5, None), (59, 60), (29, 30), (6, 7), (-1, 0)])
def test_staff_are_told_once_at_each_stage(point, acme, days, stage):
    point(days)
    assert [one.stage for one in certificates.near_their_end()] == [stage][: stage is not None]
    told = certificates.warn()
    assert told == (stage is not None) and certificates.warn() == 0
    assert Mail.objects.filter(template="certificate_ending").count() == told
    said = Event.objects.filter(type="network.certificate_ending")
    assert [one.organization for one in said] == [acme] * told


def test_the_system_page_and_readiness_name_the_day(point):
    assert health.examine()["checks"]["certificates"] == {"ok": True}
    point(5)
    day = f"{timezone.now() + timedelta(days=5):%Y-%m-%d}"
    assert day in health.examine()["checks"]["certificates"]["detail"]
    (incident,) = outages._certificates()
    assert day in str(incident.what) and incident.grave


def test_the_mail_says_where_it_is_changed(point, mailoutbox):
    point(29)
    certificates.warn()
    mails.drain()
    (letter,) = mailoutbox
    assert "ends in 28 days" in letter.subject or "ends in 29 days" in letter.subject
    assert "/admin/peppol/bulkoperation/add/" in letter.body
