"""What the OpenAPI document says of the operations on webhooks."""

from functools import partial

from config.api.flowie.openapi import examples
from config.api.flowie.openapi.parts import operation, page
from config.api.flowie.requests import webhooks as requests
from config.api.flowie.responses import webhooks as responses

_operation = partial(operation, "Webhooks")
_SECRET = {**examples.WEBHOOK, "secret": examples.SECRET}

LIST_WEBHOOKS = _operation(
    "list_webhooks",
    "List webhooks, newest first",
    200,
    responses.WebhooksPage,
    page("webhooks", examples.WEBHOOK),
    parameters=[requests.WebhookListing],
    acts=True,
)
CREATE_WEBHOOK = _operation(
    "create_webhook",
    "Create a webhook: of a company, or without one of the platform and all its companies",
    201,
    responses.NewWebhook,
    _SECRET,
    request=requests.WebhookFields,
    given_as=examples.NEW_WEBHOOK,
    acts=True,
    post=True,
)
GET_WEBHOOK = _operation(
    "get_webhook",
    "Read a webhook with its failureCount",
    200,
    responses.Webhook,
    examples.WEBHOOK,
    path=("webhook_id",),
    acts=True,
)
UPDATE_WEBHOOK = _operation(
    "update_webhook",
    "Change, disable or enable a webhook",
    200,
    responses.Webhook,
    {**examples.WEBHOOK, "status": "disabled"},
    request=requests.WebhookChanges,
    given_as={"status": "disabled"},
    path=("webhook_id",),
    acts=True,
)
DELETE_WEBHOOK = _operation(
    "delete_webhook", "Delete a webhook", 204, path=("webhook_id",), acts=True
)
ROTATE_SECRET = _operation(
    "rotate_webhook_secret",
    "Give a webhook a new secret; the old one signs too until the overlap is over",
    200,
    responses.NewWebhook,
    _SECRET,
    request=requests.SecretRotation,
    given_as={"overlapSeconds": 86400},
    path=("webhook_id",),
    acts=True,
    post=True,
)
TEST_WEBHOOK = _operation(
    "test_webhook",
    "Have a test event sent",
    202,
    responses.Delivery,
    {**examples.DELIVERY, "type": "endpoint.test"},
    path=("webhook_id",),
    acts=True,
    post=True,
)
LIST_DELIVERIES = _operation(
    "list_deliveries",
    "List what was due to a webhook, newest first",
    200,
    responses.DeliveriesPage,
    page("deliveries", examples.DELIVERY),
    path=("webhook_id",),
    parameters=[requests.DeliveryListing],
    acts=True,
)
REPLAY_DELIVERY = _operation(
    "replay_delivery",
    "Send one delivery again",
    202,
    responses.Delivery,
    examples.DELIVERY,
    path=("webhook_id", "delivery_id"),
    acts=True,
    post=True,
)
REPLAY_DELIVERIES = _operation(
    "replay_deliveries",
    "Send again what was missed, or what failed in a time",
    202,
    responses.Replayed,
    {"replayed": 12},
    request=requests.Replay,
    given_as={"what": "missed"},
    path=("webhook_id",),
    acts=True,
    post=True,
)
