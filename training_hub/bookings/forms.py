"""The shape of what is asked when a place is booked, given up or called off."""

from typing import Any

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from training_hub.web.forms import Form, Radios

LONGEST = 500
TOO_LONG = f"Use {LONGEST} characters or fewer"


class BookForm(Form):
    """What someone needs to take part. Asked nowhere else, and never again of the same booking."""

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
    despite_clash = HiddenField(validators=[Optional()])
    """"yes" where the person has seen that they have a place elsewhere at that time, and wants both."""
    offered = HiddenField(validators=[Optional()])
    """What the page offered, a place or the waiting list: whoever gets the other is told so."""


class GiveUpForm(Form):
    """Why a place, or a turn on a waiting list, is given up."""

    reason = TextAreaField(
        "Why are you cancelling?",
        description="A few words are enough. The training team sees this. Leave out anything private.",
        validators=[
            DataRequired("Say in a few words why you are cancelling"),
            Length(max=LONGEST, message=f"The reason is too long. {TOO_LONG}"),
        ],
    )
    told = HiddenField(validators=[Optional()])
    """What the page said beforehand, free or late: nobody is made late by a page left open past midnight."""


class LeaveListForm(GiveUpForm):
    """Leaving a waiting list needs no reason."""

    reason = TextAreaField(
        "Why are you leaving the list?",
        description="A few words are enough. The training team sees this. Leave out anything private.",
        validators=[Optional(), Length(max=LONGEST, message=f"The reason is too long. {TOO_LONG}")],
    )


class OnBehalfForm(GiveUpForm):
    """Cancelling for someone else always needs a reason, which they are told."""

    reason = TextAreaField(
        "Why is it cancelled?",
        description="The person is told this in their mail. Leave out anything private.",
        validators=[
            DataRequired("Say in a few words why it is cancelled"),
            Length(max=LONGEST, message=f"The reason is too long. {TOO_LONG}"),
        ],
    )


class CallOffForm(Form):
    """Why a course date is called off."""

    reason = TextAreaField(
        "Why is it called off?",
        description="Everyone booked or waiting is told this, word for word.",
        validators=[
            DataRequired("Say why the course date is called off"),
            Length(max=LONGEST, message=f"The reason is too long. {TOO_LONG}"),
        ],
    )


class ButtonForm(Form):
    """A button, or several, and nothing to fill in."""

    answer = HiddenField(validators=[Optional()])
    """Which button was pressed."""
    despite_clash = HiddenField(validators=[Optional()])


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


class TransferForm(Form):
    """To which date a place moves."""

    event_id = Radios("Which date?", coerce=int, missing="Choose the date")
    despite_clash = HiddenField(validators=[Optional()])
    reason = TextAreaField(
        "Why is it moved?",
        description="The person is told this.",
        validators=[Optional(), Length(max=LONGEST, message=f"The reason is too long. {TOO_LONG}")],
    )


class SubstituteForm(Form):
    """To whom a place passes."""

    name = StringField(
        "Your colleague’s name",
        [DataRequired("Enter the name of the colleague"), Length(max=200, message="The name is too long")],
    )
    email = StringField(
        "Their work email address",
        [DataRequired("Enter the colleague’s work email address")],
        description="We write to them. They can say no.",
    )
    despite_clash = HiddenField(validators=[Optional()])


class UndoForm(Form):
    """What an officer undoes, and why."""

    became = Radios("What is to happen?", missing="Choose what is to happen")
    reason = TextAreaField(
        "Why?",
        description="The person is told this. Leave out anything private.",
        validators=[
            DataRequired("Say in a few words why"),
            Length(max=LONGEST, message=f"The reason is too long. {TOO_LONG}"),
        ],
    )
