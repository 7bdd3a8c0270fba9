"""The shape of what the hub decides: calling off, undoing, picking, and what counts as a course."""

from wtforms import HiddenField
from wtforms.validators import Optional

from training_hub.bookings.forms import limits
from training_hub.web.forms import Form, Radios, Select


class CallOffForm(Form):
    """Why a course date is called off."""

    reason = limits.reason(
        "Why is it called off?",
        description="Everyone booked or waiting is told this, word for word.",
        missing="Say why the course date is called off",
    )


class UndoForm(Form):
    """What an officer undoes, and why."""

    became = Radios("What is to happen?", missing="Choose what is to happen")
    despite_clash = HiddenField(validators=[Optional()])
    reason = limits.reason(
        "Why?",
        description="The person is told this. Leave out anything private.",
        missing="Say in a few words why",
    )


class PickForm(Form):
    """How somebody who waits is to have a free place, and why they come before the others."""

    how = Radios("How do they get the place?", missing="Choose how they get the place")
    reason = limits.reason(
        "Why this person?",
        description="They are told this by email. Leave out anything private.",
        missing="Say in a few words why this person gets the place",
    )


class EquivalenceForm(Form):
    """What counts as a course, and why."""

    course_id = Select("Course", coerce=int, empty="Choose a course", missing="Choose the course")
    reason = limits.reason(
        "What counts as this course?",
        description="What they did, where and when. Such as “Level 3 with another partnership, March 2024”.",
        missing="Say what counts as this course",
        what="This",
    )
