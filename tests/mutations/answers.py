"""What a call is answered in a world, without what differs by itself from one call to the next."""

import hashlib
import io
import random
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import time_machine
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone

from apikeys import moving_windows
from config import hosts
from tenants.ids import read
from tests.mutations.calls import Call
from tests.mutations.filters import Switches
from tests.mutations.worlds import World, Worlds, strangers_rows, tenant_tables

_SIGNED = r":[0-9A-Za-z]{6}:[\w-]{20,}"
_TOKEN = re.compile(rf"{_SIGNED}|(?:[A-Za-z]+_)?[0-9A-Za-z-]{{20,}}|[0-9A-Za-z_=.+/-]{{24,}}")
_CSRF = re.compile(r'(csrfmiddlewaretoken" value=")[^"]+')


@dataclass
class Answer:
    """What came back, comparable between worlds, and whether a stranger's row was changed."""

    text: str
    wrote: str = ""
    met: set[int] = field(default_factory=set)
    response: Any = None

    @property
    def digest(self) -> str:
        """What tells the text from another."""
        return hashlib.sha256(self.text.encode(errors="replace")).hexdigest()


class Asking:
    """Makes calls in worlds, and undoes what they did there."""

    def __init__(self, worlds: Worlds, switches: Switches) -> None:
        self.worlds, self.switches = worlds, switches
        self.handler = ClientHandler(enforce_csrf_checks=False)
        self.now = timezone.now()
        with worlds.with_all.entered():
            self.known = frozenset(_ids())
        self.rows = {
            world.name: self._rows_of_strangers(world)
            for world in (worlds.with_peer, worlds.with_all)
        }

    def between(self, call: Call) -> tuple[World, World]:
        """The two worlds in which a call has to be answered alike."""
        company = call.whose == "company"
        return self.worlds.alone, self.worlds.with_all if company else self.worlds.with_peer

    def trouble(self, call: Call, usual: str = "") -> tuple[str, Answer]:
        """What is wrong with the answer to a call, if anything, and the answer.

        What is answered as it is with every filter in place (`usual`) is answered alike.
        """
        alone, beside = self.between(call)
        answer = self.ask(call, beside)
        if answer.wrote:
            return f"it changed a stranger's {answer.wrote}", answer
        if answer.digest == usual:
            return "", answer
        without = self.ask(call, alone)
        answer.met |= without.met
        if without.text != answer.text:
            return f"answered {_difference(without.text, answer.text)}", answer
        return "", answer

    def ask(self, call: Call, world: World) -> Answer:
        """Make a call in a world; whatever it changes there is changed back."""
        self.switches.met = met = set()
        with self._afresh(), world.entered(), transaction.atomic():
            try:
                response = self._made(call)
                text = self._comparable(response)
                wrote = self._changed(world) if call.method != "GET" else ""
            finally:
                transaction.set_rollback(True)
        return Answer(text, wrote, set(met), response)

    @contextmanager
    def _afresh(self) -> Iterator[None]:
        """Nothing is remembered of earlier calls, and no time passes."""
        cache.clear()
        hosts._known.clear()
        moving_windows.limiter().storage.reset()
        chance, before = random.Random(1), random._urandom  # type: ignore[attr-defined]
        # What `secrets` makes is the same in every world.
        random._urandom = chance.randbytes  # type: ignore[attr-defined]
        try:
            with time_machine.travel(self.now, tick=False):
                yield
        finally:
            random._urandom = before  # type: ignore[attr-defined]

    def _made(self, call: Call) -> Any:
        client = Client(raise_request_exception=False)
        client.handler = self.handler
        if call.session is not None:
            client.cookies = self.worlds.own.sessions[call.session].copy()
        return client.generic(
            call.method, f"/{call.path}", call.body, call.content_type, headers=call.headers
        )

    def _comparable(self, response: Any) -> str:
        shown = [response.headers.get(name, "") for name in ("Location", "Content-Disposition")]
        text = " ".join([str(response.status_code), *shown, _body(response)])
        return _TOKEN.sub(self._same, _CSRF.sub(r"\1", text))

    def _same(self, found: re.Match[str]) -> str:
        """An id that the worlds have stays; a new one, or a secret, is like any other."""
        token = found[0]
        if not any(letter.isdigit() for letter in token):
            return token
        return token if read(token) in self.known else "…"

    def _changed(self, world: World) -> str:
        before = self.rows.get(world.name)
        if before is None:
            return ""
        try:
            after = self._sums(world)
        except (TransactionManagementError, DatabaseError):
            return ""  # the whole call was undone
        return ", ".join(table for table in before if before[table] != after[table])

    def _rows_of_strangers(self, world: World) -> dict[str, int]:
        with world.entered():
            return self._sums(world)

    def _sums(self, world: World) -> dict[str, int]:
        others = [self.worlds.peer.platform]
        if world is self.worlds.with_all:
            others.append(self.worlds.sibling.company)
        return strangers_rows(*others)


def _ids() -> Iterator[Any]:
    for table, model in tenant_tables().items():
        if model._meta.pk.get_internal_type() == "UUIDField":
            with connection.cursor() as cursor:
                cursor.execute(f'select "{model._meta.pk.column}" from "{table}"')  # noqa: S608
                yield from (id for (id,) in cursor.fetchall())


def _body(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return " ".join(packed.read(name).decode() for name in packed.namelist())
    return "" if content.startswith(b"%PDF") else content.decode(errors="replace")


def _difference(one: str, other: str) -> str:
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return f"{one[max(at - 30, 0) : at + 60]!r} alone and {other[max(at - 30, 0) : at + 60]!r}"
