"""Forms for a line manager's decision, and for naming another manager."""

from typing import Any

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from training_hub.bookings.forms.reasons import LONGEST, TOO_LONG
from training_hub.web.forms import Form


class ManagerForm(Form):
    """The line manager to ask."""

    manager_name = StringField(
        "Line manager’s name",
        [DataRequired("Enter the line manager’s name"), Length(max=200, message="The name is too long")],
    )
    manager_email = StringField(
        "Line manager’s work email address",
        [DataRequired("Enter the line manager’s work email address")],
        description="They are sent a link with which they approve or decline. They need no account.",
    )


class DeclineForm(Form):
    """Deciding on a request: to decline it needs a reason."""

    answer = HiddenField()
    reason = TextAreaField(
        "Why, if you decline?",
        description="Only needed to decline. The person is told this. Leave out anything private.",
        validators=[Length(max=LONGEST, message=f"The reason is too long. {TOO_LONG}")],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """A reason, where the request is declined."""
        super().validate(extra_validators)
        if self.answer.data == "decline" and not self.reason.data:
            self.reason.errors = ["Say in a few words why you decline the request"]
        return not self.errors
