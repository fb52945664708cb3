"""Every path of the surface that leads nowhere."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.api.flowie.surface import FlowieView
from tenants.errors import NotFound


class Nowhere(FlowieView):
    """Not found, for whoever has a good key."""

    serves = ("platform", "company", "user")

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super(FlowieView, self).initial(request, *args, **kwargs)

    @extend_schema(exclude=True)
    def get(self, request: Any, **path: str) -> Response:
        raise NotFound("Path")

    post = put = patch = delete = get
