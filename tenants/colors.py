"""Colours that people can read: contrast as WCAG 2 has it, and the nearest shade with enough."""

from collections.abc import Iterable

# What text needs against what it stands on.
ENOUGH = 4.5
WHITE = "#ffffff"
# The ground of cards in the dark theme.
DARK = "#101828"


def contrast(one: str, other: str) -> float:
    """How far apart two colours are, from 1 (the same) to 21 (black and white)."""
    darker, brighter = sorted((_luminance(one), _luminance(other)))
    return (brighter + 0.05) / (darker + 0.05)


def darkened(color: str) -> str:
    """The colour, darkened until white text is readable on it."""
    while contrast(color, WHITE) < ENOUGH:
        color = _written(int(part * 0.95) for part in _parts(color))
    return color.lower()


def lightened(color: str) -> str:
    """The colour, lightened until it is readable on the dark theme's ground."""
    while contrast(color, DARK) < ENOUGH:
        color = _written(part + max(1, (255 - part) // 20) for part in _parts(color))
    return color.lower()


def _luminance(color: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (part / 255 for part in _parts(color))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(color: str) -> tuple[int, int, int]:
    red, green, blue = (int(color[n : n + 2], 16) for n in (1, 3, 5))
    return red, green, blue


def _written(parts: Iterable[int]) -> str:
    return "#" + "".join(f"{min(part, 255):02x}" for part in parts)
