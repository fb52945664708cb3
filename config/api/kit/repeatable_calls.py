"""Calls that may be repeated, and calls that the database had to end: the kit's other half."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.response import Response
from rest_framework.views import APIView

from apikeys.services import idempotency
from config.api.kit.callers import Caller
from tenants.models import Organization
from tenants.persistence import is_victim, unless_victim
from tenants.row_security import limit_rows_to, one_transaction

if TYPE_CHECKING:
    from config.api.kit.surface import Surface

# What only reads is no more consistent in a transaction, whose begin and end cost as much again.
_READS = ("GET", "HEAD")
# Headers of an answer that are part of it, and come back when it is repeated.
_KEPT_HEADERS = ("Content-Type", "Cache-Control", "Location")
# Refusals that pass, with another plan or another day: the same call may be made again.
_PASSING = (402, 429)


class RepeatableCalls(APIView):
    """Makes a view's call in one transaction, and once for each `Idempotency-Key`."""

    surface: ClassVar["Surface"]
    caller: Caller
    _passing = False

    def answer(
        self, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase:
        """The answer of `view`; one that was given before, where the call is a repetition."""
        header = self.request.headers.get("Idempotency-Key")
        if self.request.method != "POST" or header is None:
            return unless_victim(lambda: self._answer_walled(view, args, kwargs))
        key = idempotency.read_key(header)
        body: bytes = self.request.body
        owner = self.idempotent_for()
        reserved = idempotency.reserve(
            owner,
            key,
            # A test key gets no answer of a live one, and a weaker key none of a stronger one.
            scope=(*(self.caller.reach if owner else ()), *self.idempotency_scope()),
            fingerprint=hashlib.sha256(body).digest(),
        )
        if isinstance(reserved, idempotency.Answer):
            return _repeated(reserved)
        return self._answer_once(reserved, view, args, kwargs)

    def _answer_walled(
        self, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase:
        if self.request.method in _READS:
            return view(self.request, *args, **kwargs)
        with one_transaction():
            return view(self.request, *args, **kwargs)

    def idempotent_for(self) -> Organization | None:
        """Whose calls under one key are known again; None for a person's own."""
        return self.caller.organization

    def idempotency_scope(self) -> tuple[str, ...]:
        """What tells two calls under one key apart; a surface adds the acting company."""
        method, path = self.request.method or "", self.request.path.rstrip("/")
        person = self.caller.identity if self.idempotent_for() is None else ""
        return (self.surface.name, method, path, person)

    def _answer_once(
        self,
        reserved: idempotency.Reservation,
        view: Callable[..., HttpResponseBase],
        args: Any,
        kwargs: Any,
    ) -> HttpResponseBase:
        """Make the call once, as often as it takes; what passes by itself is not kept."""
        try:
            response = unless_victim(lambda: self._answer_kept(reserved, view, args, kwargs))
        except BaseException:
            idempotency.release(reserved)
            raise
        if self._passes(response):
            idempotency.release(reserved)
        return response

    def _answer_kept(
        self,
        reserved: idempotency.Reservation,
        view: Callable[..., HttpResponseBase],
        args: Any,
        kwargs: Any,
    ) -> HttpResponse:
        """Make the call and keep its answer in one transaction."""
        self._passing = False
        with transaction.atomic():
            response = self._refusable(view, args, kwargs)
            if not self._passes(response):
                idempotency.keep(reserved, _rendered(response))
        return response

    def _refusable(
        self, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponse:
        """The view's answer or the dressed refusal, rendered; a refusal leaves no effect."""
        try:
            with transaction.atomic():
                response = view(self.request, *args, **kwargs)
        except Exception as error:
            if is_victim(error):
                raise
            self._passing = getattr(error, "passes", False)
            response = self.handle_exception(error)
        finalize: Callable[..., HttpResponseBase] = self.finalize_response
        response = finalize(self.request, response, *args, **kwargs)
        assert isinstance(response, HttpResponse)  # noqa: S101 — no surface streams
        if isinstance(response, Response):
            response.render()
        return response

    def _passes(self, response: HttpResponseBase) -> bool:
        status = response.status_code
        return status >= 500 or status in _PASSING or self._passing

    def _row_limited(self) -> AbstractContextManager[None]:
        """The rows that the database shows to the caller, from the moment they are known."""
        own = self.caller.organization
        return limit_rows_to(*([own] if own else []), person=self.caller.user)


def _rendered(response: HttpResponse) -> idempotency.Answer:
    kept = {name: response[name] for name in _KEPT_HEADERS if name in response}
    return idempotency.Answer(response.status_code, kept, response.content)


def _repeated(answer: idempotency.Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status)
    for name, value in answer.headers.items():
        response[name] = value
    response["Idempotency-Replayed"] = "true"
    return response
