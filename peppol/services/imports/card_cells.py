"""The cells of a line that say what the network is to know of a company."""

import re
from typing import Any

from peppol import code_lists
from peppol.services.imports.judgements import Judgement
from peppol.services.registration import card_words
from peppol.spelling import plain
from tenants.errors import Invalid
from tenants.sentences import Sentence

_YES = frozenset(("yes", "y", "true", "1", "x", "ja", "j", "oui", "o", "waar", "wahr", "vrai"))
_NO = frozenset(("no", "n", "false", "0", "nee", "nein", "non", "onwaar", "falsch", "faux"))
# What people call a document type for short, and what its name in the code list has.
_SHORT = {
    "invoice": "Peppol BIS Billing UBL Invoice",
    "creditnote": "Peppol BIS Billing UBL Credit Note",
    "selfbilling": "Self-Billing",
    "selfbillinginvoice": "Self-Billing UBL Invoice",
    "selfbillingcreditnote": "Self-Billing UBL Credit Note",
    "invoiceresponse": "Invoice Response",
    "response": "Invoice Response",
}


def understood(found: Judgement, cells: dict[str, str]) -> dict[str, Any]:
    """Take these cells out, and say what they come to, as `cards.describe` takes it."""
    said: dict[str, Any] = {}
    listed, website = cells.pop("is_listed", ""), cells.pop("website", "")
    types = cells.pop("document_types", "")
    if listed and plain(listed) not in _YES | _NO:
        found.refuse("is_listed", Sentence("“%(given)s” is neither yes nor no.", given=listed))
    elif plain(listed) in _NO:
        said["is_listed"] = False
    if website:
        address = website if "://" in website else f"https://{website}"
        try:
            said |= card_words.checked({"websites": [address]})
        except Invalid:
            found.doubt("website", Sentence("“%(given)s” is no website.", given=website))
    if types:
        said["document_types"] = _types(found, types)
    return said


def _types(found: Judgement, given: str) -> list[str]:
    chosen = []
    for word in filter(str.strip, re.split(r"[,;|+\n]", given)):
        known = [one.uri for one in code_lists.document_types() if _means(word, one.name)]
        if not known:
            found.refuse(
                "document_types",
                Sentence("“%(given)s” is no document type that we know.", given=word.strip()),
            )
        chosen += known
    return chosen


def _means(word: str, name: str) -> bool:
    short = _SHORT.get(plain(word).removesuffix("s"))
    return plain(word) == plain(name) or bool(short and short in name)
