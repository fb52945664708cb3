"""The cuts of the fonts: everything that pages show is in them, and they are small."""

import hashlib
import re
from itertools import pairwise
from pathlib import Path

from config import font_cuts

STYLES = Path("config/static/unfold/fonts")


def test_every_symbol_that_a_page_may_show_is_in_the_cut():
    missing = font_cuts.symbols_in_use() - font_cuts.symbols_of_the_cut()
    assert not missing, "Run manage.py cut_fonts, and commit what it wrote."


def test_another_cut_is_at_another_address():
    """Browsers keep static files for a year."""
    led_to = []
    for path in STYLES.glob("*/styles.css"):
        for address, version in re.findall(r'url\("([^"?]+)\?v=(\w+)"\)', path.read_text()):
            contents = (path.parent / address).resolve().read_bytes()
            assert hashlib.sha256(contents).hexdigest().startswith(version)
            led_to.append(address)
    assert len(led_to) == 5


def test_letters_that_the_cut_lacks_are_taken_from_the_whole_font():
    """A Greek company's name is in the font of the page."""
    styles = (STYLES / "inter" / "styles.css").read_text()
    ranges = [
        (int(first, 16), int(last, 16))
        for faces in re.findall(r"unicode-range: ([^;]+)", styles)[:2]
        for first, last in re.findall(r"U\+(\w+)-(\w+)", faces)
    ]
    ranges.sort()
    assert (ranges[0][0], ranges[-1][1]) == (0, 0x10FFFF)
    for (_, last), (first, _) in pairwise(ranges):
        assert first == last + 1


def test_the_cuts_are_a_fifth_of_the_whole_at_most():
    cuts = sum(path.stat().st_size for path in font_cuts.CUTS.glob("*.woff2"))
    whole = sum(path.stat().st_size for path in font_cuts._WHOLE.rglob("*.woff2"))
    assert cuts < whole / 5
