"""What several resources are asked with: a part of a list, an overlap."""

from rest_framework import serializers

from config.api.flowie.requests.fields import Strict
from config.api.kit.fields import QueryNumber, Text

MOST_PER_PAGE = 100


class Page(Strict):
    """Which part of a list is wanted: `cursor` is the `nextCursor` of the page before."""

    limit = QueryNumber(min_value=1, max_value=MOST_PER_PAGE, default=50)
    cursor = Text(max_length=300, allow_blank=True, default="")


class Rotation(Strict):
    """How long what is replaced is good for beside its successor."""

    overlapSeconds = serializers.IntegerField(min_value=0, max_value=7 * 86400, default=86400)
