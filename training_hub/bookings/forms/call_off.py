"""The shape of what the hub decides: calling off, undoing, picking, and what counts as a course."""

from training_hub.bookings.forms.reasons import reason_field
from training_hub.web.forms import Form


class CallOffForm(Form):
    """Why a course date is called off."""

    reason = reason_field(
        "Why is it called off?",
        description="Everyone booked or waiting is told this, word for word.",
        missing="Say why the course date is called off",
    )
