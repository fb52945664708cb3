"""What the OpenAPI document says of looking receivers up."""

from config.api.flowie.openapi.parts import operation
from config.api.flowie.requests import lookup as requests
from config.api.flowie.responses import lookup as responses

LOOK_UP = operation(
    "Documents",
    "look_up_receiver",
    "Is somebody on Peppol, and do they take a kind of document?",
    200,
    responses.Lookup,
    {
        "peppolId": "0208:0403170701",
        "registered": True,
        "verdict": "takes",
        "name": "Bakkerij Peeters BV",
        "country": "BE",
        "instead": None,
        "error": None,
        "documentTypes": [
            {
                "id": f"busdox-docid-qns::{requests.TYPES['invoice']}",
                "name": "Peppol BIS Billing UBL Invoice V3",
            }
        ],
    },
    parameters=[requests.Wanted],
)
