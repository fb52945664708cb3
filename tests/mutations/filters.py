"""Finds our tenancy filters in the source, and builds in a switch that takes each of them away."""

import ast
import builtins
import copy
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("tenants", "apikeys", "webhooks", "peppol", "billing", "config")
# What answers no tenant: what only operators and the sandbox's servers run, and tables' history.
APART = {"migrations", "admin", "sandbox", "management", "settings"}
_OWNERS = {"organization", "organizations", "platform", "parent", "company"}
_LOOKUPS = {"filter", "get", "exclude", "get_or_create"}
_SWITCH = "_filter_is_taken_away"


@dataclass(frozen=True)
class Filter:
    """One place where a query is told whose rows it is about."""

    path: Path
    place: tuple[int, int, int | None, int | None]
    text: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.place[0]}  {self.text[-110:]}"


@cache
def filters() -> tuple[Filter, ...]:
    """Every tenancy filter of the project, in the order of files and lines."""
    return tuple(_found())


def _found() -> Iterator[Filter]:
    for path, tree in _trees().items():
        conditions = _conditions(tree)
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=_place):
            if _without_filter(call, conditions) is not None:
                yield Filter(path, _place(call), " ".join(ast.unparse(call).split()))


@cache
def _trees() -> dict[Path, ast.Module]:
    files = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return {path: ast.parse(path.read_text()) for path in files if not APART & {*path.parts}}


@cache
def _starts() -> frozenset[str]:
    """Names of queryset methods that start at an organization: `under`, `of`, `visible_to`."""
    return frozenset(name for tree in _trees().values() for name in _starting_methods(tree))


def _starting_methods(tree: ast.AST) -> Iterator[str]:
    owners = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    methods = (method for one in owners if one.name.endswith("QuerySet") for method in one.body)
    for method in methods:
        given = method.args.args[1:] if isinstance(method, ast.FunctionDef) else []
        if isinstance(method, ast.FunctionDef) and _OWNERS & {one.arg for one in given}:
            yield method.name


def _place(call: ast.Call) -> Any:
    return call.lineno, call.col_offset, call.end_lineno, call.end_col_offset


def _conditions(tree: ast.AST) -> frozenset[str]:
    """Names of variables that hold a condition of `Q`s that names an owner."""
    assigned = (node for node in ast.walk(tree) if isinstance(node, ast.Assign))
    kept = (one.targets for one in assigned if _limits(one.value, frozenset()))
    return frozenset(t.id for targets in kept for t in targets if isinstance(t, ast.Name))


def _without_filter(call: ast.Call, conditions: frozenset[str]) -> ast.Call | None:
    """The call without what limits it to a tenant; None for any other call."""
    if not isinstance(call.func, ast.Attribute):
        return None
    receiver = call.func.value
    if call.func.attr in _starts() and call.args and _is_query(receiver):
        return ast.Call(ast.Attribute(receiver, "all", ast.Load()), [], [])
    if call.func.attr not in _LOOKUPS:
        return None
    kept = [keyword for keyword in call.keywords if not _names_owner(keyword)]
    given = [argument for argument in call.args if not _limits(argument, conditions)]
    if len(kept) + len(given) == len(call.keywords) + len(call.args):
        return None
    return ast.Call(call.func, given, kept)


def _is_query(receiver: ast.expr) -> bool:
    """Whether rows are asked for, rather than a module's or a class's function of that name."""
    if isinstance(receiver, ast.Name):
        return receiver.id in ("self", "queryset", "rows", "found", "mine")
    text = ast.unparse(receiver)
    return not text.startswith("super()") and (
        isinstance(receiver, ast.Call) or "objects" in text or "_manager" in text
    )


def _limits(argument: ast.expr, conditions: frozenset[str]) -> bool:
    """Whether a condition of `Q`s names an owner, or is one of those that do."""
    return any(
        (isinstance(node, ast.Name) and node.id in conditions)
        or (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) in ("Q", "models.Q")
            and any(_names_owner(keyword) for keyword in node.keywords)
        )
        for node in ast.walk(argument)
    )


def _names_owner(keyword: ast.keyword) -> bool:
    parts = (keyword.arg or "").removesuffix("_id").split("__")
    parts = [part.removesuffix("_id") for part in parts]
    return parts[-1] in ("in", *_OWNERS) and bool(_OWNERS & {*parts})


class Switches:
    """Which filter is taken away, and which ones were come across meanwhile."""

    def __init__(self) -> None:
        self.taken_away: int | None = None
        self.met: set[int] = set()

    def __call__(self, number: int) -> bool:
        self.met.add(number)
        return number == self.taken_away


class _BuildIn(ast.NodeTransformer):
    """Makes each filter `without if <switch>(number) else with`, wherever it stands."""

    def __init__(self, numbers: dict[Any, int], conditions: frozenset[str]) -> None:
        self.numbers, self.conditions = numbers, conditions

    def visit_Call(self, node: ast.Call) -> ast.AST:
        number = self.numbers.get(_place(node))
        without = _without_filter(node, self.conditions) if number is not None else None
        without = copy.deepcopy(without)
        visited = self.generic_visit(node)
        if without is None:
            return visited
        self.generic_visit(without)
        asked = ast.Call(ast.Name(_SWITCH, ast.Load()), [ast.Constant(number)], [])
        return ast.copy_location(ast.IfExp(asked, without, visited), node)


class _Loader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        path = Path(self.get_filename(fullname))
        numbers = {one.place: n for n, one in enumerate(filters()) if one.path == path}
        plain = ast.parse(path.read_text())
        tree = _BuildIn(numbers, _conditions(plain)).visit(plain)
        return compile(ast.fix_missing_locations(tree), str(path), "exec")


class _Finder(MetaPathFinder):
    """Finds our own modules, to be read with the switches built in."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in ROOMS:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and spec.origin and Path(spec.origin) in {one.path for one in filters()}:
            spec.loader = _Loader(fullname, spec.origin)
        return spec


def build_switches_in() -> Switches:
    """Have every module that is imported from now on ask whether a filter is taken away."""
    switches = Switches()
    setattr(builtins, _SWITCH, switches)
    sys.meta_path.insert(0, _Finder())
    return switches
