"""Files of rows: handed over to be saved, never shown, to whoever may see the row's page."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote as escape

from django.contrib.admin.utils import quote, unquote
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import path, reverse

from tenants.access.gate import Right, takes
from tenants.ui.pages import Page

# Neither a browser nor a page around it shall take what a stranger wrote for a page of ours.
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
}
Given = Callable[[Any], HttpResponseBase]


class Downloads(Page):
    """A page whose rows have files. Goes before the page's own class.

    `downloads` names them; each is what the method `give_<name>(row)` answers, at
    `<row's page>/../<name>/`, and nothing for a row that the page does not show.
    """

    downloads: tuple[str, ...] = ()

    def get_urls(self) -> list[Any]:
        site, options = self.admin_site, self.opts
        own = [
            path(
                f"<path:object_id>/download/{name}/",
                site.admin_view(partial(self._download, name=name)),
                name=f"{options.app_label}_{options.model_name}_{name}",
            )
            for name in self.downloads
        ]
        return [*own, *super().get_urls()]

    @takes(Right.SEE)
    def _download(self, request: HttpRequest, object_id: str, name: str) -> HttpResponseBase:
        row = self.row(request, unquote(object_id))
        if row is None or request.method not in ("GET", "HEAD"):
            raise Http404
        give: Given = getattr(self, f"give_{name}")
        try:
            return give(row)
        except OSError:
            # The row outlived its file.
            raise Http404 from None

    def download_links(self, row: Any) -> dict[str, str]:
        """Where each file of `row` is."""
        site, options = self.admin_site, self.opts
        stem = f"{site.name}:{options.app_label}_{options.model_name}"
        return {n: reverse(f"{stem}_{n}", args=[quote(row.pk)]) for n in self.downloads}


def attached(content: Any, name: str, media_type: str) -> FileResponse:
    """`content`, a file or an iterator of bytes, as a download called `name`."""
    answer = FileResponse(content, content_type=media_type)
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "download"
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{escape(name, safe='')}"
    )
    for header, value in _HEADERS.items():
        answer.headers[header] = value
    return answer
