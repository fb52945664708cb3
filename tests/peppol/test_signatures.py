"""Signatures of SMP answers: their shape, what breaks them, and what Java makes of them."""

import subprocess
from pathlib import Path
from shutil import which

import pytest
from lxml import etree

from peppol.sandbox import authority
from peppol.smp import signatures

pytestmark = pytest.mark.django_db(transaction=True)


def signed():
    root = etree.fromstring('<a xmlns="urn:x"><b>1</b></a>')
    bundle = authority.bundle()
    return signatures.sign(root, bundle.smp_key.encode(), bundle.smp_certificate.encode())


def test_a_signature_has_the_shape_that_clients_expect():
    root = etree.fromstring(signed())
    ds = {"ds": signatures.NAMESPACE}
    assert root[-1].nsmap[None] == signatures.NAMESPACE
    assert len(root.findall(".//ds:Transform", ds)) == 1
    assert root.find(".//ds:X509SubjectName", ds) is not None
    signatures.verify(root, [authority.bundle().ca_certificate.encode()])


@pytest.mark.parametrize(
    "tamper",
    [
        lambda xml: xml.replace(b"<b>1</b>", b"<b>2</b>"),
        lambda xml: xml.replace(b'URI=""', b'URI="#b"'),
        lambda xml: b"<w>" + xml.split(b"?>")[1] + b"</w>",
        lambda xml: b"<a/>",
    ],
)
def test_what_was_altered_after_signing_is_found(tamper):
    with pytest.raises(signatures.NotSigned):
        signatures.verify(
            etree.fromstring(tamper(signed())), [authority.bundle().ca_certificate.encode()]
        )


JAVA = """
import javax.xml.crypto.dsig.*; import javax.xml.crypto.dsig.dom.*; import javax.xml.parsers.*;
import org.w3c.dom.*; import java.io.*; import java.security.cert.*;
public class Check { public static void main(String[] a) throws Exception {
  DocumentBuilderFactory f = DocumentBuilderFactory.newInstance(); f.setNamespaceAware(true);
  Document d = f.newDocumentBuilder().parse(new File(a[0]));
  Node s = d.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature").item(0);
  Certificate c = CertificateFactory.getInstance("X.509")
      .generateCertificate(new FileInputStream(a[1]));
  DOMValidateContext v = new DOMValidateContext(c.getPublicKey(), s);
  v.setProperty("org.jcp.xml.dsig.secureValidation", Boolean.TRUE);
  System.out.print(XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(v).validate(v));
}}
"""


@pytest.mark.skipif(which("java") is None, reason="there is no Java here")
def test_javas_secure_validation_accepts_the_signature(tmp_path: Path):
    (tmp_path / "Check.java").write_text(JAVA)
    (tmp_path / "signed.xml").write_bytes(signed())
    (tmp_path / "smp.pem").write_text(authority.bundle().smp_certificate)
    said = subprocess.run(
        ["java", "Check.java", "signed.xml", "smp.pem"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert said.stdout == "true"
