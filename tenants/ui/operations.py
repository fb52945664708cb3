"""Operations: what a person does to a row besides editing it, such as suspending a company.

Each is a page of its own, in a dialog where the browser can show one: GET asks, POST does. What
it is done to is looked up where its page looks, so a stranger's row is as good as none.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.enums import ActionVariant

from tenants.access.gate import Right
from tenants.access.roles import Area
from tenants.errors import DomainError
from tenants.ui import interrupted, submissions
from tenants.ui.forms import Form
from tenants.ui.outcomes import Outcome, back_to, go, settle


class Ask(Form):
    """What an operation asks. Without fields it asks only whether one is sure.

    `admin`, `request` and `row` say for whom and about what; `row` is None for a new one.
    """

    def __init__(self, *args: Any, admin: Any, request: HttpRequest, row: Any, **kwargs: Any):
        self.admin, self.request, self.row = admin, request, row
        super().__init__(*args, **kwargs)

    @property
    def render_before_template(self) -> str:
        """What went wrong as a whole; Unfold's dialog shows this above the fields."""
        errors = {"errors": self.non_field_errors()}
        return render_to_string("unfold/helpers/messages/error.html", errors)


logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class OfferedOperation:
    """An operation that is offered beside a row, on whatever page the row stands."""

    title: Any
    icon: str
    link: str
    dialog: bool
    danger: bool


@dataclass(frozen=True)
class Operation:
    """How an operation is offered, what it asks, and what then runs.

    `right` is what it takes, in `area` or else in that of its page; `platforms` have it alone;
    `permission` is asked of the operator's staff instead of the page's own. `when` tells for
    which rows it makes sense. One that is not in the `header` of a row's page is offered beside
    what it is about. What makes something is done `once` by a form, however often that is sent.
    """

    title: Any
    run: Callable[..., Outcome]
    ask: type[Ask]
    submit: Any
    description: Any
    right: Right | None
    when: Callable[[Any], bool]
    header: bool = True
    tone: str = ""
    once: bool = False
    area: Area | None = None
    platforms: bool = False
    permission: str = ""

    def perform(self, admin: Any, request: HttpRequest, object_id: str | None) -> HttpResponse:
        """Ask or do, as the method says; `object_id` is None for what is done to no row."""
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "POST"])
        row = self._row(admin, request, object_id)
        if not admin.may(request, self, row):
            raise PermissionDenied
        interruption = interrupted.resume(request)
        if interruption is not None:
            form = self._form(admin, request, row)
            form.refuse(interruption)
            return self._page(admin, request, row, form)
        if request.method != "POST" or not self.once:
            return self._answer(admin, request, row)
        found = submissions.once(request, lambda: self._answer(admin, request, row))
        return go(request, found) if isinstance(found, str) else found

    def _answer(self, admin: Any, request: HttpRequest, row: Model | None) -> HttpResponse:
        form = self._form(admin, request, row)
        if request.method == "POST" and form.is_valid():
            subject = (row,) if row is not None else ()
            try:
                outcome = self.run(admin, request, *subject, form.cleaned_data)
            except DomainError as refusal:
                logger.info(
                    "Refused %s by %s: %s", self.run.__name__, request.user.pk, refusal.code
                )
                form.refuse(refusal)
            else:
                return settle(admin, request, row, outcome)
        return self._page(admin, request, row, form)

    def _row(self, admin: Any, request: HttpRequest, object_id: str | None) -> Model | None:
        if object_id is None:
            return None
        row: Model | None = admin.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        return row

    def _form(self, admin: Any, request: HttpRequest, row: Model | None) -> Ask:
        answers = (request.POST, request.FILES) if request.method == "POST" else ()
        # Behind a dialog there may be a form with fields of the same names: labels tell them apart.
        ids = {"auto_id": "asked_%s"} if "HX-Request" in request.headers else {}
        return self.ask(*answers, admin=admin, request=request, row=row, **ids)

    def _page(self, admin: Any, request: HttpRequest, row: Model | None, form: Ask) -> HttpResponse:
        context = {
            **admin.admin_site.each_context(request),
            "opts": admin.opts,
            "original": row,
            "title": self.title,
            "dialog": {
                "title": f"{self.title} · {row}" if row is not None else self.title,
                "description": self.description,
            },
            "form": form,
            "form_submit_text": self.submit or self.title,
            "tone": self.tone,
            "media": admin.media + form.media,
            "back": back_to(admin, request, row),
        }
        in_dialog = "HX-Request" in request.headers
        template = "unfold/helpers/dialog.html" if in_dialog else "ui/operation.html"
        return TemplateResponse(request, template, context)


def operation(
    title: Any,
    *,
    ask: type[Ask] = Ask,
    submit: Any = "",
    description: Any = "",
    right: Right | None = None,
    area: Area | None = None,
    platforms: bool = False,
    permission: str = "",
    when: Callable[[Any], bool] = lambda row: True,
    icon: str = "",
    variant: ActionVariant = ActionVariant.DEFAULT,
    path: str = "",
    dialog: bool = True,
    header: bool = True,
    once: bool = False,
) -> Callable[[Callable[..., Outcome]], Any]:
    """Make a method of a page an operation: `method(self, request, row, answers) -> Outcome`.

    `right` has to be declared. `answers` is what the form found; without a row (a new one) that
    argument is left out. Name the method in `actions_detail` or `actions_list`. It returns a
    sentence or another outcome.
    """

    def decorate(run: Callable[..., Outcome]) -> Any:
        tone = "danger" if variant == ActionVariant.DANGER else ""
        offer = (title, run, ask, submit, description, right, when, header, tone, once)
        op = Operation(*offer, area=area, platforms=platforms, permission=permission)

        @wraps(run)
        def view(
            self: Any, request: HttpRequest, object_id: str | None = None, **_: Any
        ) -> HttpResponse:
            return op.perform(self, request, object_id)

        # The vocabulary in which Unfold's buttons ask.
        offered: Any = view
        offered.operation = op
        offered.short_description = title
        offered.url_path = path or run.__name__.replace("_", "-")
        offered.icon, offered.variant, offered.attrs = icon, variant, {}
        offered.dialog = dialog
        return offered

    return decorate


def creation(title: Any, **options: Any) -> Callable[[Callable[..., Outcome]], Any]:
    """Make a method of a page the operation that makes a new row: the list's button, and `add/`."""
    usual = {
        "right": Right.CREATE,
        "path": "add",
        "dialog": False,
        "variant": ActionVariant.PRIMARY,
        "once": True,
    }
    return operation(title, **{**usual, **options})


def bulk(
    title: Any, *, right: Right, area: Area | None = None
) -> Callable[[Callable[..., Any]], Any]:
    """Make a method of a page what is done to all rows that were ticked in its list:
    `method(self, request, rows)`, of which each is one of the page's own."""

    def decorate(run: Callable[..., Any]) -> Any:
        offered: Any = run
        offered.operation = Operation(title, run, Ask, "", "", right, lambda row: True, area=area)
        offered.short_description = title
        return offered

    return decorate


def more(*names: str) -> dict[str, Any]:
    """The operations that are seldom wanted, behind a button of their own."""
    return {"title": _("More"), "icon": "more_vert", "items": list(names)}


def offers(
    admin: Any, request: HttpRequest, row: Model, names: Sequence[str], back: str
) -> list[OfferedOperation]:
    """Those of a page's operations that make sense for `row` and that the caller may do.

    `row` is one of the page's own; whoever does it is sent `back` afterwards.
    """
    admin.remember(request, row)
    stem = f"{admin.admin_site.name}:{admin.opts.app_label}_{admin.opts.model_name}"
    found = []
    for method in (getattr(admin, name) for name in names):
        op = method.operation
        if op.when(row) and admin.may(request, op, row):
            link = reverse(f"{stem}_{op.run.__name__}", args=[quote(row.pk)])
            link += f"?{urlencode({'next': back})}"
            danger = method.variant == ActionVariant.DANGER
            found.append(OfferedOperation(op.title, method.icon, link, method.dialog, danger))
    return found
