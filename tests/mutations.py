"""Takes away one tenancy filter of ours after the other: does the database's wall hold alone?

    DATABASE_URL=postgres://… python -m tests.mutations [--list] [--only TEXT] [--every N]

By hand or at night: it takes some seconds a filter. The filters are found in the source, so a new
one is among them without being told. Each is taken away in a copy of the project, in which the
suites of isolation then run as an ordinary role. What they find is printed; it ends with 1 when
there is anything.
"""

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = ("tenants", "apikeys", "webhooks", "peppol", "billing", "config")
# What answers no tenant: what only operators and the sandbox's servers run, and tables' history.
APART = {"migrations", "admin", "sandbox", "management", "settings"}
SUITES = (
    "tests/api/test_isolation.py",
    "tests/api/test_identity_isolation.py",
    "tests/portal/attacks",
)
_OWNERS = {"organization", "organizations", "platform", "parent", "company"}
_LOOKUPS = {"filter", "get", "exclude", "get_or_create"}


@dataclass(frozen=True)
class Filter:
    """One place where a query is told whose rows it is about, and the source without it."""

    path: Path
    line: int
    text: str
    source: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}  {self.text}"


def filters() -> Iterator[Filter]:
    """Every tenancy filter of the project, in the order of files and lines."""
    files = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    trees = {path: ast.parse(path.read_text()) for path in files if not APART & {*path.parts}}
    starts = {name for tree in trees.values() for name in _starting_methods(tree)}
    for path, tree in trees.items():
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
            without = _without_filter(call, starts)
            if without is not None:
                text = " ".join(ast.unparse(call).split())
                yield Filter(path, call.lineno, text[-110:], _replaced(path, call, without))


def _starting_methods(tree: ast.AST) -> Iterator[str]:
    """Names of queryset methods that start at an organization: `under`, `of`, `visible_to`."""
    owners = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    methods = (method for one in owners if one.name.endswith("QuerySet") for method in one.body)
    for method in methods:
        given = method.args.args[1:] if isinstance(method, ast.FunctionDef) else []
        if isinstance(method, ast.FunctionDef) and _OWNERS & {one.arg for one in given}:
            yield method.name


def _without_filter(call: ast.Call, starts: set[str]) -> str | None:
    """The call's source without what limits it to a tenant; None for any other call."""
    if not isinstance(call.func, ast.Attribute):
        return None
    receiver = call.func.value
    if call.func.attr in starts and call.args and _is_query(receiver):
        return f"{ast.unparse(receiver)}.all()"
    if call.func.attr not in _LOOKUPS:
        return None
    kept = [keyword for keyword in call.keywords if not _names_owner(keyword)]
    given = [argument for argument in call.args if not _limits(argument)]
    if len(kept) + len(given) == len(call.keywords) + len(call.args):
        return None
    return ast.unparse(ast.Call(call.func, given, kept))


def _is_query(receiver: ast.expr) -> bool:
    """Whether rows are asked for, rather than a module's or a class's function of that name."""
    if isinstance(receiver, ast.Name):
        return receiver.id in ("self", "queryset", "rows", "found", "mine")
    text = ast.unparse(receiver)
    return not text.startswith("super()") and (
        isinstance(receiver, ast.Call) or "objects" in text or "_manager" in text
    )


def _limits(argument: ast.expr) -> bool:
    """Whether a condition of `Q`s names an owner."""
    calls = (node for node in ast.walk(argument) if isinstance(node, ast.Call))
    return any(
        isinstance(call.func, ast.Name)
        and call.func.id == "Q"
        and any(_names_owner(keyword) for keyword in call.keywords)
        for call in calls
    )


def _names_owner(keyword: ast.keyword) -> bool:
    parts = (keyword.arg or "").removesuffix("_id").split("__")
    parts = [part.removesuffix("_id") for part in parts]
    return parts[-1] in ("in", *_OWNERS) and bool(_OWNERS & {*parts})


def _replaced(path: Path, call: ast.Call, without: str) -> str:
    lines = path.read_bytes().splitlines(keepends=True)
    before = b"".join(lines[: call.lineno - 1]) + lines[call.lineno - 1][: call.col_offset]
    end = call.end_lineno or call.lineno
    after = lines[end - 1][call.end_col_offset :] + b"".join(lines[end:])
    return (before + without.encode() + after).decode()


def _run(project: Path, *options: str) -> str:
    """What the suites find in a copy of the project; nothing when they pass."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "--no-header",
        "--tb=no",
        "-p",
        "no:cacheprovider",
    ]
    done = subprocess.run(
        [*command, *options, *SUITES], cwd=project, capture_output=True, text=True, check=False
    )
    if not done.returncode:
        return ""
    told = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return told[0] if told else (done.stdout + done.stderr)[-300:]


def _copy(beneath: Path) -> Path:
    left_out = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache")
    return Path(shutil.copytree(ROOT, beneath / "gatehouse", ignore=left_out))


def main() -> int:
    """Take each chosen filter away; how it went, as an exit code."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--list", action="store_true", help="name the filters, take none away")
    options.add_argument("--only", default="", help="those whose place or text contains this")
    options.add_argument("--every", type=int, default=1, help="each n-th of them")
    options.add_argument("--from", type=int, default=0, dest="first", help="from this number on")
    given = options.parse_args()
    chosen = [one for one in filters() if given.only in str(one)][given.first :: given.every]
    if given.list:
        print(*chosen, sep="\n")
        return 0
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        sys.exit("Only PostgreSQL has a second wall: set DATABASE_URL.")
    with tempfile.TemporaryDirectory() as beneath:
        project = _copy(Path(beneath))
        if found := _run(project, "--create-db"):
            sys.exit(f"The suites have to pass with all filters in place: {found}")
        leaks = sum(_taken_away(one, project, number) for number, one in enumerate(chosen))
    print(f"{len(chosen)} filters taken away one by one, {leaks} of them were noticed.")
    return 1 if leaks else 0


def _taken_away(one: Filter, project: Path, number: int) -> bool:
    copy = project / one.path.relative_to(ROOT)
    copy.write_text(one.source)
    try:
        found = _run(project, "--reuse-db")
    finally:
        shutil.copyfile(one.path, copy)
    print(f"{number:>4} {'NOTICED' if found else 'held':<8}{one}", flush=True)
    if found:
        print(f"     {found}", flush=True)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
