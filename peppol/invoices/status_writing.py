"""Writes a message level status: Peppol MLS 1.0, in UBL."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from peppol.invoices.elements import aggregate, basic, make_identifier, some
from peppol.invoices.headers import ANSWER, MESSAGE_LEVEL_STATUS
from peppol.invoices.reading import CAC, CBC, UBL

PROFILE = "urn:peppol:edec:mls"
DOCUMENT_TYPE = f"{UBL}:ApplicationResponse-2::ApplicationResponse##{MESSAGE_LEVEL_STATUS}::2.1"
# Of a place that cannot be named.
NOWHERE = "NA"


@dataclass(frozen=True)
class Issue:
    """One reason: its kind (SV syntax, BV and BW rules, FD delivery), what it is, and where."""

    kind: str
    text: str
    place: str = NOWHERE


def write(
    number: str,
    code: str,
    *,
    about: str,
    sender: str,
    receiver: str,
    at: datetime,
    text: str = "",
    issues: Iterable[Issue] = (),
) -> bytes:
    """The UBL of a status about the message whose SBDH instance id is `about`."""
    names: Any = {None: f"{UBL}:ApplicationResponse-2", "cac": CAC[1:-1], "cbc": CBC[1:-1]}
    root = etree.Element(ANSWER, nsmap=names)
    at = at.astimezone(UTC)
    root.extend(
        (
            basic("CustomizationID", MESSAGE_LEVEL_STATUS),
            basic("ProfileID", PROFILE),
            basic("ID", number),
            basic("IssueDate", at.date()),
            basic("IssueTime", at.strftime("%H:%M:%SZ")),
            _party("SenderParty", sender),
            _party("ReceiverParty", receiver),
            aggregate(
                "DocumentResponse",
                aggregate("Response", basic("ResponseCode", code), *some("Description", text)),
                aggregate("DocumentReference", basic("ID", about)),
                *_lines(issues),
            ),
        )
    )
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _party(name: str, identifier: str) -> etree._Element:
    scheme, _, value = identifier.partition(":")
    return aggregate(name, make_identifier("EndpointID", value, scheme))


def _lines(issues: Iterable[Issue]) -> list[etree._Element]:
    """A line for each place, with everything that is said of it."""
    by_place: dict[str, list[Issue]] = {}
    for issue in issues:
        by_place.setdefault(issue.place or NOWHERE, []).append(issue)
    return [
        aggregate(
            "LineResponse",
            aggregate("LineReference", basic("LineID", place)),
            *(_issue(one) for one in said),
        )
        for place, said in by_place.items()
    ]


def _issue(issue: Issue) -> etree._Element:
    status = aggregate("Status", basic("StatusReasonCode", issue.kind))
    return aggregate("Response", basic("Description", issue.text), status)
