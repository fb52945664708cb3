"""Access points other than the installation's own, as registrations point at them."""

import base64
import binascii
import hashlib

from cryptography import x509
from django.db import transaction
from django.utils.translation import gettext_noop

from peppol.models import AccessPoint
from peppol.services.registration import desired
from tenants import persistence
from tenants.errors import Invalid

_NO_CERTIFICATE = gettext_noop("This is not a certificate, in PEM or in base64.")
_NO_CONTACT = gettext_noop("This is no address, such as mailto:ops@example.com.")


@transaction.atomic
def know(url: str, certificate: str, contact_url: str = "") -> AccessPoint:
    """The access point of this address and certificate (PEM, or base64 of DER), with a technical
    contact of its own where it is not the installation's.

    Raises Invalid when the certificate or the contact cannot be read.
    """
    encoded = "".join(
        line for line in certificate.split() if not line.startswith("-") and not line.endswith("-")
    ).replace("CERTIFICATE", "")
    try:
        der = base64.b64decode(encoded, validate=True)
        x509.load_der_x509_certificate(der)
    except (binascii.Error, ValueError):
        raise _refused("certificate", _NO_CERTIFICATE) from None
    if contact_url and not desired.is_contact(contact_url):
        raise _refused("contact_url", _NO_CONTACT)
    fingerprint = hashlib.sha256(der).hexdigest()
    facts = {"url": url, "fingerprint": fingerprint, "contact_url": contact_url}
    known = AccessPoint.objects.filter(**facts).first()
    if known is None:
        known = AccessPoint(**facts, certificate=base64.b64encode(der).decode())
        persistence.insert(known)
    return known


def _refused(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, code=f"malformed_{field}", fields={field: [sentence]})
