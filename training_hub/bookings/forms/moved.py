"""The form that answers whether a person can still come."""

from wtforms import HiddenField
from wtforms.validators import Optional

from training_hub.bookings.forms.waiting_list import ButtonForm


class AnswerForm(ButtonForm):
    """Whether someone can still come: one of two buttons."""

    asked = HiddenField(validators=[Optional()])
    """Which move of the date the page asked about: an answer is about no later one."""
