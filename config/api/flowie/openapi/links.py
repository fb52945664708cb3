"""What the OpenAPI document says of the operations on client links."""

from functools import partial

from config.api.flowie.openapi.parts import operation
from config.api.flowie.requests import links as requests
from config.api.flowie.responses import links as responses

_operation = partial(operation, "Client links")
_NEW_LINK = {
    "purpose": "mandate",
    "returnUrl": "https://app.acme.example/clients/42",
    "expiresInMinutes": 1440,
}
_LINK = {
    "id": "link_01ke07kp2bf0e8bd5ha3tqk3d8",
    "companyId": "comp_01ke07kp2bf0e8bd5ha3tqk3d7",
    "purpose": "mandate",
    "url": "https://peppol.acme.example/client/uI4cAbC123…/",
    "returnUrl": "https://app.acme.example/clients/42",
    "sentTo": "",
    "status": "open",
    "createdAt": "2026-11-20T10:00:00Z",
    "expiresAt": "2026-11-21T10:00:00Z",
}

MAKE_LINK = _operation(
    "make_client_link",
    "Make a link by which a company's own people do one thing, once, without an account",
    201,
    responses.Link,
    _LINK,
    request=requests.LinkFields,
    given_as=_NEW_LINK,
    path=("company_id",),
    post=True,
)
REVOKE_LINK = _operation(
    "revoke_client_link",
    "Take a client link back",
    204,
    path=("company_id", "link_id"),
)
