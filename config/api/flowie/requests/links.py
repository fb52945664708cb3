"""Links for a company's own people: what callers send of them."""

from rest_framework import serializers

from config.api.flowie.requests.fields import Strict
from config.api.kit.fields import Text
from tenants.services import client_links

_MINUTE = 60


class LinkFields(Strict):
    """What a link is for, where it leads back to, whom it is mailed to, how long it is good."""

    purpose = serializers.ChoiceField([*client_links.PURPOSES])
    returnUrl = Text(max_length=2000, required=False, allow_blank=True, default="")
    sendTo = serializers.EmailField(required=False, allow_blank=True)
    expiresInMinutes = serializers.IntegerField(
        min_value=int(client_links.SHORTEST.total_seconds()) // _MINUTE,
        max_value=int(client_links.LONGEST.total_seconds()) // _MINUTE,
        default=int(client_links.VALID_FOR.total_seconds()) // _MINUTE,
    )
