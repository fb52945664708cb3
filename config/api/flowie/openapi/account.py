"""What the OpenAPI document says of who calls, and of how one begins."""

from functools import partial

from config.api.flowie.openapi import examples
from config.api.flowie.openapi.parts import operation
from config.api.flowie.requests import account as requests
from config.api.flowie.requests.parts import Page
from config.api.flowie.responses import account as responses

_operation = partial(operation, "Account")
_ORGANIZATION = {
    "id": "org_01kfx3m2g4f7bsy8y6pzq0w9vn",
    "name": "Acme Accounting",
    "kind": "platform",
    "status": "active",
    "role": None,
}

ME = _operation(
    "get_me",
    "Who calls, for whom, and for whom else it might",
    200,
    responses.Me,
    {
        "type": "api_key",
        "environment": "live",
        "scopes": ["*"],
        "organization": _ORGANIZATION,
        "company": None,
        "apiKey": examples.PLATFORM_KEY,
        "user": None,
        "organizations": [_ORGANIZATION],
        "nextCursor": None,
    },
    parameters=[Page],
    acts=True,
)
BOOTSTRAP = _operation(
    "bootstrap_sandbox",
    "Get a company and a key to try with, in the sandbox, without signing up",
    201,
    responses.Begun,
    {
        "organizationId": _ORGANIZATION["id"],
        "apiKey": "flw_test_AbC1…",
        "keyPrefix": "flw_test_AbC1",
        "keyType": "personal",
        "company": {**examples.COMPANY, "environment": "test"},
        "expiresAt": "2026-12-07T10:00:00Z",
    },
    request=requests.Beginning,
    given_as={"label": "my-laptop"},
    post=True,
)
# Whoever has nothing yet has no key.
BOOTSTRAP["auth"] = [{}]
