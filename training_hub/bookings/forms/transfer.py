"""The form that picks the date to move a place to."""

from wtforms import HiddenField

from training_hub.bookings.forms.reasons import reason_field
from training_hub.web.forms import Form, Radios


class TransferForm(Form):
    """To which date a place moves."""

    event_id = Radios("Which date?", coerce=int, missing="Choose the date")
    despite_clash = HiddenField()
    reason = reason_field(
        "Why is it moved?",
        description="The person is told this.",
    )
