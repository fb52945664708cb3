"""Whether what a client sends has the shape that the schemas ask for, element order included."""

from lxml import etree

from peppol.smp.documents import CARD, ID, SMP, WSA


class WrongShape(Exception):
    """An element is missing, misplaced or unknown."""


# Of each element: its children in order, as name and how many: 1, ? (at most one), + or *.
_SHAPES: dict[str, list[tuple[str, str]]] = {
    f"{{{SMP}}}ServiceGroup": [
        (f"{{{ID}}}ParticipantIdentifier", "1"),
        (f"{{{SMP}}}ServiceMetadataReferenceCollection", "1"),
        (f"{{{SMP}}}Extension", "?"),
    ],
    f"{{{SMP}}}ServiceInformation": [
        (f"{{{ID}}}ParticipantIdentifier", "1"),
        (f"{{{ID}}}DocumentIdentifier", "1"),
        (f"{{{SMP}}}ProcessList", "1"),
        (f"{{{SMP}}}Extension", "?"),
    ],
    f"{{{SMP}}}ProcessList": [(f"{{{SMP}}}Process", "+")],
    f"{{{SMP}}}Process": [
        (f"{{{ID}}}ProcessIdentifier", "1"),
        (f"{{{SMP}}}ServiceEndpointList", "1"),
        (f"{{{SMP}}}Extension", "?"),
    ],
    f"{{{SMP}}}ServiceEndpointList": [(f"{{{SMP}}}Endpoint", "+")],
    f"{{{SMP}}}Endpoint": [
        (f"{{{WSA}}}EndpointReference", "1"),
        (f"{{{SMP}}}RequireBusinessLevelSignature", "1"),
        (f"{{{SMP}}}MinimumAuthenticationLevel", "?"),
        (f"{{{SMP}}}ServiceActivationDate", "?"),
        (f"{{{SMP}}}ServiceExpirationDate", "?"),
        (f"{{{SMP}}}Certificate", "1"),
        (f"{{{SMP}}}ServiceDescription", "1"),
        (f"{{{SMP}}}TechnicalContactUrl", "1"),
        (f"{{{SMP}}}TechnicalInformationUrl", "?"),
        (f"{{{SMP}}}Extension", "?"),
    ],
    f"{{{CARD}}}BusinessCard": [
        (f"{{{CARD}}}ParticipantIdentifier", "1"),
        (f"{{{CARD}}}BusinessEntity", "*"),
    ],
    f"{{{CARD}}}BusinessEntity": [
        (f"{{{CARD}}}Name", "+"),
        (f"{{{CARD}}}CountryCode", "1"),
        (f"{{{CARD}}}GeographicalInformation", "?"),
        (f"{{{CARD}}}Identifier", "*"),
        (f"{{{CARD}}}WebsiteURI", "*"),
        (f"{{{CARD}}}Contact", "*"),
        (f"{{{CARD}}}AdditionalInformation", "?"),
    ],
}


def check(root: etree._Element, expected: str) -> None:
    """Raise WrongShape unless `root` is an `expected` element with all its parts in order."""
    if root.tag != expected:
        raise WrongShape(f"Expected {expected}, got {root.tag}.")
    for element in root.iter():
        if element.tag in _SHAPES:
            _check_children(element, _SHAPES[element.tag])


def _check_children(element: etree._Element, shape: list[tuple[str, str]]) -> None:
    children = [child.tag for child in element]
    for name, many in shape:
        count = 0
        while children and children[0] == name:
            children.pop(0)
            count += 1
        if (many in "1+" and count < 1) or (many in "1?" and count > 1):
            raise WrongShape(f"{count} × {name} in {element.tag}.")
    if children:
        raise WrongShape(f"{children[0]} is misplaced in {element.tag}.")
