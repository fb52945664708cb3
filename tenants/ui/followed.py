"""Pages of rows that are under way: they show anew what has changed, without being asked to."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.http import urlencode

from tenants.ui.pages import Page


class Followed(Page):
    """A page that looks every now and then whether its row has come further. Goes before the
    page's own class.

    `follows` says what is looked at, and of rows in which states; the columns named in
    `further` tell too that something happened.
    """

    follows: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    change_form_outer_before_template = "ui/followed.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.row(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            return super().change_view(request, object_id, form_url, extra_context)
        now = "-".join(str(getattr(row, name)) for name in ("state", *self.further))
        if request.GET.get("part") == "state":
            facts = {"over": request.GET.get("since", "") != now}
            headers = {"Cache-Control": "no-store"}
            return TemplateResponse(request, "ui/followed_part.html", facts, headers=headers)
        asked = urlencode({"part": "state", "since": now})
        link = f"{request.path}?{asked}" if row.state in self.follows else ""
        more = {"followed": link, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, more)
