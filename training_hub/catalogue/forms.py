"""Forms of courses and venues."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from training_hub.catalogue.models import Level
from training_hub.people.models import Board
from training_hub.web.fields import NumberField, id_or_none
from training_hub.web.forms import Checkboxes, Form, Radios, Select

MOST_TEXT = 5000
TOO_LONG = "This must be {} characters or fewer"


def at_most(characters: int) -> Length:
    """Check that an answer has at most this many characters. The form keeps longer text, to be shortened."""
    return Length(max=characters, message=TOO_LONG.format(f"{characters:,}"))


class CourseForm(Form):
    """An entry in the catalogue."""

    title = StringField("Title", [DataRequired("Enter the title of the course"), at_most(200)])
    board_id = Select(
        "Owning board",
        empty="Choose a board",
        coerce=id_or_none,
        validators=[],
        invalid_choice_message="Choose the board that owns the course",
    )
    new_board = StringField(
        "Or a board that is not on the list",
        [Optional(), at_most(200)],
        description="We’ll add it to the list of boards.",
    )
    level = Radios(
        "Level",
        choices={level.value: level.value.capitalize() for level in Level},
        coerce=Level,
        missing="Choose the level",
    )
    length = StringField(
        "Length",
        [DataRequired("Enter how long the course is"), at_most(60)],
        description="For example “One day” or “Half a day”.",
    )
    summary = TextAreaField(
        "Summary",
        [DataRequired("Enter a sentence or two about the course"), at_most(300)],
        description="One or two sentences that help people decide. 300 characters at most.",
    )
    aims = TextAreaField("Aims", [Optional(), at_most(MOST_TEXT)])
    outcomes = TextAreaField(
        "What people will be able to do",
        [Optional(), at_most(MOST_TEXT)],
        description="One learning outcome on each line.",
    )
    audience = TextAreaField("Who it is for", [Optional(), at_most(MOST_TEXT)])
    needs = Checkboxes(
        "Courses to complete first",
        coerce=int,
        description="Only people who have completed these, or an equivalent, can book this course.",
    )
    validity_months = NumberField(
        "Months until a refresher is due",
        what="The number of months",
        least=1,
        most=120,
        description="Leave empty if the course never needs repeating.",
    )
    is_listed = BooleanField(
        "List this course and its dates on the public pages",
        description="Its dates can be booked only while it is listed.",
    )
    is_evaluated = BooleanField(
        "Ask everyone who completes it for an evaluation",
        description="People get their certificate when they return the evaluation.",
    )

    def offer(self, boards: Sequence[Board], courses: Sequence[Any]) -> None:
        """Set the choices: these boards, and these courses (id and title) to complete first."""
        self.board_id.choices = {str(board.id): board.name for board in boards}
        self.needs.choices = {str(row[0]): row[1] for row in courses}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields. A person who enters a new board does not have to choose one."""
        super().validate(extra_validators)
        if self.new_board.data:
            self.board_id.errors = []
        return not self.errors


class VenueForm(Form):
    """A place where course dates happen."""

    name = StringField("Name", [DataRequired("Enter the name of the venue"), at_most(200)])
    address = StringField(
        "Address", [Optional(), at_most(500)], description="With the postcode, on one line."
    )
    directions = TextAreaField(
        "How to get there",
        [Optional(), at_most(MOST_TEXT)],
        description="Parking, the nearest station, which door, and how people with access needs come in.",
    )
