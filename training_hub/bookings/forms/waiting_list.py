"""Forms for offers and for picking from the waiting list."""

from wtforms import HiddenField
from wtforms.validators import Optional

from training_hub.bookings.forms import reasons as limits
from training_hub.web.forms import Form, Radios


class ButtonForm(Form):
    """A button, or several, and nothing to fill in."""

    answer = HiddenField(validators=[Optional()])
    """Which button was pressed."""
    despite_clash = HiddenField(validators=[Optional()])


class PickForm(Form):
    """How a person on the waiting list gets a free place, and why before the others."""

    how = Radios("How do they get the place?", missing="Choose how they get the place")
    reason = limits.reason(
        "Why this person?",
        description="They are told this by email. Leave out anything private.",
        missing="Say in a few words why this person gets the place",
    )
