"""The forms about bookings."""

from typing import Any

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from training_hub.web.fields import NumberField
from training_hub.web.forms import Form, Radios, Select

LONGEST = 500
LONGEST_LIST = 20_000
TOO_LONG = f"Use {LONGEST} characters or fewer"
LONG_NAME = Length(max=200, message="The name is too long")


def _reason(label: str, *, description: str, missing: str = "", what: str = "The reason") -> Any:
    """A field for a reason. `missing` makes it required, and is the error for an empty one."""
    return TextAreaField(
        label,
        description=description,
        validators=[
            DataRequired(missing) if missing else Optional(),
            Length(max=LONGEST, message=f"{what} is too long. {TOO_LONG}"),
        ],
    )


def _need(label: str, description: str) -> Any:
    too_long = Length(max=LONGEST, message=f"{label}: {TOO_LONG.lower()}")
    return TextAreaField(label, description=description, validators=[Optional(), too_long])


def _places(label: str, missing: str) -> NumberField:
    return NumberField(label, what="The number of places", missing=missing, least=1, most=500)


class ClashForm(Form):
    """A form that asks for confirmation if the person has a place elsewhere at that time."""

    despite_clash = HiddenField()

    @property
    def is_despite_clash(self) -> bool:
        """Whether the person has confirmed that they want both places."""
        return bool(self.despite_clash.data == "yes")


class ButtonForm(ClashForm):
    """A button, or several, and nothing to fill in."""

    answer = HiddenField()
    """Which button was pressed."""


class AnswerForm(ButtonForm):
    """Two buttons, with which someone says whether they can still come."""

    asked = HiddenField()
    """The number of the move that the page asked about. The answer does not count for a later move."""


class NeedsForm(Form):
    """What someone needs to take part. Asked when they book, or afterwards if someone else booked for them."""

    access_needs = _need(
        "Access needs", "For example step-free access, a hearing loop, large print or someone to sign."
    )
    dietary_needs = _need("Dietary needs", "For example vegetarian, halal or a food allergy.")


class BookForm(NeedsForm, ClashForm):
    """What is asked when someone books for themselves."""

    offered = HiddenField()
    """What the page offered: a place or the waiting list. The next page says if the result is different."""


class InsteadForm(ClashForm):
    """The other date to book instead of one that was called off, with a button for each."""

    event_id = HiddenField()
    offered = HiddenField()
    """What the page offered, as in `BookForm`."""


class ManagerForm(Form):
    """The line manager to ask."""

    manager_name = StringField(
        "Line manager’s name", [DataRequired("Enter the line manager’s name"), LONG_NAME]
    )
    manager_email = StringField(
        "Line manager’s work email address",
        [DataRequired("Enter the line manager’s work email address")],
        description="We send them a link to approve or decline. They do not need an account.",
    )


class DeclineForm(Form):
    """A decision about a request. Declining needs a reason."""

    answer = HiddenField()
    # Not marked as optional, because declining needs it.
    reason = TextAreaField(
        "Reason, if you decline",
        [Length(max=LONGEST, message=f"The reason is too long. {TOO_LONG}")],
        description="Needed only if you decline. We tell the person this reason. Leave out anything private.",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Require a reason if the request is declined."""
        super().validate(extra_validators)
        if self.answer.data == "decline" and not self.reason.data:
            self.reason.errors = ["Say in a few words why you decline the request"]
        return not self.errors


class GiveUpForm(Form):
    """The reason why a place is cancelled, or a turn on a waiting list ended."""

    reason = _reason(
        "Why are you cancelling?",
        description="A few words are enough. The training team sees your reason. Leave out anything private.",
        missing="Say in a few words why you are cancelling",
    )
    told = HiddenField()
    """Whether the page said that cancelling is on time or late. If that has changed since, the page asks again."""


class LeaveListForm(GiveUpForm):
    """The form to leave a waiting list. The reason is optional."""

    reason = _reason(
        "Why are you leaving the list?",
        description="A few words are enough. The training team sees your reason. Leave out anything private.",
    )


class OnBehalfForm(GiveUpForm):
    """The form to cancel for someone else. Requires a reason, which the person is told."""

    reason = _reason(
        "Why is the place cancelled?",
        description="We send the person this reason by email. Leave out anything private.",
        missing="Say in a few words why the place is cancelled",
    )


class TransferForm(ClashForm):
    """The date that a place moves to."""

    event_id = Radios("Which date?", coerce=int, missing="Choose the date")
    reason = _reason("Why are you moving the place?", description="We tell the person this reason.")


class SubstituteForm(ClashForm):
    """The colleague who takes the place."""

    name = StringField("Your colleague’s name", [DataRequired("Enter the name of the colleague"), LONG_NAME])
    email = StringField(
        "Their work email address",
        [DataRequired("Enter the colleague’s work email address")],
        description="We email your colleague, who can decline the place.",
    )
    manager_email = StringField(
        "Their line manager’s email address",
        [Optional()],
        description="Needed only if your colleague has not told us who their manager is.",
    )


class UndoForm(ClashForm):
    """What an officer undoes, and why."""

    became = Radios("What should happen?", missing="Choose what should happen")
    reason = _reason(
        "Why?",
        description="We tell the person this reason. Leave out anything private.",
        missing="Say in a few words why",
    )


class PickForm(Form):
    """How a person on the waiting list gets a place, and why they are chosen."""

    how = Radios("How do they get the place?", missing="Choose how they get the place")
    reason = _reason(
        "Why this person?",
        description="We send them this reason by email. Leave out anything private.",
        missing="Say in a few words why this person gets the place",
    )


class CallOffForm(Form):
    """Why a course date is called off."""

    reason = _reason(
        "Why is it called off?",
        description="Everyone booked or waiting is told this reason, word for word.",
        missing="Say why the course date is called off",
    )


class EquivalenceForm(Form):
    """What counts as a course, and why."""

    course_id = Select("Course", coerce=int, empty="Choose a course", missing="Choose the course")
    reason = _reason(
        "What did they take elsewhere?",
        description="The course, where and when. Such as “Level 3 with another partnership, March 2024”.",
        missing="Say what they took elsewhere",
        what="This",
    )


class GroupForm(Form):
    """The people that an agency books, and what to do if there is not a place for everyone."""

    agency_id = Select("For which agency?", coerce=int, missing="Choose the agency", empty="Choose an agency")
    people = TextAreaField(
        "Who is coming?",
        description="One person on each line: their name, then their work email address. You can paste a list from a "
        "spreadsheet or from an email. For someone who has booked before, the address is enough.",
        validators=[
            DataRequired("Enter at least one person"),
            Length(max=LONGEST_LIST, message="The list is too long. Book fewer people at a time"),
        ],
    )
    how = Radios(
        "What if not everyone can have a place?",
        choices={"most": "Book as many as possible", "all": "Book everyone or nobody"},
        coerce=str,
    )
    despite_clash = BooleanField("Also book people who have another place at that time")
    promise = HiddenField(validators=[Optional(), Regexp(r"\d{1,3}(\.\d{1,3})*")])
    """The positions of the people that the check page promised a place, such as "0.2"."""


class ReserveForm(Form):
    """How many places an agency reserves."""

    number = _places("How many places do you want to reserve?", "Enter how many places you want to reserve")
    agency_id = HiddenField()
    had = HiddenField()
    """How many reserved places the page showed."""


class GiveBackForm(Form):
    """How many reserved places an agency gives back."""

    back = _places("How many places do you want to give back?", "Enter how many places you want to give back")
    agency_id = HiddenField()
    had = HiddenField()
