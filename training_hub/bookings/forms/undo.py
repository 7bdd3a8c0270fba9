"""The form that undoes a change, with a reason."""

from wtforms import HiddenField
from wtforms.validators import Optional

from training_hub.bookings.forms import reasons as limits
from training_hub.web.forms import Form, Radios


class UndoForm(Form):
    """What an officer undoes, and why."""

    became = Radios("What is to happen?", missing="Choose what is to happen")
    despite_clash = HiddenField(validators=[Optional()])
    reason = limits.reason(
        "Why?",
        description="The person is told this. Leave out anything private.",
        missing="Say in a few words why",
    )
