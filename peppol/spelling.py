"""Words as people write them, and what of that does not matter."""

import re
import unicodedata


def plain(text: str) -> str:
    """A word without what people write differently: case, accents, spaces and signs."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("°", "o"))
    return re.sub(r"[^\w]|_", "", "".join(c for c in folded if not unicodedata.combining(c)))
