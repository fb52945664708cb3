"""How facts are shown in lists and on pages: states as pills, times as distances, ids as code."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.humanize.templatetags.humanize import naturaltime
from django.forms.utils import flatatt
from django.template.defaultfilters import filesizeformat
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from tenants.errors import DomainError
from tenants.sentences import Sentence, say
from tenants.ui import labels

# The colour of every state there is, whatever it is the state of.
_TONES = {
    "success": {
        "active",
        "delivered",
        "published",
        "approved",
        "accepted",
        "sent",
        "live",
        "enabled",
        "reported",
        "done",
        "signed",
        "used",
        "verified",
    },
    "warning": {
        "pending",
        "waiting",
        "suspended",
        "expired",
        "disabled",
        "sending",
        "publishing",
        "unregistering",
        "info_requested",
        "missed",
        "submitted",
        "stopped",
        "asked",
        "needs_client",
        "differs",
    },
    "danger": {
        "failed",
        "failing",
        "needs_you",
        "exhausted",
        "revoked",
        "closed",
        "rejected",
        "elsewhere",
        "unknown",
        "refused",
    },
    "info": {
        "test",
        "open",
        "opened",
        "platform",
        "draft",
        "sends_only",
        "received",
        "running",
        "reading",
        "uploaded",
        "checked",
        "trial",
        "chosen",
        "in_review",
    },
}

# The classes of a symbol in the colour of a tone.
_COLOURS = {
    "success": "text-green-700 dark:text-green-400",
    "warning": "text-orange-700 dark:text-orange-400",
    "danger": "text-red-700 dark:text-red-400",
    "primary": "text-primary-600 dark:text-primary-500",
    "minor": "text-subtle",
    "faint": "text-base-400",
    "turning": "text-primary-600 dark:text-primary-500 gh-spinning",
    "onward": "gh-chevron",
    "": "",
}


def tone(state: str) -> str:
    """The colour that `state` is shown in, "" for a plain one."""
    return next((name for name, states in _TONES.items() if state in states), "")


def pill(state: str, text: Any = "") -> SafeString:
    """A state as a coloured label."""
    look = f"gh-pill {tone(state)}".strip()
    return format_html('<span class="{}">{}</span>', look, text or labels.choice(state))


def pills(*states: tuple[str, Any]) -> SafeString:
    return format_html_join(" ", "{}", ((pill(*state),) for state in states))


def moment(at: datetime | None, missing: Any = "–") -> SafeString | str:
    """A time as its distance from now; the exact time is in the tooltip."""
    if at is None:
        return missing
    local = timezone.localtime(at)
    exact = f"{formats.date_format(local, 'DATETIME_FORMAT')} {local:%Z}"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(timespec="seconds"),
        exact,
        naturaltime(at),
    )


def since(at: datetime) -> SafeString:
    """Since when something is so: the day, or the hour of today; exactly in the tooltip."""
    local = timezone.localtime(at)
    today = local.date() == timezone.localdate()
    text = formats.time_format(local) if today else formats.date_format(local, "MONTH_DAY_FORMAT")
    exact = f"{formats.date_format(local, 'DATETIME_FORMAT')} {local:%Z}"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(),
        exact,
        gettext("Since %(when)s") % {"when": text},
    )


def exactly(at: datetime | None, missing: str = "–") -> str:
    """A time to the second, with its zone, as people of the current language write it."""
    if at is None:
        return missing
    local = timezone.localtime(at)
    return f"{formats.date_format(local, 'DATE_FORMAT')}, {local:%H:%M:%S %Z}"


def code(text: Any) -> SafeString:
    """What is read letter by letter: identifiers, prefixes, addresses."""
    return format_html('<code class="gh-code">{}</code>', text)


def unbroken(text: Any) -> SafeString:
    """What is not to be broken at its hyphens: a number of a document. What is very long ends
    in dots; the whole of it is in the tooltip."""
    return format_html('<span class="gh-unbroken" title="{}">{}</span>', text, text)


def said(sentence: str) -> str:
    """A sentence that was kept in English, in the reader's language where we know it."""
    return gettext(sentence) if sentence else ""


def lines(*parts: Any) -> SafeString:
    """The first part with the others below it, smaller."""
    below = format_html_join(
        "", '<span class="gh-minor text-subtle">{}</span>', ((p,) for p in parts[1:] if p)
    )
    return format_html('<span class="gh-lines"><span>{}</span>{}</span>', parts[0], below)


def bar(done: int, total: int, text: Any) -> SafeString:
    """How far something is, as a bar with words below it."""
    percent = round(100 * done / total) if total else 100
    return format_html(
        '<span class="gh-lines"><progress class="gh-bar" max="100" value="{}">{}%</progress>'
        '<span class="gh-minor text-subtle">{}</span></span>',
        percent,
        percent,
        text,
    )


def symbol(icon: str, tone: str = "", said: Any = "") -> SafeString:
    """A symbol. Who hears the page hears what is `said`; without it, words beside it say it."""
    if not icon:
        return SafeString()
    look = f"material-symbols-outlined {_COLOURS[tone]}".strip()
    heard = {"role": "img", "aria-label": said} if said else {"aria-hidden": "true"}
    return format_html('<span class="{}"{}>{}</span>', look, flatatt(heard), icon)


def marked(icon: str, word: Any) -> SafeString:
    """A word with a symbol before it, which says the same."""
    return format_html('<span class="gh-marked">{}{}</span>', symbol(icon), word)


def money(amount: Decimal | None, currency: str) -> str:
    """An amount as people of the current language write it."""
    if amount is None:
        return "–"
    text = formats.number_format(amount, 2, use_l10n=True, force_grouping=True)
    return f"{text} {currency}".strip()


def price(amount: Decimal, currency: str) -> str:
    """A price of one thing, which may be a part of a cent."""
    has = -int(amount.normalize().as_tuple().exponent)
    text = formats.number_format(amount, max(has, 2), use_l10n=True, force_grouping=True)
    return f"{text} {currency}".strip()


def decimal(amount: Decimal) -> str:
    """A number with as many decimals as it has."""
    return formats.number_format(f"{amount.normalize():f}", use_l10n=True)


def share(part: int, whole: int) -> str:
    """A part of the whole in percent, to a tenth."""
    return f"{formats.number_format(100 * part / whole, 1)} %" if whole else "–"


def number(text: Any) -> SafeString:
    """A number in a column of numbers: to the right, digit below digit."""
    return format_html('<span class="gh-number">{}</span>', text)


def day(on: date | None, missing: str = "–") -> str:
    """A day as people of the current language write it."""
    return formats.date_format(on, "DATE_FORMAT") if on else missing


def refusal(error: DomainError) -> str:
    """Why a service refused, in the language of the page."""
    return str(say(error.told))


def refused_fields(error: DomainError) -> dict[str, list[str]]:
    """What a service refused at which fields, in the language of the page."""
    whole = refusal(error)
    return {
        name: [whole if one == error.message else say(Sentence(one)) for one in sentences]
        for name, sentences in error.fields.items()
    }


def count(number: int) -> str:
    """A number of things as people of the current language write it."""
    return formats.number_format(number, 0, use_l10n=True, force_grouping=True)


def size(octets: int) -> str:
    """A number of bytes in the unit that fits."""
    return filesizeformat(octets)


def link(url: str, text: Any) -> SafeString:
    return format_html('<a href="{}" class="text-link">{}</a>', url, text)


def changes(pairs: dict[str, Any]) -> SafeString | str:
    """Before and after, field by field."""
    rows = ((labels.column(name), *_pair(name, pair)) for name, pair in pairs.items())
    body = format_html_join("", "<tr><th>{}</th><td>{}</td><td>{}</td></tr>", rows)
    if not body:
        return "–"
    return format_html('<table class="gh-changes"><tbody>{}</tbody></table>', body)


def _pair(name: str, pair: Any) -> tuple[Any, Any]:
    was, now = pair if isinstance(pair, list) and len(pair) == 2 else (None, pair)
    return _value(name, was), _value(name, now)


def _value(name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if value in (None, ""):
        return "–"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_value(key, one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(str(_value("", one)) for one in value)
    return labels.choice(value) if name in labels.CHOSEN else value
