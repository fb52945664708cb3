"""Which pictures we take from others: small ones that every browser shows, without scripts."""

import re

from django.utils.translation import gettext_noop
from lxml import etree

from tenants.errors import Invalid

LARGEST = 512 * 1024
_SIGNATURES = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}
EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/svg+xml": "svg",
}
_SVG = "{http://www.w3.org/2000/svg}"
# What an SVG may be made of is long; what runs or loads something is short.
_REFUSED = {
    "script",
    "foreignobject",
    "iframe",
    "object",
    "embed",
    "handler",
    "set",
    "animate",
    "animatemotion",
    "animatetransform",
}
_LOADING = re.compile(r"@import|expression\s*\(|javascript:|url\(\s*['\"]?\s*(?!#)", re.IGNORECASE)
# The styles of CSS may spell any word with escapes, or with comments inside.
_DISGUISE = re.compile(r"\\|/\*")
_ENCODING = re.compile(r"""\ufeff?\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_NO_PICTURE = gettext_noop("This is no PNG, JPEG, WebP or SVG picture.")
_INSIDE = re.compile(r"#|data:image/(png|jpeg|webp);base64,", re.IGNORECASE)


def kind_of(content: bytes) -> str:
    """The media type of a picture, by its bytes and not by what anybody says it is.

    Raises Invalid for what is no PNG, JPEG, WebP or harmless SVG of up to 512 kB.
    """
    if len(content) > LARGEST:
        raise _refused("The picture is larger than 512 kB.")
    for kind, signature in _SIGNATURES.items():
        if signature.match(content):
            return kind
    _check_svg(content)
    return "image/svg+xml"


def _check_svg(content: bytes) -> None:
    # In another encoding the words that are looked for here would be spelt otherwise.
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise _refused(_NO_PICTURE) from None
    said = _ENCODING.match(text)
    if said and said[1].lower() != "utf-8":
        raise _refused("An SVG must be written in UTF-8.")
    if re.search("<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise _refused("An SVG must not have a document type.")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise _refused(_NO_PICTURE) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused("An SVG must not have a document type.")
    if root.tag != f"{_SVG}svg":
        raise _refused(_NO_PICTURE)
    for element in root.iter():
        if isinstance(element.tag, str):
            _check_element(element)
        elif not isinstance(element, etree._Comment):
            # Processing instructions load style sheets.
            raise _refused("An SVG must not have instructions for programs.")
    # Those before and after the root are not among its elements.
    around = [*root.itersiblings(), *root.itersiblings(preceding=True)]
    if any(isinstance(node, etree._ProcessingInstruction) for node in around):
        raise _refused("An SVG must not have instructions for programs.")


def _check_element(element: etree._Element) -> None:
    name = etree.QName(element).localname.lower()
    if name in _REFUSED:
        raise _refused("An SVG must not have scripts, animations or embedded pages.")
    if name == "style":
        _check_style("".join(str(text) for text in element.itertext()))
    for attribute, given in element.attrib.items():
        value = str(given)
        local = etree.QName(attribute).localname.lower()
        if local.startswith("on"):
            raise _refused("An SVG must not have scripts.")
        if local in ("href", "src") and not _INSIDE.match(value.strip()):
            raise _refused("An SVG must not load anything.")
        if local not in ("href", "src"):
            _check_style(value)


def _check_style(text: str) -> None:
    if _DISGUISE.search(text) or _LOADING.search(text):
        raise _refused("An SVG must not load anything.")


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, code="invalid_picture", fields={"logo_url": [sentence]})
