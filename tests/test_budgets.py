"""The budgets that keep a reader at home: how long a file is, how often a tool looks away."""

import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
ROOMS = ("apikeys", "billing", "config", "peppol", "templates", "tenants", "tests", "webhooks")
# Migrations are written by Django, and nobody reads them from beginning to end.
FILES = sorted(
    path
    for room in ROOMS
    for path in (HOUSE / room).rglob("*")
    if path.suffix in (".py", ".html") and "migrations" not in path.parts
)
LINES = 300

pytestmark = pytest.mark.once


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_the_budgets_are_of_the_whole_house():
    assert len(FILES) > 600
    assert all(any(path.is_relative_to(HOUSE / room) for path in FILES) for room in ROOMS)


def test_no_file_is_longer_than_one_reads():
    long = {str(path.relative_to(HOUSE)): len(lines(path)) for path in FILES}
    assert {name: count for name, count in long.items() if count > LINES} == {}


@pytest.mark.parametrize("mark, most", [("fmt: skip", 20), ("type: ignore", 20), ("fmt: off", 0)])
def test_tools_are_told_to_look_away_seldom(mark, most):
    """For the formatter that is a table of a screen; for the type checker, untyped libraries."""
    found = [
        f"{path.relative_to(HOUSE)}:{number}"
        for path in FILES
        for number, line in enumerate(lines(path), 1)
        if f"# {mark}" in line
    ]
    assert len(found) <= most, found


def test_no_fixture_is_imported_behind_the_linters_back():
    """Fixtures that several rooms share are in plugins that the suite's conftest names."""
    shadowed = "noqa: " + "F811"
    assert [str(path) for path in FILES if shadowed in path.read_text(encoding="utf-8")] == []


def test_no_row_is_locked_harder_than_its_children_bear():
    """Whoever inserts a row that points at a locked one waits, unless it is locked `no_key`."""
    calls = re.compile(r"select_for_update\(((?:[^()]|\([^()]*\))*)\)")
    found = [
        (str(path.relative_to(HOUSE)), options)
        for path in FILES
        if "tests" not in path.parts
        for options in calls.findall(path.read_text(encoding="utf-8"))
    ]
    assert len(found) > 40
    assert [one for one in found if "no_key=True" not in one[1]] == []
