"""Reads an answer to a document into its parts: Invoice Response (T111), MLS, MLR."""

from collections.abc import Iterator

from peppol.readable.parts import Party, Reason, Response
from peppol.readable.skimming import Node, Skimmed

KINDS = {
    "urn:fdc:peppol.eu:poacc:trns:invoice_response:3": "invoice_response",
    "urn:peppol:edec:mls:1.0": "message_status",
    "urn:fdc:peppol.eu:poacc:trns:mlr:3": "message_status",
}
_MOST_REASONS = 200


def read(found: Skimmed) -> Response:
    """The parts of an answer; one of an unknown customization is `other`."""
    root = Node(found.root)
    about = root.one("cac:DocumentResponse")
    answer, document = about.one("cac:Response"), about.one("cac:DocumentReference")
    return Response(
        kind=KINDS.get(root.text("cbc:CustomizationID"), "other"),
        number=root.text("cbc:ID"),
        issued=root.text("cbc:IssueDate"),
        sender=_party(root.one("cac:SenderParty")),
        receiver=_party(root.one("cac:ReceiverParty")),
        code=answer.text("cbc:ResponseCode"),
        text=answer.text("cbc:Description"),
        effective=answer.text("cbc:EffectiveDate"),
        about=document.text("cbc:ID"),
        about_type=document.text("cbc:DocumentTypeCode"),
        about_issued=document.text("cbc:IssueDate"),
        reasons=tuple(_reasons(about))[:_MOST_REASONS],
        notes=root.texts("cbc:Note"),
    )


def _party(node: Node) -> Party:
    scheme, value = node.attribute("schemeID", "cbc:EndpointID"), node.text("cbc:EndpointID")
    return Party(
        name=node.text("cac:PartyLegalEntity/cbc:RegistrationName"),
        trade_name=node.text("cac:PartyName/cbc:Name"),
        identifier=f"{scheme}:{value}" if scheme and value else value,
        contact=tuple(
            text
            for path in ("cbc:Name", "cbc:Telephone", "cbc:ElectronicMail")
            if (text := node.text(f"cac:Contact/{path}"))
        ),
    )


def _reasons(about: Node) -> Iterator[Reason]:
    for status in about.each("cac:Response/cac:Status"):
        yield Reason(
            list=status.attribute("listID", "cbc:StatusReasonCode"),
            code=status.text("cbc:StatusReasonCode"),
            text=status.text("cbc:StatusReason"),
            conditions=tuple(
                (one.text("cbc:AttributeID"), one.text("cbc:Description"))
                for one in status.each("cac:Condition")
            ),
        )
    for line in about.each("cac:LineResponse"):
        place = line.text("cac:LineReference/cbc:LineID")
        for answer in line.each("cac:Response"):
            yield Reason(
                list="MLS",
                code=answer.text("cac:Status/cbc:StatusReasonCode"),
                text=answer.text("cbc:Description") or answer.text("cac:Status/cbc:StatusReason"),
                place="" if place == "NA" else place,
            )
