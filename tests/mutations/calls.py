"""The calls that are made: every route of all APIs and every page of the portal, found in both."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from config.api import registry
from tenants.ids import read
from tests.api.routes import METHODS, template
from tests.mutations.worlds import Worlds

_BODY = {"name": "walker", "country": "BE", "url": "https://walker.example/h", "reason": "walked"}
_ID = re.compile(r"(?:_id|Id|organization|company|tenant)$")
_NAME = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class Call:
    """One request. `whose` says who makes it: a platform's own, or a company's."""

    method: str
    path: str
    whose: str
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict, hash=False)
    session: int | None = None

    @property
    def wanted(self) -> tuple[str, ...]:
        """What is asked for, and within whose rows; whatever the credential."""
        acting = {k: v for k, v in self.headers.items() if k not in ("Authorization", "X-API-Key")}
        sent = self.body.decode(errors="replace")
        who = "page" if self.session is not None else "api"
        return who, self.whose, self.method, self.path, sent, repr(sorted(acting.items()))

    def __str__(self) -> str:
        who = "a member" if self.session is not None else "a key"
        sent = f" {self.body[:60]!r}" if self.body else ""
        acting = " ".join(f"{k}={v}" for k, v in self.headers.items() if k.startswith("X-"))
        return f"{self.method} /{self.path} by {who} of the {self.whose}{sent} {acting}".strip()


def api_calls(worlds: Worlds) -> Iterator[Call]:
    """Every operation of every vendor with ids of one's own, then with each one a stranger's."""
    for vendor in registry.VENDORS:
        described = Client().get(f"/api/docs/{vendor.name}.json").json()["paths"]
        seen = set()
        for pattern in vendor.urls.urlpatterns:
            route = template(pattern)
            # Of prefixes that are alike, the first: behind the others is the same.
            below = _below(route or "", vendor.prefixes)
            if route is None or (pattern.callback, below) in seen:
                continue
            seen.add((pattern.callback, below))
            said = described.get(f"/{route}", {})
            view = getattr(pattern.callback, "cls", None)
            for method in METHODS:
                if hasattr(view, method.lower()) or (view is None and method == "GET"):
                    operation = said.get(method.lower(), {})
                    yield from _of_operation(worlds, vendor.name, route, method, operation)


def _below(route: str, prefixes: Iterable[str]) -> str:
    fitting = [prefix for prefix in prefixes if route.startswith(f"{prefix}/")]
    return route.removeprefix(max(fitting, key=len, default=""))


def _of_operation(
    worlds: Worlds, vendor: str, route: str, method: str, said: dict[str, Any]
) -> Iterator[Call]:
    for whose, headers in _credentials(worlds, vendor):
        bodies = [b""] if method == "GET" else [json.dumps(b).encode() for b in _bodies(said)]
        for body in bodies:
            for path, query, more in _spellings(worlds, whose, route, said):
                sent = {**headers, **more}
                yield Call(method, f"{path}{query}", whose, body, headers=sent)
        if method != "GET":
            yield from _with_foreign_bodies(worlds, whose, route, method, headers, said)


def _credentials(worlds: Worlds, vendor: str) -> Iterator[tuple[str, dict[str, str]]]:
    for headers in worlds.own.signed[vendor]:
        whose = "company" if worlds.own.secret in str(headers) else "platform"
        yield whose, headers


def _bodies(said: dict[str, Any]) -> list[Any]:
    content = said.get("requestBody", {}).get("content", {}).get("application/json", {})
    given = [one.get("value") for one in content.get("examples", {}).values()]
    return given[:2] or [_BODY]


def _spellings(
    worlds: Worlds, whose: str, route: str, said: dict[str, Any]
) -> Iterator[tuple[str, str, dict[str, str]]]:
    """(path, query, headers): all one's own, then one of them after the other a stranger's."""
    names = re.findall(r"\{(\w+)\}", route)
    own = {name: worlds.own.ids(name)[0] for name in names}
    path = route.format(**own)
    yield path, "", {}
    strangers = _strangers(worlds, whose)
    for name in names:
        for stranger in strangers:
            yield route.format(**{**own, name: stranger.ids(name)[0]}), "", {}
    for parameter in said.get("parameters", ()):
        name, where = parameter["name"], parameter["in"]
        for value in _values(worlds, strangers, name):
            if where == "query":
                yield path, f"?{urlencode({name: value})}", {}
            elif where == "header" and value:
                yield path, "", {name: value}


def _values(worlds: Worlds, strangers: Iterable[Any], name: str) -> Iterator[str]:
    kind = kind_of(name)
    if kind:
        yield worlds.own.ids(kind)[0]
        yield from (stranger.ids(kind)[0] for stranger in strangers)
    elif name in ("search", "q", "name", "query"):
        yield from ("company", "theirs")


def kind_of(name: str) -> str | None:
    """Which of the ids of `Reseller.ids` a parameter of this name wants."""
    spelled = _NAME.sub("_", name.replace("-", "_")).lower()
    if not _ID.search(spelled) and not spelled.endswith(("_org", "organizations")):
        return None
    for known in ("organization", "company", "tenant", "key", "webhook", "user", "address"):
        if known in spelled or ("org" in spelled and known == "organization"):
            return f"{known}_id"
    return spelled if spelled.endswith("_id") else None


def _strangers(worlds: Worlds, whose: str) -> list[Any]:
    return [worlds.peer] if whose == "platform" else [worlds.peer, worlds.sibling]


def _with_foreign_bodies(
    worlds: Worlds, whose: str, route: str, method: str, headers: dict[str, str], said: Any
) -> Iterator[Call]:
    """Every id in a body replaced by a stranger's, and ids that nobody asked for added."""
    names = re.findall(r"\{(\w+)\}", route)
    path = route.format(**{name: worlds.own.ids(name)[0] for name in names})
    call = Call(method, path, whose, headers=headers)
    for stranger in _strangers(worlds, whose):
        for body in _bodies(said):
            changed = _exchanged(body, stranger)
            if isinstance(changed, dict):
                changed = {"organizationId": stranger.ids("organization_id")[0], **changed}
            yield replace(call, body=json.dumps(changed).encode())


def _exchanged(value: Any, stranger: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _exchanged(one, stranger, key) for key, one in value.items()}
    if isinstance(value, list):
        return [_exchanged(one, stranger, name) for one in value]
    kind = kind_of(name)
    if kind and ((isinstance(value, str) and read(value) is not None) or value is None):
        return stranger.ids(kind)[0]
    return value
