"""The shape of giving a place up, moving it and passing it on."""

from wtforms import HiddenField

from training_hub.bookings.forms.reasons import reason_field
from training_hub.web.forms import Form


class GiveUpForm(Form):
    """Why a place, or a turn on a waiting list, is given up."""

    reason = reason_field(
        "Why are you cancelling?",
        description="A few words are enough. The training team sees this. Leave out anything private.",
        missing="Say in a few words why you are cancelling",
    )
    told = HiddenField()
    """What the page said beforehand, free or late: nobody is made late by a page left open past midnight."""


class LeaveListForm(GiveUpForm):
    """Leaving a waiting list needs no reason."""

    reason = reason_field(
        "Why are you leaving the list?",
        description="A few words are enough. The training team sees this. Leave out anything private.",
    )


class OnBehalfForm(GiveUpForm):
    """Cancelling for someone else always needs a reason, which they are told."""

    reason = reason_field(
        "Why is it cancelled?",
        description="The person is told this by email. Leave out anything private.",
        missing="Say in a few words why it is cancelled",
    )
