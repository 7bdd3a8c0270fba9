"""The shape of what an agency asks for: people to book, and places without a name."""

from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from training_hub.web.forms import Form, Radios, Select

LONGEST_LIST = 20_000


class GroupForm(Form):
    """The people an agency books, and what to do if there is not a place for everyone."""

    agency_id = Select("For which agency?", coerce=int, missing="Choose the agency", empty="Choose an agency")
    people = TextAreaField(
        "Who is to come?",
        description="One person on each line: their name, then their work email address. You can paste a list from a "
        "spreadsheet or from an email. For someone who has booked before, the address is enough.",
        validators=[
            DataRequired("Enter at least one person"),
            Length(max=LONGEST_LIST, message="The list is too long. Book fewer people at a time"),
        ],
    )
    how = Radios(
        "What is to be booked?", choices={"most": "As many as fit", "all": "All or nothing"}, coerce=str
    )
    despite_clash = BooleanField("Also book people who have another place at that time")
    promise = HiddenField(validators=[Optional(), Regexp(r"\d{1,3}(\.\d{1,3})*")])
    """The positions of the people that the check page promised a place, such as "0.2"."""
