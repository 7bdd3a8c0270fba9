"""The shape of what is asked when a place is booked, given up or called off."""

from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from training_hub.web.forms import Form

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
