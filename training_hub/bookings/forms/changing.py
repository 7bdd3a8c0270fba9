"""The shape of giving a place up, moving it and passing it on."""

from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length, Optional

from training_hub.bookings.forms import limits
from training_hub.web.forms import Form, Radios


class GiveUpForm(Form):
    """Why a place, or a turn on a waiting list, is given up."""

    reason = limits.reason(
        "Why are you cancelling?",
        description="A few words are enough. The training team sees this. Leave out anything private.",
        missing="Say in a few words why you are cancelling",
    )
    told = HiddenField(validators=[Optional()])
    """What the page said beforehand, free or late: nobody is made late by a page left open past midnight."""


class LeaveListForm(GiveUpForm):
    """Leaving a waiting list needs no reason."""

    reason = limits.reason(
        "Why are you leaving the list?",
        description="A few words are enough. The training team sees this. Leave out anything private.",
    )


class OnBehalfForm(GiveUpForm):
    """Cancelling for someone else always needs a reason, which they are told."""

    reason = limits.reason(
        "Why is it cancelled?",
        description="The person is told this by email. Leave out anything private.",
        missing="Say in a few words why it is cancelled",
    )


class TransferForm(Form):
    """To which date a place moves."""

    event_id = Radios("Which date?", coerce=int, missing="Choose the date")
    despite_clash = HiddenField(validators=[Optional()])
    reason = limits.reason(
        "Why is it moved?",
        description="The person is told this.",
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
    manager_email = StringField(
        "Their line manager’s email address",
        [Optional()],
        description="Needed only if they have not told us who it is.",
    )
    despite_clash = HiddenField(validators=[Optional()])
