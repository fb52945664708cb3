"""Where callers come in (FIS-01 to FIS-07)."""

import hashlib
import json
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from config.api.fiskaly import requests, sign_in
from config.api.fiskaly.callers import FiskalyCaller
from config.api.fiskaly.openapi import operations as doc
from config.api.fiskaly.responses import TokensAnswer
from config.api.fiskaly.surface import FiskalyView, SignInSurface
from config.api.fiskaly.tokens import grant, read_token
from config.api.kit.access import EVERYBODY, Access
from config.api.kit.bodies import NotJson, read_json


class Auth(FiskalyView):
    """Gives a token for credentials. Whatever header comes along is not looked at."""

    surface = SignInSurface()
    access = {"POST": Access(EVERYBODY, test_keys=True)}
    bears_secret = True

    @extend_schema(**doc.AUTH)
    def post(self, request: Any) -> Response:
        return Response(TokensAnswer.of(grant(self._caller(self.read(requests.Credentials)))))

    def _caller(self, said: dict[str, Any]) -> FiskalyCaller:
        if "refresh_token" in said:
            token = read_token(said["refresh_token"], "refresh")
            return sign_in.by_token(token if token and token.use_up() else None)
        if "api_key" in said:
            return sign_in.by_key(said["api_key"], said["api_secret"])
        return sign_in.by_password(self.request._request, said["email"], said["password"])

    def idempotency_scope(self) -> tuple[str, ...]:
        """Strangers who chose the same Idempotency-Key do not meet: each has their own name."""
        try:
            body = read_json(self.request)
        except NotJson:
            body = None
        said = body if isinstance(body, dict) else {}
        name = json.dumps([said.get(part) for part in ("api_key", "email", "refresh_token")])
        return (*super().idempotency_scope(), hashlib.sha256(name.encode()).hexdigest())
