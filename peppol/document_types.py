"""What type a document is on the network: it follows from what the document itself says.

A receiver is registered for types one by one, or for a family of them by a wildcard: what says to
follow `urn:peppol:pint:billing-1@jp-1` is taken by whoever takes `urn:peppol:pint:billing-1*`.
"""

from collections.abc import Iterable

from peppol import code_lists

EXACT, WILDCARD = "busdox-docid-qns", "peppol-doctype-wildcard"
# The version in the identifier of a type that the list does not have, by syntax.
_VERSIONS = {"CrossIndustryInvoice": "D16B"}
_PINT = "urn:peppol:pint:"


def identifier(root: str, customization: str) -> str:
    """The identifier of the type of a document, `root` being `namespace::name` of its element."""
    begun = f"{root}##{customization}::"
    for known in code_lists.all_document_types():
        if known.value.startswith(begun):
            return known.value
    return begun + _VERSIONS.get(root.rpartition("::")[2], "2.1")


def scheme_of(value: str) -> str:
    """The scheme that an identifier is under: PINT's are registered by wildcards."""
    customization = value.partition("##")[2].partition("::")[0]
    return WILDCARD if customization.startswith(_PINT) else EXACT


def uri_of(value: str) -> str:
    """The identifier with its scheme, as SMPs and envelopes have it."""
    return f"{scheme_of(value)}::{value}"


def bare(uri: str) -> str:
    """An identifier without its scheme, where it has one."""
    scheme, _, value = uri.partition("::")
    return value if scheme in (EXACT, WILDCARD) else uri


def fitting(registered: Iterable[str], value: str) -> str:
    """Of what a receiver is registered for, as URIs, what takes a document of a type; or nothing.

    The closest comes first: the type itself, then the longest wildcard.
    """
    offered = sorted(registered, key=lambda uri: (bare(uri) != value, -len(uri)))
    return next((uri for uri in offered if _takes(uri, value)), "")


def name_of(uri: str) -> str:
    """What the code list calls a type; its identifier where it is not on the list."""
    plain = bare(uri).replace("*", "")
    known = (one.name for one in code_lists.all_document_types())
    values = (one.value.replace("*", "") for one in code_lists.all_document_types())
    return next((name for name, value in zip(known, values, strict=True) if value == plain), uri)


def _takes(uri: str, value: str) -> bool:
    scheme, _, pattern = uri.partition("::")
    if scheme != WILDCARD or "*" not in pattern:
        return pattern == value
    (root, family), (own_root, own) = _parts(pattern), _parts(value)
    begun = family.rstrip("*")
    return root == own_root and (own == begun or own.startswith(f"{begun}@"))


def _parts(value: str) -> tuple[tuple[str, str], str]:
    """Syntax and version of a type, and what it follows."""
    root, _, rest = value.partition("##")
    customization, _, version = rest.rpartition("::")
    return (root, version), customization
