"""What the OpenAPI document says of ConnectedBusinessService's operations."""

from functools import partial

from drf_spectacular.types import OpenApiTypes

from config.api.invora import requests, responses
from config.api.invora.openapi import examples
from config.api.invora.openapi.parts import operation
from config.api.invora.responses import businesses as answers

_connected = partial(operation, "ConnectedBusinessService")

CREATE_BUSINESS = _connected(
    "CreateConnectedBusiness",
    "Create a business under the platform",
    answers.Connected,
    examples.CONNECTED,
    request=requests.NewBusiness,
    sent=examples.NEW_BUSINESS,
    post=True,
)
LIST_BUSINESSES = _connected(
    "ListConnectedBusinesses",
    "List the platform's businesses, newest first",
    answers.BusinessList,
    examples.BUSINESS_LIST,
    request=requests.Search,
    sent=examples.SEARCH,
    post=True,
)
GET_BUSINESS = _connected(
    "GetConnectedBusiness", "Get a business", answers.OneBusiness, examples.ONE_BUSINESS, one=True
)
UPDATE_BUSINESS = _connected(
    "UpdateConnectedBusiness",
    "Change a business; what is left out stays",
    answers.OneBusiness,
    examples.ONE_BUSINESS,
    request=requests.BusinessChanges,
    sent={"name": "Acme Riyadh Branch", "updateMask": "name"},
    one=True,
)
ROTATE_CREDENTIALS = _connected(
    "RotateConnectedBusinessCredentials",
    "Replace the secret of a business's machine client",
    responses.Credentials,
    examples.CREDENTIALS,
    post=True,
    one=True,
)
REMOVE_BUSINESS = _connected(
    "RemoveConnectedBusiness", "Remove a suspended business", OpenApiTypes.OBJECT, {}, one=True
)
SUSPEND_BUSINESS = _connected(
    "SuspendConnectedBusiness",
    "Stop a business, its people and its credentials",
    answers.OneBusiness,
    examples.SUSPENDED_BUSINESS,
    request=requests.Reason,
    sent={"reason": "Non-payment"},
    post=True,
    one=True,
)
REACTIVATE_BUSINESS = _connected(
    "ReactivateConnectedBusiness",
    "Let a suspended business go on",
    answers.OneBusiness,
    examples.ONE_BUSINESS,
    post=True,
    one=True,
)
