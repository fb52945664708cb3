"""Refusals of rights are said to people in their own language."""

import ast
from pathlib import Path

from django.conf import settings

# What surfaces refuse is for programs, which read English.
ROOMS = ("tenants", "apikeys", "webhooks", "peppol", "billing")


def refusals():
    """Each place at which somebody is told that they may not."""
    for room in ROOMS:
        for path in (settings.BASE_DIR / room).rglob("*.py"):
            for node in ast.walk(ast.parse(Path(path).read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Forbidden":
                    yield path.name, node


def test_what_refuses_says_why_where_it_does():
    """`makemessages` finds a sentence only where it stands, whole, in the call itself."""
    found = list(refusals())
    assert {"authority.py", "grants.py"} <= {name for name, _ in found}
    unsaid = [
        (name, ast.unparse(call))
        for name, call in found
        if not (call.args and isinstance(call.args[0], ast.Constant))
    ]
    assert not unsaid
