"""What the sandbox hands in at start counts in the sandbox, and nowhere else."""

import base64

import pytest
from cryptography.x509 import load_der_x509_certificate

from peppol.sandbox import authority
from peppol.services.documents import stand_ins
from peppol.services.registration.desired import own_endpoint
from peppol.smp import trust

REAL = pytest.mark.parametrize("network", ["test", "production"])


def test_the_sandboxs_authority_is_believed_where_no_other_was_given():
    assert trust.anchors() == [authority.bundle().ca_certificate.encode()]


def test_an_authority_that_was_given_takes_its_place(settings, tmp_path):
    given = tmp_path / "ca.pem"
    given.write_text(authority.make().ca_certificate)
    settings.SMP_TRUST_ANCHORS = [str(given)]
    assert trust.anchors() == [given.read_bytes()]


@REAL
def test_a_real_network_believes_nobody_that_was_not_given(network, settings):
    settings.PEPPOL_NETWORK = network
    assert trust.anchors() == []
    with pytest.raises(ValueError, match="PEM"):
        own_endpoint()


def test_registrations_point_at_the_sandboxs_access_point(settings):
    endpoint = own_endpoint()
    certificate = load_der_x509_certificate(base64.b64decode(endpoint.certificate))
    assert "SANDBOX AP" in certificate.subject.rfc4514_string()
    assert endpoint.url == settings.ACCESS_POINT_AS4_URL


@pytest.mark.parametrize("as_text", [True, False])
def test_a_certificate_is_given_as_a_file_or_as_its_text(as_text, settings, tmp_path):
    pem = authority.make().access_point_certificate
    (tmp_path / "ap.pem").write_text(pem)
    settings.ACCESS_POINT_CERTIFICATE = pem if as_text else str(tmp_path / "ap.pem")
    settings.PEPPOL_NETWORK = "production"
    assert base64.b64decode(own_endpoint().certificate)


@REAL
def test_nobody_stands_in_for_a_company_on_a_real_network(network, settings):
    assert stand_ins.offered() is not None
    settings.PEPPOL_NETWORK = network
    assert stand_ins.offered() is None
