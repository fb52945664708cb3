"""What the OpenAPI document says of the operations on a platform's settings."""

from functools import partial

from config.api.flowie.openapi import examples
from config.api.flowie.openapi.parts import operation, refusal
from config.api.flowie.requests import settings as requests
from config.api.flowie.responses import settings as responses

_operation = partial(operation, "Platform")
_UNENTITLED = refusal(
    "Without the white-label entitlement",
    "WHITE_LABEL_REQUIRED",
    "Branding needs the white-label entitlement.",
)

GET_SETTINGS = _operation(
    "get_settings",
    "Read the platform's settings",
    200,
    responses.Settings,
    examples.SETTINGS,
)
UPDATE_SETTINGS = _operation(
    "update_settings",
    "Change a part of the settings; what is left out stays",
    200,
    responses.Settings,
    examples.SETTINGS,
    request=requests.Settings,
    given_as=examples.NEW_SETTINGS,
    refusals={403: _UNENTITLED},
)
