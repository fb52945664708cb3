"""The part of the fonts that the pages need, cut from the files that Unfold brings.

Its symbols are four thousand, of which we show some hundred; its letters are those of all Europe,
of which most pages show the Latin ones. The cuts are a fifth of the whole, and the first page that
somebody opens waits for them. Letters that a cut lacks a browser takes from the whole font.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import unfold
from django.conf import settings

_UNFOLD = Path(unfold.__file__).parent
_WHOLE = _UNFOLD / "static" / "unfold" / "fonts"
_OURS = Path(settings.BASE_DIR) / "config" / "static"
CUTS = _OURS / "gatehouse" / "fonts"
_STYLES = _OURS / "unfold" / "fonts"
_SYMBOLS = "material-symbols/Material-Symbols-Outlined.woff2"
_WEIGHTS = {"Regular": 400, "Medium": 500, "SemiBold": 600, "Bold": 700}
_ROOMS = ("apikeys", "billing", "config", "peppol", "templates", "tenants", "webhooks")
# Letters of the cut, the first and the last of each range: Latin, signs, currencies, arrows.
_LETTERS = ((0x0, 0x24F), (0x2000, 0x206F), (0x20A0, 0x20BF), (0x2190, 0x2199), (0x2212, 0x2212))
_WORD = re.compile(r"[a-z0-9][a-z0-9_]+")
# How a symbol is named where one is shown: in quotation marks, or as the text of an element.
_NAMED = re.compile(r"""["']([a-z0-9_]+)["']|>\s*([a-z0-9_]+)\s*<""")


def cut() -> dict[str, int]:
    """Write the cuts and the styles that lead to them; the bytes of each file by its name."""
    CUTS.mkdir(parents=True, exist_ok=True)
    words = {word for text in _sources() for word in _WORD.findall(text)}
    symbols = _opened(_WHOLE / _SYMBOLS)
    shown = {glyph for name, glyph in _ligatures(symbols) if name in words}
    _save(symbols, "symbols", glyphs=shown, text="abcdefghijklmnopqrstuvwxyz0123456789_")
    _write("material-symbols", [_face("Material Symbols Outlined", 400, _address("symbols"))])
    letters = [code for first, last in _LETTERS for code in range(first, last + 1)]
    faces = []
    for name, weight in _WEIGHTS.items():
        _save(_opened(_WHOLE / f"inter/Inter-{name}.woff2"), f"inter-{weight}", unicodes=letters)
        faces += [
            _face("Inter", weight, _address(f"inter-{weight}"), _ranges(_LETTERS)),
            _face("Inter", weight, f"Inter-{name}.woff2", _ranges(_others())),
        ]
    _write("inter", faces)
    return {path.name: path.stat().st_size for path in sorted(CUTS.glob("*.woff2"))}


def symbols_in_use() -> set[str]:
    """The symbols that our sources and Unfold's name where they may show one."""
    named = {a or b for text in _sources() for a, b in _NAMED.findall(text)}
    return named.intersection(name for name, _ in _ligatures(_opened(_WHOLE / _SYMBOLS)))


def symbols_of_the_cut() -> set[str]:
    """The symbols that are in the cut."""
    return {name for name, _ in _ligatures(_opened(CUTS / "symbols.woff2"))}


def _sources() -> Iterator[str]:
    for room in (*(Path(settings.BASE_DIR) / name for name in _ROOMS), _UNFOLD):
        for path in sorted(room.rglob("*")):
            if path.suffix in (".html", ".py", ".js"):
                yield path.read_text(errors="replace")


def _opened(path: Path) -> Any:
    # Needed by whoever cuts alone.
    from fontTools.ttLib import TTFont

    return TTFont(path)


def _ligatures(font: Any) -> Iterator[tuple[str, str]]:
    """Each symbol's name, which is written letter by letter, and its glyph."""
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for part in lookup.SubTable:
            table = getattr(part, "ExtSubTable", part)
            for first, ligatures in getattr(table, "ligatures", {}).items():
                for one in ligatures:
                    parts = (first, *one.Component)
                    yield "".join(letters.get(glyph, "?") for glyph in parts), one.LigGlyph


def _save(font: Any, name: str, **kept: Any) -> None:
    from fontTools import subset

    options = subset.Options(layout_closure=False, layout_features=["*"], drop_tables=["FFTM"])
    cutter = subset.Subsetter(options)
    cutter.populate(**kept)
    cutter.subset(font)
    font.flavor = "woff2"
    font.recalcTimestamp = False
    font.save(CUTS / f"{name}.woff2")


def _address(name: str) -> str:
    """Where styles find a cut: another file is at another address."""
    version = hashlib.sha256((CUTS / f"{name}.woff2").read_bytes()).hexdigest()[:12]
    return f"../../../gatehouse/fonts/{name}.woff2?v={version}"


def _face(family: str, weight: int, address: str, ranges: str = "") -> str:
    lines = [
        f'font-family: "{family}"',
        "font-style: normal",
        f"font-weight: {weight}",
        f"font-display: {'swap' if ranges else 'block'}",
        f'src: url("{address}") format("woff2")',
        *([f"unicode-range: {ranges}"] if ranges else []),
    ]
    return "@font-face {\n" + "".join(f"  {line};\n" for line in lines) + "}\n"


def _write(family: str, faces: Iterable[str]) -> None:
    path = _STYLES / family / "styles.css"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("/* Written by manage.py cut_fonts. */\n" + "".join(faces))


def _others() -> Iterator[tuple[int, int]]:
    """The ranges between those of the cut, and above them."""
    ends = [*(first for first, _ in _LETTERS[1:]), 0x110000]
    for (_, last), following in zip(_LETTERS, ends, strict=True):
        if last + 1 < following:
            yield last + 1, following - 1


def _ranges(ranges: Iterable[tuple[int, int]]) -> str:
    return ", ".join(f"U+{first:X}-{last:X}" for first, last in ranges)
