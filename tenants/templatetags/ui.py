"""What templates of both sites are made of: their components, and how values are shown.

A component has its classes in one template of `templates/ui/`, and what stands between its tags
is shown inside it: `{% card "gh-tile" %} … {% endcard %}`.
"""

import re
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.utils import flatatt
from django.template import RequestContext
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tenants import events
from tenants.access import memberships
from tenants.alert_kinds import known_to
from tenants.models import Alert, Event
from tenants.ui import display, labels, seen_values, submissions
from tenants.ui.forms import dress
from tenants.ui.seen_values import SeenValues
from tenants.ui.sites import portal, site_of
from tenants.ui.table import table
from tenants.web.content_policy import nonce

_INDENTED = re.compile(r"\s*\n\s*")
register = template.Library()
register.filter("moment", display.moment)
register.filter("since", display.since)
register.filter("pill", display.pill)
register.filter("changes", display.changes)
register.filter("money", display.money)
register.filter("count", display.count)
register.filter("said", display.said)
register.simple_tag(display.symbol)
register.simple_tag(table)


@register.simple_tag(takes_context=True)
def style_nonce(context: RequestContext) -> str:
    """What the page's own style is known by to the browser."""
    return nonce(context.request)


@register.simple_block_tag
def card(content: str, look: str, tag: str = "section", **attributes: Any) -> SafeString:
    """A box of its own. `look` is the class that lays out its inside."""
    named = {name.replace("_", "-"): value for name, value in attributes.items()}
    facts = {"content": content, "look": look, "tag": tag, "attributes": flatatt(named)}
    return render_to_string("ui/card.html", facts)


@register.simple_block_tag
def compact(content: str) -> SafeString:
    """A part of a page without the indentation of its templates: a sixth of a list."""
    return SafeString(_INDENTED.sub("\n", content))


@register.simple_block_tag
def panel(content: str, title: Any, look: str = "") -> SafeString:
    """A box with its title in a bar of its own: Unfold's card."""
    facts = {"children": content, "title": title, "class": f"gh-block {look}".strip()}
    return render_to_string("unfold/components/card.html", facts)


@register.simple_block_tag
def button(content: str, **facts: Any) -> SafeString:
    """Unfold's button, or a link in its looks: all that its own component takes."""
    return render_to_string("unfold/components/button.html", {"children": content, **facts})


@register.inclusion_tag("ui/copy_button.html")
def copy_button(*of: Any, label: Any = "") -> dict[str, Any]:
    """A button that takes along the value of the field whose id the parts of `of` make; `label` is
    what it copies, for those who do not see where it stands."""
    return {"of": "".join(map(str, of)), "label": label}


@register.simple_block_tag
def heading(content: str, level: int = 2) -> SafeString:
    """The title of a page, or of the row that it is about."""
    return render_to_string("ui/heading.html", {"content": content, "level": level})


@register.simple_block_tag
def fact(content: str, name: Any, look: str = "text-important") -> SafeString:
    """One line of a list of facts: what it is called, and what it is."""
    return render_to_string("ui/fact.html", {"content": content, "name": name, "look": look})


@register.simple_block_tag
def row(content: str, icon: str = "", tone: str = "", **facts: Any) -> SafeString:
    """One line of a list: a symbol, of which people hear what is `said`, and what follows.

    With `href` it is a link; `onward` says by an arrow at its end that it leads elsewhere.
    """
    facts |= {"content": content, "icon": icon, "tone": tone}
    return render_to_string("ui/row.html", facts)


register.filter("subject", labels.subject_of)


@register.filter
def what(event: Event) -> str:
    """What happened, in a sentence."""
    known = events.CATALOGUE.get(event.type)
    return gettext(known.description) if known else event.type


@register.simple_tag(takes_context=True)
def who(context: RequestContext, event: Event) -> str:
    """Who did it: a person, a key or one of our programs."""
    for_staff = site_of(context.request) is not portal
    return labels.actor_of(event, for_staff=for_staff) or "–"


_MOST_NEW = 99


@register.simple_tag(takes_context=True)
def bell(context: RequestContext) -> SafeString | str:
    """How much of what one was told is new, with the way there; nothing on the operator's site."""
    request = getattr(context, "request", None)
    if request is None or site_of(request) is not portal or not context.get("has_permission"):
        return ""
    current = memberships.membership(request)
    if current is None:
        return ""
    mine = Alert.objects.unseen().filter(user=current.user_id, organization=current.organization_id)
    mine = mine.filter(kind__in=known_to(current))
    number = len(mine.order_by().values_list("pk", flat=True)[: _MOST_NEW + 1])
    told = f"{_MOST_NEW}+" if number > _MOST_NEW else number
    facts = {"number": told, "link": reverse("portal:tenants_alert_changelist")}
    return render_to_string("ui/bell.html", facts)


@register.filter
def dressed(form: BaseForm) -> BaseForm:
    """A form that nobody of ours wrote, with the fields in Unfold's looks."""
    for field in form.fields.values():
        dress(field)
    return form


@register.simple_tag(takes_context=True)
def form_state(context: RequestContext, form: BaseForm) -> SafeString:
    """What goes along with a form: by which it is known again, and the values that it showed."""
    state = {submissions.NAME: submissions.token(context.request)}
    if isinstance(form, SeenValues):
        state[seen_values.NAME] = form.seen_token
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', state.items())


@register.simple_tag(takes_context=True)
def way_here(context: RequestContext, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The steps of a breadcrumb without the app, where there are more; pages are called as in the
    sidebar and the tabs."""
    steps = parts[1:] if len(parts) > 1 else parts
    named = site_of(context.request).navigation.title
    return [{**step, "title": named(str(step.get("link"))) or step["title"]} for step in steps]
