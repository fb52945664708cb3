"""XML signatures as SMPs make them: enveloped, one reference, an X.509 certificate inside."""

import threading
from collections.abc import Sequence

import xmlsec
from lxml import etree

# The thread's last manager of keys, and whom it trusts.
_made = threading.local()

NAMESPACE = "http://www.w3.org/2000/09/xmldsig#"


class NotSigned(Exception):
    """The signature is missing, broken, of another shape, or by nobody we trust."""


def sign(root: etree._Element, key: bytes, certificate: bytes) -> bytes:
    """Append the signature of `root` to it and return the document's bytes.

    `key` and `certificate` are PEM. RSA-SHA256 over SHA-256, inclusive C14N 1.0, the single
    transform `enveloped-signature`, the default namespace: the shape that SMP clients expect.
    """
    signature = xmlsec.template.create(
        root, xmlsec.constants.TransformInclC14N, xmlsec.constants.TransformRsaSha256
    )
    root.append(signature)
    reference = xmlsec.template.add_reference(signature, xmlsec.constants.TransformSha256, uri="")
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
    x509 = xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(signature))
    xmlsec.template.x509_data_add_subject_name(x509)
    xmlsec.template.x509_data_add_certificate(x509)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(key, xmlsec.constants.KeyDataFormatPem)
    context.key.load_cert_from_memory(certificate, xmlsec.constants.KeyDataFormatPem)
    context.sign(signature)
    # No pretty printing from here on: every byte is signed.
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def verify(root: etree._Element, anchors: Sequence[bytes]) -> None:
    """Check that `root` as a whole is signed under a certificate that one of `anchors` issued.

    `anchors` are PEM certificates. Raises NotSigned.
    """
    signatures = root.findall(f".//{{{NAMESPACE}}}Signature")
    if len(signatures) != 1 or signatures[0].getparent() is not root:
        raise NotSigned("The answer does not carry exactly one signature of its own.")
    _check_shape(signatures[0])
    try:
        context = xmlsec.SignatureContext(_trusting(tuple(anchors)))  # type: ignore[call-arg]
        # Whoever may bring any key can sign anything: only certificates count.
        context.set_enabled_key_data([xmlsec.constants.KeyDataX509])
        context.verify(signatures[0])
    except xmlsec.Error as error:
        raise NotSigned("The answer's signature does not hold, or nobody we trust made it.") from (
            error
        )


def _trusting(anchors: tuple[bytes, ...]) -> xmlsec.KeysManager:
    """A manager that trusts `anchors`; making one takes ten times as long as a verification."""
    if getattr(_made, "anchors", None) != anchors:
        keys = xmlsec.KeysManager()
        for anchor in anchors:
            keys.load_cert_from_memory(
                anchor, xmlsec.constants.KeyDataFormatPem, xmlsec.constants.KeyDataTypeTrusted
            )
        _made.anchors, _made.keys = anchors, keys
    return _made.keys  # type: ignore[no-any-return]


def _check_shape(signature: etree._Element) -> None:
    """Refuse signatures that cover less than the whole document, or by other means."""
    ds = {"ds": NAMESPACE}
    references = signature.findall("ds:SignedInfo/ds:Reference", ds)
    if len(references) != 1 or references[0].get("URI") != "":
        raise NotSigned("The signature does not cover the whole answer.")
    transforms = [
        t.get("Algorithm") for t in references[0].iterfind("ds:Transforms/ds:Transform", ds)
    ]
    enveloped = f"{NAMESPACE}enveloped-signature"
    canonical = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
    if transforms not in ([enveloped], [enveloped, canonical]):
        raise NotSigned("The signature transforms the answer in ways we do not follow.")
    method = signature.find("ds:SignedInfo/ds:SignatureMethod", ds)
    if method is None or not str(method.get("Algorithm")).endswith(
        ("#rsa-sha256", "#rsa-sha384", "#rsa-sha512")
    ):
        raise NotSigned("The signature is made by a method that we do not take.")
