"""The sweep that takes our filters away finds them by itself, and takes away one at a time."""

import ast
import builtins

import pytest

from tests.mutations import apart, filters


class Rows:
    """Says how it was asked."""

    objects: "Rows"

    def __getattr__(self, name):
        def asked(*conditions, **lookups):
            return f"{name}({', '.join(map(str, (*conditions, *lookups)))})"

        return asked


@pytest.mark.parametrize(
    "source, without",
    [
        ("rows.filter(organization=1, state=2)", "filter(state)"),
        ("rows.get(organization_id=1)", "get()"),
        ("rows.filter(company__parent=1)", "filter()"),
        ("rows.under(1)", "all()"),
        ("rows.exclude(Q(organization=1) | Q(parent=2))", "exclude()"),
        ("rows.filter(mine, state=2)", "filter(state)"),
    ],
)
def test_a_filter_is_found_and_taken_away_when_its_turn_comes(monkeypatch, source, without):
    tree = ast.parse(f"mine = Q(organization=1)\nfound = {source}")
    conditions = filters._conditions(tree)
    (place,) = [
        filters._place(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and filters._without_filter(node, conditions)
    ]
    switches = filters.Switches()
    monkeypatch.setattr(builtins, filters._SWITCH, switches, raising=False)
    built = ast.fix_missing_locations(filters._BuildIn({place: 7}, conditions).visit(tree))
    code = compile(built, "a module", "exec")

    def found() -> str:
        names = {"rows": Rows(), "Q": lambda **lookups: int(next(iter(lookups.values())))}
        exec(code, names)  # noqa: S102 — what the sweep does with our modules
        return names["found"]

    with_it = found()
    assert with_it != without and switches.met == {7}
    switches.taken_away = 7
    assert found() == without
    switches.taken_away = 8
    assert found() == with_it


def test_other_questions_are_no_filters():
    for source in ("rows.filter(state=2)", "companies.of(1)", "rows.get(pk=1)"):
        call = ast.parse(source, mode="eval").body
        assert filters._without_filter(call, frozenset()) is None


def test_the_projects_filters_are_found():
    found = [str(one) for one in filters.filters()]
    assert len(found) > 150 and len(set(found)) == len(found)


def test_what_no_call_comes_across_is_a_filter_still():
    found = [(str(one.path.relative_to(filters.ROOT)), one.text) for one in filters.filters()]
    for file, text in apart.APART:
        assert any(path == file and other.startswith(text) for path, other in found), (file, text)
