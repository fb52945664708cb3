"""How addresses are written in Belgium: in the language of the place."""

_WALLONIA = (range(1300, 1500), range(4000, 8000))
_BRUSSELS = range(1000, 1300)
# What stands before the number of a box, by language.
BOX = {"nl": "bus", "fr": "bte"}


def language(postal_code: str, spoken: str = "") -> str:
    """`nl` or `fr`, by where the place is; Brussels has both, and goes by what is `spoken`."""
    place = int(postal_code) if postal_code.isdigit() else 0
    if any(place in region for region in _WALLONIA):
        return "fr"
    if place in _BRUSSELS:
        return "fr" if spoken == "fr" else "nl"
    return "nl"


def street_line(street: str, house: str, box: str, language: str) -> str:
    """Street, number and box in one line."""
    boxed = f"{BOX[language]} {box}" if box else ""
    return " ".join(filter(None, (street.strip(), house.strip(), boxed.strip())))
