"""Rules that every template keeps."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

FOLDER = Path(settings.BASE_DIR) / "templates"
TEMPLATES = sorted(path for path in FOLDER.rglob("*.*") if path.suffix in (".html", ".txt"))
LONGEST = 120
# What the templates of components alone say.
COMPONENTS = {
    "a card": ("ui/card.html", "bg-white border border-base-200 rounded-default shadow-xs"),
    "a heading": ("ui/heading.html", "font-semibold text-important text-xl tracking-tight"),
    "a row": ("ui/row.html", "gh-row"),
    "a step": ("ui/step_list.html", "gh-stage"),
}


def name(path: Path) -> str:
    return str(path.relative_to(FOLDER))


def test_no_line_of_a_template_is_too_long_to_read():
    long = [
        f"{name(path)}:{number}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > LONGEST
    ]
    assert len(TEMPLATES) > 100 and not long


@pytest.mark.parametrize("part", COMPONENTS)
def test_the_classes_of_a_component_stand_once(part):
    home, classes = COMPONENTS[part]
    own = re.compile(rf"<[^>]*class=\"(?:[^\"]* )?{classes}[\" {{]")
    assert [name(path) for path in TEMPLATES if own.search(path.read_text())] == [home]


def test_every_template_that_another_includes_is_there():
    named = {
        other
        for path in TEMPLATES
        for other in re.findall(r'{% (?:include|extends) "([^"]+)"', path.read_text())
    }
    assert all(get_template(other) for other in named)


def test_pages_are_sorted_by_site_and_area():
    flat = [path for site in ("portal", "admin") for path in (FOLDER / site).glob("*.html")]
    # What Django itself looks for there.
    assert sorted(map(name, flat)) == ["admin/base.html", "admin/change_list.html"]
