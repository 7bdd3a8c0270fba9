"""The shape of what someone sends about a booking of their own, or one that was given to them."""

from typing import Any

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from training_hub.bookings.forms.limits import LONGEST, TOO_LONG
from training_hub.web.forms import Form


class NeedsForm(Form):
    """What someone needs to take part, asked once of each booking: as it is made, or afterwards of whoever did not
    make it themselves."""

    access_needs = TextAreaField(
        "Access needs",
        description="For example step-free access, a hearing loop, large print or someone to sign.",
        validators=[Optional(), Length(max=LONGEST, message=f"Access needs: {TOO_LONG.lower()}")],
    )
    dietary_needs = TextAreaField(
        "Dietary needs",
        description="For example vegetarian, halal or a food allergy.",
        validators=[Optional(), Length(max=LONGEST, message=f"Dietary needs: {TOO_LONG.lower()}")],
    )


class BookForm(NeedsForm):
    """What is asked when someone books for themselves."""

    despite_clash = HiddenField(validators=[Optional()])
    """"yes" where the person has seen that they have a place elsewhere at that time, and wants both."""
    offered = HiddenField(validators=[Optional()])
    """What the page offered, a place or the waiting list: whoever gets the other is told so."""


class ManagerForm(Form):
    """Who has to approve a booking."""

    manager_name = StringField(
        "Your line manager’s name",
        [DataRequired("Enter your line manager’s name"), Length(max=200, message="The name is too long")],
    )
    manager_email = StringField(
        "Your line manager’s work email address",
        [DataRequired("Enter your line manager’s work email address")],
        description="They are sent a link with which they approve or decline. They need no account.",
    )


class AnotherManagerForm(ManagerForm):
    """Who has to approve a booking, in place of whoever was asked."""

    manager_name = StringField(
        "The line manager’s name",
        [DataRequired("Enter the line manager’s name"), Length(max=200, message="The name is too long")],
    )
    manager_email = StringField(
        "The line manager’s work email address",
        [DataRequired("Enter the line manager’s work email address")],
        description="They are sent a link with which they approve or decline. They need no account.",
    )


class ButtonForm(Form):
    """A button, or several, and nothing to fill in."""

    answer = HiddenField(validators=[Optional()])
    """Which button was pressed."""
    despite_clash = HiddenField(validators=[Optional()])


class AnswerForm(ButtonForm):
    """Whether someone can still come: one of two buttons."""

    asked = HiddenField(validators=[Optional()])
    """Which move of the date the page asked about: an answer is about no later one."""


class DeclineForm(Form):
    """Deciding on a request: to decline it needs a reason."""

    answer = HiddenField(validators=[Optional()])
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


class InsteadForm(Form):
    """Which other date is booked in the place of one that was called off: one button each."""

    event_id = HiddenField(validators=[Optional()])
    offered = HiddenField(validators=[Optional()])
    """What the page offered, a place or the waiting list: whoever gets the other is told so."""
    despite_clash = HiddenField(validators=[Optional()])
