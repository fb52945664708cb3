"""What the OpenAPI document says of the operations on API keys."""

from functools import partial

from config.api.flowie.openapi import examples
from config.api.flowie.openapi.parts import operation, page
from config.api.flowie.requests import keys as requests
from config.api.flowie.requests.parts import Page, Rotation
from config.api.flowie.responses import keys as responses

_operation = partial(operation, "API keys")
_NEW_KEY = {**examples.PLATFORM_KEY, "key": "flw_plat_test_AbC123…"}
_NEW_TENANT_KEY = {**examples.TENANT_KEY, "key": "flw_test_AbC1…"}

LIST_OWN_KEYS = _operation(
    "list_platform_keys",
    "List the platform's own keys, as a person",
    200,
    responses.ApiKeysPage,
    page("apiKeys", examples.PLATFORM_KEY),
    parameters=[Page],
)
ISSUE_PLATFORM_KEY = _operation(
    "issue_platform_key",
    "Issue a platform key, as a person; it is shown this once",
    201,
    responses.IssuedKey,
    _NEW_KEY,
    request=requests.PlatformKeyFields,
    given_as=examples.NEW_PLATFORM_KEY,
    post=True,
)
LIST_KEYS = _operation(
    "list_api_keys",
    "List the keys of the platform and its companies",
    200,
    responses.ApiKeysPage,
    page("apiKeys", examples.PLATFORM_KEY),
    parameters=[requests.KeyListing],
)
GET_KEY = _operation(
    "get_api_key",
    "Read a key without its value",
    200,
    responses.Key,
    examples.TENANT_KEY,
    path=("key_id",),
)
REVOKE_KEY = _operation(
    "revoke_api_key",
    "Revoke a key for good",
    204,
    path=("key_id",),
)
ROTATE_KEY = _operation(
    "rotate_api_key",
    "Replace a key; both are good until the overlap is over",
    201,
    responses.IssuedKey,
    _NEW_TENANT_KEY,
    request=Rotation,
    given_as={"overlapSeconds": 86400},
    path=("key_id",),
    post=True,
)
LIST_COMPANY_KEYS = _operation(
    "list_company_keys",
    "List a company's keys",
    200,
    responses.ApiKeysPage,
    page("apiKeys", examples.PLATFORM_KEY),
    path=("company_id",),
    parameters=[Page],
)
ISSUE_TENANT_KEY = _operation(
    "issue_tenant_key",
    "Issue a tenant key; it is shown this once",
    201,
    responses.IssuedKey,
    _NEW_TENANT_KEY,
    request=requests.TenantKeyFields,
    given_as=examples.NEW_COMPANY["apiKey"],
    path=("company_id",),
    post=True,
)
