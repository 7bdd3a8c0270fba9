"""The base class of forms, and fields for choices. Forms keep what was typed. A page with errors has status 422."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from flask import render_template
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect
from wtforms import HiddenField, PasswordField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import enum_choices, enum_coerce
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from training_hub.errors import Stale
from training_hub.web.fields import DayField

csrf = CSRFProtect()

OPEN_TOO_LONG = "Your page has expired. Check what you entered, and send it again."


class Radios(RadioField):  # type: ignore[misc]
    """One choice among few. `choices` is {value: label}, or an enum: its members' `label` is shown if they have one.

    `missing` makes a choice required, and is the error sentence if there is none.
    """

    def __init__(self, label: str = "", *, choices: Any = None, missing: str = "", **options: Any) -> None:
        super().__init__(label, **_choosing(choices, missing, options))


class Select(SelectField):  # type: ignore[misc]
    """One choice among many. `choices` as in Radios; `empty` is a first line that means no choice."""

    def __init__(
        self, label: str = "", *, choices: Any = None, missing: str = "", empty: str = "", **options: Any
    ) -> None:
        self.empty = empty
        super().__init__(label, **_choosing(choices, missing, options))


class Checkboxes(SelectMultipleField):  # type: ignore[misc]
    """Any number of choices. The data is a list. `choices` as in Radios."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str = "", *, choices: Any = None, missing: str = "", **options: Any) -> None:
        super().__init__(label, **_choosing(choices, missing, options))
        self.label.field_id = False


def longest(what: str, most: int) -> Length:
    """Allow at most this many characters. The error says that `what` is too long."""
    return Length(max=most, message=f"{what} must be {most:,} characters or fewer")


def hidden_values(field: Any) -> list[str]:
    """The values to put into hidden inputs, so that `field` keeps its answer on a check-your-answers page."""
    if field.type == "BooleanField":
        return ["y"] if field.data else []
    if isinstance(field, SelectMultipleField):
        return [str(_plain(value)) for value in field.data or ()]
    if isinstance(field, SelectField):
        return [] if field.data is None else [str(_plain(field.data))]
    return [field._value()]


def _choosing(choices: Any, missing: str, options: dict[str, Any]) -> dict[str, Any]:
    if isinstance(choices, type) and issubclass(choices, Enum):
        options.setdefault("coerce", enum_coerce(choices))
        choices = enum_choices(choices, label=lambda member: str(getattr(member, "label", member.value)))
    elif isinstance(choices, Mapping):
        choices = dict(choices)
    options["choices"] = choices
    sentence = missing or "Choose one of the answers shown"
    options.setdefault("invalid_value_message", sentence)
    options.setdefault("invalid_choice_message", sentence)
    options.setdefault("validators", [InputRequired(missing)] if missing else [Optional()])
    return options


def _errors_of(field: Any) -> Iterable[tuple[str, str]]:
    if field.type == "FieldList":
        # The errors of a list contain those of its entries. Only the strings among them are the list's own.
        own = [(field.id, str(message)) for message in field.errors if isinstance(message, str)]
        return own + [found for entry in field.entries for found in _errors_of(entry)]
    if field.type == "FormField":
        return [found for inner in field.form for found in _errors_of(inner)]
    if not field.errors:
        return []
    return [(_target(field), str(field.errors[0]))]


def _target(field: Any) -> str:
    """The id of the input in which the person can correct the error."""
    if isinstance(field, DayField):
        return f"{field.id}-{field.first_wrong_part}"
    if isinstance(field, RadioField | Checkboxes):
        return f"{field.id}-0"
    return str(field.id)


def _strip(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _without_filters(unbound: Any) -> Any:
    copy = type(unbound)(unbound.field_class, *unbound.args, name=unbound.name, **unbound.kwargs)
    copy.kwargs.pop("filters", None)
    return copy


class Form(FlaskForm):  # type: ignore[misc]
    """The base of every form: guarded against forgery, text stripped, errors ready for the summary."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        # No time limit, because a page left open over lunch must still work. The token ends with the session.
        csrf_time_limit = None

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                options = {**options, "filters": [_strip, *unbound_field.kwargs.get("filters", ())]}
                # `bind` prefers the field's own keywords, so ours replace them.
                unbound_field = _without_filters(unbound_field)
            return unbound_field.bind(form=form, **options)

    @property
    def error_summary(self) -> list[tuple[str, str]]:
        """What is wrong, in the order of the page: (id of the input to go to, sentence)."""
        found = [("", str(message)) for message in self.form_errors]
        for field in self:
            if field.type == "CSRFTokenField":
                found += [("", OPEN_TOO_LONG)] if field.errors else []
            else:
                found += _errors_of(field)
        return found


class VersionedForm(Form):
    """A form about something that others may change meanwhile. It carries the version that its page showed."""

    version = HiddenField()

    def say_stale(self, stale: Stale, version: str) -> None:
        """Say that someone else has changed the same thing. The form keeps what was typed, with the new `version`."""
        self.form_errors.append(str(stale))
        self.version.data = version


def render_form_page(template: str, form: Form, **facts: Any) -> tuple[str, int]:
    """The page with `form` in it: status 422 if the form has errors, else 200."""
    return render_template(template, form=form, **facts), 422 if form.errors else 200


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
