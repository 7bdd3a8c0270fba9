"""The form that undoes a change, with a reason."""

from wtforms import HiddenField

from training_hub.bookings.forms.reasons import reason_field
from training_hub.web.forms import Form, Radios


class UndoForm(Form):
    """What an officer undoes, and why."""

    became = Radios("What is to happen?", missing="Choose what is to happen")
    despite_clash = HiddenField()
    reason = reason_field(
        "Why?",
        description="The person is told this. Leave out anything private.",
        missing="Say in a few words why",
    )
