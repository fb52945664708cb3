"""What the OpenAPI document says of ConnectedBusinessService's operations."""

from functools import partial

from drf_spectacular.types import OpenApiTypes

from config.api.invora import requests, responses
from config.api.invora.openapi import examples
from config.api.invora.openapi.parts import operation

_connected = partial(operation, "ConnectedBusinessService")

CREATE_BUSINESS = _connected(
    "CreateConnectedBusiness",
    "Create a business under the platform",
    responses.Connected,
    examples.CONNECTED,
    request=requests.NewBusiness,
    sent=examples.NEW_BUSINESS,
    post=True,
)
LIST_BUSINESSES = _connected(
    "ListConnectedBusinesses",
    "List the platform's businesses, newest first",
    responses.BusinessList,
    examples.BUSINESS_LIST,
    request=requests.Search,
    sent=examples.SEARCH,
    post=True,
)
GET_BUSINESS = _connected(
    "GetConnectedBusiness", "Get a business", responses.OneBusiness, examples.ONE_BUSINESS, one=True
)
REMOVE_BUSINESS = _connected(
    "RemoveConnectedBusiness", "Remove a suspended business", OpenApiTypes.OBJECT, {}, one=True
)
SUSPEND_BUSINESS = _connected(
    "SuspendConnectedBusiness",
    "Stop a business, its people and its credentials",
    responses.OneBusiness,
    examples.SUSPENDED_BUSINESS,
    request=requests.Reason,
    sent={"reason": "Non-payment"},
    post=True,
    one=True,
)
REACTIVATE_BUSINESS = _connected(
    "ReactivateConnectedBusiness",
    "Let a suspended business go on",
    responses.OneBusiness,
    examples.ONE_BUSINESS,
    post=True,
    one=True,
)
