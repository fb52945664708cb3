"""The certificates that registrations publish and signatures lead to, and when they end.

60, 30 and 7 days before, and once it has ended, staff get a mail, and the audit trail of the
platform with most registrations that point there says so. A change for all registrations takes
days where somebody looks at the first of them.
"""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from peppol.models import AccessPoint, CertificateWarning, Participant
from peppol.smp import trust
from tenants import events
from tenants.actors import Actor
from tenants.models import Mail, Organization, User
from tenants.services import mails

ENDING = events.declare(
    "network.certificate_ending", "A certificate that registrations point at ends soon."
)
DAYS = (60, 30, 7, 0)
_WATCH = Actor.system("certificates")


@dataclass(frozen=True)
class Watched:
    """A certificate that counts on the network. `access_point` is None for our own."""

    name: str
    fingerprint: str
    ends_at: datetime
    access_point: AccessPoint | None = None
    publishes: bool = True

    @property
    def days_left(self) -> int:
        return (self.ends_at - timezone.now()).days

    @property
    def stage(self) -> int | None:
        """The latest of `DAYS` that is reached."""
        return min((days for days in DAYS if self.days_left < days), default=None)


def watched() -> list[Watched]:
    """Those of all access points that registrations name, and of whose signatures we believe."""
    return sorted(_all(), key=lambda one: one.ends_at)


def near_their_end() -> list[Watched]:
    """Those with less than 60 days left, the next first."""
    return [one for one in watched() if one.stage is not None]


def warn() -> int:
    """Tell of what was not told yet; of how many."""
    return sum(_tell(one) for one in near_their_end())


@transaction.atomic
def _tell(one: Watched) -> bool:
    _row, new = CertificateWarning.objects.get_or_create(
        fingerprint=one.fingerprint, days=one.stage or 0, defaults={"ends_at": one.ends_at}
    )
    about = _concerned(one) if new else None
    if about is None:
        return False
    facts = {"name": one.name, "ends_at": one.ends_at.isoformat(), "days": max(one.days_left, 0)}
    events.record(about, ENDING, by=_WATCH, data={"certificate": facts})
    staff = User.objects.filter(is_staff=True, is_active=True).exclude(email="")
    for address in staff.values_list("email", flat=True):
        mails.post(about, MAIL, to=address, context=facts)
    return True


def _concerned(one: Watched) -> Organization | None:
    """The platform with most registrations that point there."""
    rows = Participant.objects.holding()
    if one.publishes:
        rows = rows.filter(access_point=one.access_point)
    most = rows.values("platform").annotate(n=Count("pk")).order_by("-n").first()
    return Organization.objects.get(pk=most["platform"]) if most else None


def _all() -> Iterator[Watched]:
    with suppress(ValueError, OSError):
        own = trust.access_point_certificate()
        yield _of("ACCESS_POINT_CERTIFICATE", _read(own))
    used = Participant.objects.holding().exclude(access_point=None).values("access_point")
    for point in AccessPoint.objects.filter(pk__in=used):
        yield _of(point.url, _read(point.certificate), point)
    with suppress(ValueError, OSError):
        for pem in trust.anchors():
            for anchor in x509.load_pem_x509_certificates(pem):
                yield _of("SMP_TRUST_ANCHORS", anchor, publishes=False)


def _read(certificate: str) -> x509.Certificate:
    return x509.load_der_x509_certificate(base64.b64decode(certificate))


def _of(
    name: str,
    certificate: x509.Certificate,
    access_point: AccessPoint | None = None,
    *,
    publishes: bool = True,
) -> Watched:
    fingerprint = certificate.fingerprint(hashes.SHA256()).hex()
    if not publishes:
        # The same certificate may be both; each is told of.
        fingerprint = hashlib.sha256(fingerprint.encode()).hexdigest()
    return Watched(name, fingerprint, certificate.not_valid_after_utc, access_point, publishes)


def _letter(mail: Mail) -> mails.Context:
    page = reverse("admin:peppol_bulkoperation_add")
    facts = dict(mail.context)
    ends_at = datetime.fromisoformat(facts["ends_at"])
    return {**facts, "ends_at": ends_at, "link": f"{settings.BASE_URL}{page}"}


MAIL = mails.declare("certificate_ending", _letter, from_us=True)
