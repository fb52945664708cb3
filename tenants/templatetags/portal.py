"""How templates of both sites show what Python shows elsewhere."""

from typing import Any

from django import template
from django.forms import BaseForm
from django.template import RequestContext
from django.utils.translation import gettext

from tenants import events
from tenants.models import Event
from tenants.ui import display, labels
from tenants.ui.forms import dress
from tenants.ui.sites import site_of

register = template.Library()
register.filter("moment", display.moment)
register.filter("since", display.since)
register.filter("pill", display.pill)
register.filter("changes", display.changes)
register.filter("money", display.money)
register.filter("count", display.count)


@register.filter
def what(event: Event) -> str:
    """What happened, in a sentence."""
    known = events.CATALOGUE.get(event.type)
    return gettext(known.description) if known else event.type


@register.filter
def who(event: Event) -> str:
    """Who did it: a person, a key or one of our programs."""
    return labels.actor(event.actor_kind, event.actor_label)


@register.filter
def dressed(form: BaseForm) -> BaseForm:
    """A form that nobody of ours wrote, with the fields in Unfold's looks."""
    for field in form.fields.values():
        dress(field)
    return form


@register.simple_tag(takes_context=True)
def way_here(context: RequestContext, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The steps of a breadcrumb without the app, where there are more; pages are called as in the
    sidebar and the tabs."""
    steps = parts[1:] if len(parts) > 1 else parts
    named = site_of(context.request).navigation.title
    return [{**step, "title": named(str(step.get("link"))) or step["title"]} for step in steps]
