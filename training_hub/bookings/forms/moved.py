"""The form that answers whether a person can still come."""

from wtforms import HiddenField

from training_hub.bookings.forms.waiting_list import ButtonForm


class AnswerForm(ButtonForm):
    """Whether someone can still come: one of two buttons."""

    asked = HiddenField()
    """Which move of the date the page asked about: an answer is about no later one."""
