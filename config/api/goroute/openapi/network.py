"""What the OpenAPI document says of the operations about the network itself."""

from config.api.goroute.openapi import examples as example
from config.api.goroute.openapi.operations import SENDING_STOPS, operation
from config.api.goroute.responses.network import ParticipantFound, SentShown, VersionShown
from config.api.kit.fields import PeppolIdQuery

_TRANSACTION = example.TRANSACTION

SEND = operation(
    "send_document",
    "Transactions",
    "Send a UBL document as it is",
    201,
    SentShown,
    {
        "transaction_id": _TRANSACTION["id"],
        "status": "accepted",
        "invoice_id": _TRANSACTION["invoice_id"],
        "message_id": _TRANSACTION["message_id"],
        "sender_id": _TRANSACTION["sender_id"],
        "receiver_id": _TRANSACTION["receiver_id"],
        "warnings": [],
    },
    request={"application/xml": {"type": "string"}},
    refusals=SENDING_STOPS,
)
LOOK_UP = operation(
    "lookup_participant",
    "Participants",
    "Ask the network about a Peppol identifier",
    200,
    ParticipantFound,
    {
        "peppol_id": "0208:0403170701",
        "participant_id": "0208:0403170701",
        "scheme": "0208",
        "found": True,
        "registered": True,
        "name": "Bakery Peeters BV",
        "country": "BE",
        "smp": "https://smp.example.com",
        "smp_endpoint": "https://smp.example.com",
        "document_types": [f"busdox-docid-qns::{_TRANSACTION['document_type']}"],
        "capabilities": [
            {
                "document_type": _TRANSACTION["document_type"],
                "process_id": _TRANSACTION["process"],
            }
        ],
        "message": None,
        "error": None,
    },
    query=(PeppolIdQuery,),
)
VERSION = operation(
    "get_peppol_version",
    "Transactions",
    "By which rules invoices are judged",
    200,
    VersionShown,
    {
        "version": "BIS Billing 3.0.21, release 2026.5",
        "mandatory_from": "2026-08-17",
        "network": "production",
        "environment": "production",
        "status": "operational",
    },
)
