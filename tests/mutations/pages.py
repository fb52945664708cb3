"""The calls to the portal: every page, with forms filled in from what the page itself offers."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import connection, transaction
from django.urls import NoReverseMatch, URLPattern, reverse

from tenants.models import Organization
from tenants.row_security import limit_rows_to
from tenants.ui.sites import portal
from tests.mutations.calls import Call
from tests.mutations.worlds import World, Worlds

_FORM = "application/x-www-form-urlencoded"
# What stands in addresses besides the id of a row.
_OTHERS = {"place": 0, "way": "view", "what": "result", "format": "csv", "tab": "keys"}
_SETTINGS = ("brand", "branding", "domain", "people", "rules", "plan")
_LOOKED_FOR = "ompany"


def page_calls(worlds: Worlds, ask: Any) -> Iterator[Call]:
    """Every page as a member of the platform and of the company; `ask` answers a call."""
    for session, whose in enumerate(("platform", "company")):
        for path, posts in _pages(worlds, whose):
            call = Call("GET", path.lstrip("/"), whose, content_type=_FORM, session=session)
            yield call
            page = call.path.partition("?")[0]
            yield from (_posted(call, page, body) for body in posts)
            if "?" not in path:
                for body in _filled_in(worlds, whose, ask(call)):
                    yield _posted(call, page, body)


def _posted(call: Call, path: str, body: dict[str, Any]) -> Call:
    sent = urlencode(body, doseq=True).encode()
    return Call("POST", path, call.whose, sent, _FORM, session=call.session)


def _pages(worlds: Worlds, whose: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Addresses, each with what is sent to it besides what its own form asks for."""
    strangers = [worlds.peer] if whose == "platform" else [worlds.peer, worlds.sibling]
    foreign = [str(one.branch.pk) for one in strangers]
    yield reverse("portal:index"), []
    yield reverse("portal:switch"), [{"organization": one} for one in foreign]
    yield f"{reverse('portal:search')}?{urlencode({'s': _LOOKED_FOR, 'extended': 1})}", []
    yield from ((reverse("portal:setting", args=[name]), []) for name in _SETTINGS)
    yield "/portal/start/", []
    for model, admin in portal._registry.items():
        own = _row(worlds.alone, worlds.own.branch, model, whose, worlds.own.platform)
        theirs = [
            _row(worlds.with_all, one.branch, model, "", getattr(one, "platform", None))
            for one in strangers
        ]
        for pattern in admin.get_urls():
            yield from _of_pattern(pattern, own, theirs, foreign)
        for name in admin.autocomplete_fields:
            query = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
            asked = {**query, "field_name": name, "term": _LOOKED_FOR}
            yield f"{reverse('portal:autocomplete')}?{urlencode(asked)}", []


def _row(world: World, company: Organization, model: Any, whose: str, platform: Any) -> Any:
    """A row of this kind: the company's, or of what is the platform's alone."""
    owners = [company] if whose == "company" or platform is None else [company, platform]
    with world.entered():
        for owner in owners:
            with limit_rows_to(owner):
                rows = model._default_manager.exclude(pk=owner.parent_id).order_by("-pk")
                found = rows.exclude(pk=owner.pk).first() if owner is platform else rows.first()
            if found is not None:
                return found
    return None


def _of_pattern(
    pattern: Any, own: Any, theirs: list[Any], foreign: list[str]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    if not isinstance(pattern, URLPattern) or not pattern.name:
        return
    names = set(pattern.pattern.converters)
    others = {name: _OTHERS.get(name, "x") for name in names - {"object_id"}}
    if "object_id" in names:
        for row in [own, *theirs]:
            if row is not None:
                address = _reversed(pattern.name, {**others, "object_id": row.pk})
                if address:
                    yield address, [{}] if row is not own else []
        return
    address = _reversed(pattern.name, others)
    if address is None:
        return
    ids = [str(row.pk) for row in [own, *theirs] if row is not None]
    yield address, [{"action": "try_again", ACTION_CHECKBOX_NAME: ids}]
    if pattern.name.endswith("_changelist"):
        yield f"{address}?q={_LOOKED_FOR}", []
        yield from ((f"{address}?organization={one}", []) for one in foreign)
        export = _reversed(pattern.name.replace("_changelist", "_export"), {})
        if export:
            yield f"{export}?as=csv", []


def _reversed(name: str, names: dict[str, Any]) -> str | None:
    try:
        return reverse(f"portal:{name}", kwargs=names)
    except NoReverseMatch:
        return None


def _filled_in(worlds: Worlds, whose: str, answer: Any) -> Iterator[dict[str, Any]]:
    """What one would send of a page with a form: all one's own, then a stranger's choices."""
    form = _form_of(answer)
    if form is None:
        return
    with worlds.alone.entered(), transaction.atomic():
        scope = worlds.own.branch if whose == "company" else worlds.own.platform
        with limit_rows_to(scope):
            plain = {name: _value(field) for name, field in form.fields.items()}
        if connection.needs_rollback:
            connection.set_rollback(True)
    given = {name: value for name, value in plain.items() if value is not None}
    yield given
    for stranger in (worlds.peer, *([worlds.sibling] if whose == "company" else [])):
        chosen = {
            name: _strangers(stranger, field)
            for name, field in form.fields.items()
            if isinstance(field, forms.ModelChoiceField)
        }
        beside = {"organization": str(stranger.branch.pk), "company": str(stranger.branch.pk)}
        yield {**beside, **given, **{k: v for k, v in chosen.items() if v}}


def _form_of(answer: Any) -> Any:
    context = getattr(answer, "context", None)
    for name in ("adminform", "form"):
        found = context.get(name) if context else None
        found = getattr(found, "form", found)
        if isinstance(found, forms.BaseForm):
            return found
    return None


def _strangers(stranger: Any, field: Any) -> str | None:
    model = field.queryset.model
    if issubclass(model, Organization):
        return str(stranger.branch.pk)
    label = f"{model._meta.app_label}_{model._meta.model_name}"
    row = stranger.rows.rows.get(label)
    return str(row.pk) if row is not None else None


def _value(field: Any) -> Any:
    if isinstance(field, forms.ModelChoiceField):
        first = field.queryset.first()
        return str(first.pk) if first is not None else None
    if isinstance(field, forms.MultipleChoiceField):
        return [value for value, _ in _flat(field.choices)][:1]
    if isinstance(field, forms.ChoiceField):
        return next((value for value, _ in _flat(field.choices) if value), "")
    if isinstance(field, forms.BooleanField):
        return "on"
    if isinstance(field, forms.EmailField):
        return "walker@walker.example"
    if isinstance(field, forms.URLField):
        return "https://walker.example/hook"
    if isinstance(field, (forms.IntegerField, forms.DecimalField)):
        return "2"
    if isinstance(field, (forms.FileField, forms.DateField, forms.DateTimeField)):
        return None
    return "BE" if "country" in str(field.label).lower() else "Walker"


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from _flat(label)
        else:
            yield value, label
