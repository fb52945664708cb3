"""axe-core, which judges whether everybody can use a page, run in a tab of the browser."""

from pathlib import Path
from typing import Any

import pytest

_PACKAGE = pytest.importorskip("axe_playwright_python", reason="axe-core is not installed")
_SOURCE = (Path(_PACKAGE.__file__).parent / "axe.min.js").read_text()
_STILL = "*, ::before, ::after { transition: none !important; animation: none !important; }"
# What a theme changes are colours alone.
_OF_A_THEME = ["color-contrast", "link-in-text-block"]
_JUDGE = """async ([rules, without]) => {
    const found = await axe.run({ exclude: without }, {
        resultTypes: ["violations"], ...(rules ? { runOnly: rules } : {}),
    });
    return found.violations.flatMap(({ id, help, nodes }) =>
        nodes.map((node) => `${id} (${help}): ${node.html.slice(0, 300)}`));
}"""
# Classes that name the model and its fields have no style of their own.
_KINDS = r"""() => {
    // Asked for as attributes: a form answers for its fields where it is asked for properties.
    const all = (one, names) => names.map((name) => one.getAttribute(name));
    const style = (one) => all(one, ["class"])[0]?.replace(/\b(app|model|field|column)-\S+/g, "");
    const look = (one) => [one.localName, style(one), ...all(one, ["role", "type"])];
    const named = (one) => Boolean(all(one, ["aria-label", "title", "alt"]).some(Boolean)
        || one.labels?.length || one.textContent.trim());
    const found = [...document.querySelectorAll("body *:not(#nav-sidebar *)")];
    return [...new Set(found.map((one) =>
        JSON.stringify([look(one), named(one), look(one.parentElement)])))];
}"""
# A backdrop is for the mouse; the keyboard has Escape.
_UNREACHABLE = """() => [...document.querySelectorAll(
    "[x-on\\\\:click]:not(#changelist-filter-close)")]
    .filter((one) => one.checkVisibility() && one.tabIndex < 0)
    .map((one) => `No key reaches ${one.outerHTML.slice(0, 300)}`)"""


def kinds(page: Any) -> set[str]:
    """The kinds of elements on the page: how each looks, where it stands, whether it has a name."""
    return set(page.evaluate(_KINDS))


def violations(page: Any, *, without: tuple[str, ...] = ()) -> list[str]:
    """What is wrong with what the tab shows: a sentence a node, in the one theme and the other.

    What the selectors `without` stand for is left out.
    """
    page.add_style_tag(content=_STILL)
    page.evaluate(_SOURCE)
    found = page.evaluate(_JUDGE, [None, without]) + page.evaluate(_UNREACHABLE)
    was = page.evaluate("document.documentElement.className")
    other = "light" if "dark" in was else "dark"
    page.evaluate("name => { document.documentElement.className = name }", other)
    colors = page.evaluate(_JUDGE, [_OF_A_THEME, without])
    page.evaluate("name => { document.documentElement.className = name }", was)
    return [*found, *(f"{other}: {sentence}" for sentence in colors)]
