"""Which pictures are taken as a logo, and which are none or more than a picture."""

import pytest

from tenants import pictures
from tenants.errors import Invalid

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def svg(inside="", attributes=""):
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode()


@pytest.mark.parametrize(
    "content, kind",
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (svg('<path d="M0 0h9v9z" fill="#fff"/>'), "image/svg+xml"),
        (svg('<!-- made by hand --><g fill="url(#a)"/>'), "image/svg+xml"),
        (svg("<style>path { fill: red }</style>"), "image/svg+xml"),
        (b'<?xml version="1.0"?>' + svg(), "image/svg+xml"),
        (
            svg('<use xmlns:x="http://www.w3.org/1999/xlink" x:href="#a"/>'),
            "image/svg+xml",
        ),
    ],
)
def test_a_picture_is_known_by_its_bytes(content, kind):
    assert pictures.kind_of(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<html></html>",
        b"not a picture",
        b"<svg>no namespace</svg>",
        svg("<script>alert(1)</script>"),
        svg(attributes='onload="alert(1)"'),
        svg('<g onclick="alert(1)"/>'),
        svg('<a href="javascript:alert(1)"><path/></a>'),
        svg('<a href=" java\tscript:alert(1)"/>'),
        svg('<image href="https://evil.example/x.png"/>'),
        svg('<image href="data:image/svg+xml;base64,AAAA"/>'),
        svg('<x:image xmlns:x="http://www.w3.org/2000/svg" href="//evil.example"/>'),
        svg("<foreignObject><p/></foreignObject>"),
        svg("<style>@import 'https://evil.example';</style>"),
        svg('<g style="fill: url(https://evil.example)"/>'),
        svg("<g fill=\"url( '//evil.example')\"/>"),
        svg('<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>'),
        svg('<set attributeName="href" to="javascript:alert(1)"/>'),
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("&a;"),
        b'<?xml-stylesheet href="https://evil.example"?>' + svg(),
        PNG + b"\0" * pictures.LARGEST,
    ],
    ids=range(22),
)
def test_what_is_no_harmless_picture_is_refused(content):
    with pytest.raises(Invalid):
        pictures.kind_of(content)


UTF_7 = b'<?xml version="1.0" encoding="utf-7"?>'


@pytest.mark.parametrize(
    "content",
    [
        UTF_7 + svg(),
        b'<?xml version="1.0" encoding="iso-8859-1"?>' + svg(),
        b'<?xml version="1.0" encoding="utf-16"?>' + svg(),
        ('<?xml version="1.0" encoding="utf-16"?>' + svg().decode()).encode("utf-16"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + svg().decode()).encode("utf-16"),
        b" " * 5000 + b"<!DOCTYPE svg>" + svg(),
        b"<!-- " + b"x" * 5000 + b" --><!doctype svg [ ]>" + svg(),
        svg(r"<style>@\69mport 'https://evil.example';</style>"),
        svg(r'<g style="fill: u\72l(https://evil.example)"/>'),
        svg("<style>p { fill: u/**/rl(https://evil.example) }</style>"),
        svg(r'<g fill="ur\6c(//evil.example)"/>'),
    ],
    ids=range(11),
)
def test_a_picture_that_spells_it_otherwise_is_refused_too(content):
    """Other encodings, a document type behind a long comment, and escapes in styles."""
    with pytest.raises(Invalid):
        pictures.kind_of(content)


def test_a_picture_may_say_that_it_is_utf_8_and_hold_any_letter():
    content = b'<?xml version="1.0" encoding="UTF-8"?>' + svg("<title>\u00e9</title>")
    assert pictures.kind_of(content) == "image/svg+xml"
