"""What a site's sidebar offers and which lists are tabs of one another; each page is named once.

The project writes the tables (`config/navigation.py`) and gives each site its own at start.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True)
class Entry:
    """A page: the list of `model` or what is at the URL called `url`.

    `sees` says for whom it is, `badge` what is written beside its title, `tabs` which pages stand
    beside it; they are for those who see it, unless they say for whom they are.
    """

    title: Any
    icon: str = ""
    model: str = ""
    url: str = ""
    sees: Callable[[HttpRequest], bool] | None = None
    badge: Callable[[HttpRequest], str] | None = None
    tabs: tuple["Entry", ...] = ()

    def link(self, site: str) -> str:
        name = self.model.replace(".", "_")
        return reverse(self.url or f"{site}:{name}_changelist")


@dataclass(frozen=True)
class Group:
    """Entries of the sidebar that belong together, below a title; the first group has none."""

    entries: tuple[Entry, ...]
    title: Any = ""


class Navigation:
    """The sidebar and the tabs of one site, in Unfold's words, with addresses written out.

    Unfold compares every entry with every tab: to find each address anew for each comparison
    takes half the time of a page.
    """

    def __init__(self, site: str, groups: tuple[Group, ...]) -> None:
        entries = [entry for group in groups for entry in group.entries]
        self.sidebar = {"show_search": True, "navigation": [_group(site, g) for g in groups]}
        self.tabs = [_tabs(site, entry) for entry in entries if entry.tabs]
        self._titles = {
            page.link(site): page.title for entry in entries for page in (entry, *entry.tabs)
        }

    def title(self, link: str) -> Any:
        """What the page at `link` is called in the sidebar or as a tab; None when it is neither."""
        return self._titles.get(link)


def _group(site: str, group: Group) -> dict[str, Any]:
    items = [_item(site, entry) for entry in group.entries]
    return (
        {"title": group.title, "separator": True, "items": items}
        if group.title
        else {"items": items}
    )


def _item(site: str, entry: Entry) -> dict[str, Any]:
    shown = {"title": entry.title, "icon": entry.icon, "link": entry.link(site)}
    told = {"permission": entry.sees, "badge": entry.badge}
    return {**shown, **{key: value for key, value in told.items() if value}}


def _tabs(site: str, entry: Entry) -> dict[str, Any]:
    pages = list(_beside(entry))
    return {
        "models": [page.model for page in pages if page.model],
        "items": [_item(site, page) for page in pages],
    }


def _beside(entry: Entry) -> Iterator[Entry]:
    yield Entry(entry.title, model=entry.model, url=entry.url, sees=entry.sees)
    for tab in entry.tabs:
        yield Entry(tab.title, model=tab.model, url=tab.url, sees=tab.sees or entry.sees)
