"""Forms for offers and for picking from the waiting list."""

from wtforms import HiddenField

from training_hub.bookings.forms.reasons import reason_field
from training_hub.web.forms import Form, Radios


class ButtonForm(Form):
    """A button, or several, and nothing to fill in."""

    answer = HiddenField()
    """Which button was pressed."""
    despite_clash = HiddenField()


class PickForm(Form):
    """How a person on the waiting list gets a free place, and why before the others."""

    how = Radios("How do they get the place?", missing="Choose how they get the place")
    reason = reason_field(
        "Why this person?",
        description="They are told this by email. Leave out anything private.",
        missing="Say in a few words why this person gets the place",
    )
