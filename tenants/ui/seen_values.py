"""What a person saw when they opened a form, so that saving it wipes nobody else's change.

A form carries the values that it showed. Of what comes back, a person's own changes are what
differs from them. What somebody else has changed meanwhile stays; where both have changed the same,
nothing is written, both values are shown, and saving once more decides.
"""

from typing import Any

from django import forms
from django.core import signing
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

NAME = "seen"
_SALT = "tenants.ui.seen_values"


class SeenValues(forms.BaseForm):
    """A form that knows what it showed."""

    @property
    def seen_token(self) -> str:
        """What goes along with the form; of what was told of others' changes, as it is now."""
        shown = self._shown()
        if self._seen is not None:
            told = {name: value for name, value in shown.items() if name in self._told}
            shown = {**self._seen, **told}
        return signing.dumps(shown, salt=_SALT, compress=True) if shown else ""

    @cached_property
    def changed_data(self) -> list[str]:
        """What the person has changed of what they saw, whatever the row has become since."""
        found: list[str] = super().changed_data
        if self._seen is None:
            return found
        return [
            name
            for name in self.fields
            if (self._is_own(name) if name in self._seen else name in found)
        ]

    def clean(self) -> dict[str, Any] | None:
        """Keep what others have changed, and tell of what both have."""
        cleaned = super().clean()
        for name, was in (self._seen or {}).items():
            if name in self.fields and name in self.cleaned_data:
                self._heed(name, was)
        return cleaned

    @cached_property
    def _seen(self) -> dict[str, Any] | None:
        """What the form showed that is answered here; None where that is not said."""
        try:
            seen: dict[str, Any] = signing.loads(self.data.get(NAME, ""), salt=_SALT)
        except signing.BadSignature:
            return None
        return seen

    @cached_property
    def _told(self) -> set[str]:
        return set()

    def _heed(self, name: str, was: Any) -> None:
        field = self.fields[name]
        now = _plain(field, self.get_initial_for_field(field, name))
        if now == was:
            return
        if not self._is_own(name):
            self.cleaned_data[name] = _revived(field, now)
            return
        wanted = _plain(field, self.cleaned_data[name])
        if wanted != now:
            self._told.add(name)
            sentence = _(
                "Somebody has changed this to “%(theirs)s” meanwhile. "
                "Save once more to make it “%(mine)s”."
            )
            said = {"theirs": _said(field, now), "mine": _said(field, wanted)}
            self.add_error(name, forms.ValidationError(sentence, "changed_meanwhile", said))

    def _is_own(self, name: str) -> bool:
        field, was = self.fields[name], (self._seen or {})[name]
        return field.has_changed(_revived(field, was), self[name].data)

    def _shown(self) -> dict[str, Any]:
        return {
            name: _plain(field, self.get_initial_for_field(field, name))
            for name, field in self.fields.items()
            if not field.disabled and not isinstance(field, forms.FileField)
        }


def _plain(field: forms.Field, value: Any) -> Any:
    """A value as a form shows it, in JSON's terms."""
    shown = field.prepare_value(value)
    if isinstance(shown, bool):
        return shown
    if isinstance(shown, list | tuple | set):
        return sorted(str(one) for one in shown)
    return "" if shown is None else str(shown)


def _revived(field: forms.Field, shown: Any) -> Any:
    """The value behind what was shown; that itself where it is none that may be chosen now."""
    try:
        return field.to_python(shown)
    except forms.ValidationError:
        return shown


def _said(field: forms.Field, shown: Any) -> str:
    """What was shown, as a person reads it."""
    if isinstance(shown, bool):
        return _("Yes") if shown else _("No")
    names = {str(key): str(name) for key, name in getattr(field, "choices", ())}
    chosen = shown if isinstance(shown, list) else [shown]
    return ", ".join(names.get(str(one), str(one)) for one in chosen) or "–"
