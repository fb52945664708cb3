"""Forms in Unfold's looks, which show a service's refusal where the person can answer it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from unfold import widgets

from tenants.errors import DomainError
from tenants.ui import display
from tenants.ui.seen_values import SeenValues

# From the special to the general: the first that a widget is an instance of dresses it.
_DRESSES: tuple[tuple[type[forms.Widget], type[forms.Widget]], ...] = (
    (forms.CheckboxSelectMultiple, widgets.UnfoldAdminCheckboxSelectMultipleWidget),
    (forms.RadioSelect, widgets.UnfoldAdminRadioSelectWidget),
    (forms.CheckboxInput, widgets.UnfoldBooleanSwitchWidget),
    (forms.Select, widgets.UnfoldAdminSelectWidget),
    (forms.Textarea, widgets.UnfoldAdminTextareaWidget),
    (forms.PasswordInput, widgets.UnfoldAdminPasswordWidget),
    (forms.FileInput, widgets.UnfoldAdminFileFieldWidget),
    (forms.widgets.Input, widgets.UnfoldAdminTextInputWidget),
)


def dress(field: forms.Field) -> None:
    """Give a plain field the widget that Unfold has for it; one with looks of its own stays."""
    plain = field.widget
    if plain.is_hidden or not type(plain).__module__.startswith("django.forms"):
        return
    for kind, dressed in _DRESSES:
        if isinstance(plain, kind):
            field.widget = dressed(attrs=dict(plain.attrs))
            break
    if isinstance(field.widget, widgets.UnfoldAdminTextInputWidget):
        field.widget.input_type = getattr(plain, "input_type", "text")
    if isinstance(field, forms.ChoiceField):
        field.widget.choices = field.choices
    field.widget.is_required = field.required


@dataclass
class Group:
    """Fields that are asked together; `folded` away where few need them."""

    title: Any
    fields: list[Any]
    help: Any = ""
    folded: bool = False

    @property
    def is_open(self) -> bool:
        """Whether there is something in it to be seen at once."""
        return not self.folded or any(field.errors for field in self.fields)


class Form(SeenValues, forms.Form):
    """A form of either site."""

    # Each kind of field has attributes of its own, besides `box` and `wide` for the templates.
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress(field)

    def add(self, name: str, field: forms.Field) -> None:
        """Take one more field, dressed as the others."""
        dress(field)
        self.fields[name] = field

    def refuse(self, refusal: DomainError) -> None:
        """Show why the service refused: at its fields where it named them, else at the top."""
        self.is_valid()
        for name, sentences in display.refused_fields(refusal).items():
            self.add_error(name if name in self.fields else None, sentences)
        if not refusal.fields:
            self.add_error(None, display.refusal(refusal))
