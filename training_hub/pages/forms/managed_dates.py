"""The form of a course date."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from wtforms import FieldList, FormField, StringField, TextAreaField
from wtforms.validators import Length, Optional, Regexp

from training_hub.catalogue.models import Venue
from training_hub.catalogue.rules import MOST_PLACES, MOST_SESSIONS
from training_hub.pages.forms.listing import PLACE_CHOICES
from training_hub.web.fields import DayField, NumberField, TimeField, id_or_none
from training_hub.web.forms import Checkboxes, Form, Radios, Select, VersionedForm


class SessionForm(Form):
    """One session: its day, start and end."""

    class Meta(Form.Meta):
        csrf = False

    day = DayField("Date", what="The date of the session", validators=[])
    starts = TimeField("Starts", what="The start", description="Such as 9:30am", validators=[])
    ends = TimeField("Ends", what="The end", description="Such as 4:30pm", validators=[])

    @property
    def is_blank(self) -> bool:
        """Whether nothing was entered."""
        return not any((field.data or field.errors or field._value().strip()) for field in self)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check that all three fields are filled, or none of them."""
        valid: bool = super().validate(extra_validators)
        if self.is_blank:
            return True
        for field, missing in (
            (self.day, "Enter the date of the session"),
            (self.starts, "Enter when the session starts"),
            (self.ends, "Enter when the session ends"),
        ):
            if field.data is None and not field.errors:
                field.errors = [missing]
                valid = False
        return valid


class EventForm(VersionedForm):
    """A course date, as officers enter it."""

    course_id = Select("Course", coerce=int, empty="Choose a course", missing="Choose the course")
    sessions = FieldList(FormField(SessionForm), min_entries=1, max_entries=MOST_SESSIONS)
    how = Radios(
        "In person or online", choices=PLACE_CHOICES, missing="Choose whether it is in person or online"
    )
    venue_id = Select(
        "Venue",
        coerce=id_or_none,
        empty="Choose a venue",
        description="For a course date in person. You can add the venue later, before you publish.",
    )
    new_venue = StringField(
        "Or a venue that is not on the list",
        [Optional(), Length(max=200, message="The name of the venue must be 200 characters or fewer")],
    )
    new_address = StringField(
        "Its address",
        [Optional(), Length(max=500, message="The address must be 500 characters or fewer")],
    )
    online_link = StringField(
        "Joining link",
        [
            Optional(),
            Length(max=500, message="The link must be 500 characters or fewer"),
            Regexp(
                r"https?://[^\s/]+\S*$", message="The link must be a web address that begins with https://"
            ),
        ],
        description="For an online course date. Only people with a place see the link. You can add it later.",
    )
    capacity = NumberField(
        "Places",
        what="The number of places",
        least=0,
        most=MOST_PLACES,
        missing="Enter how many places there are",
    )
    trainers = Checkboxes("Trainers", coerce=int, description="People who hold the trainer role.")
    notes = TextAreaField(
        "What people need to know",
        [Optional(), Length(max=5000, message="This must be 5,000 characters or fewer")],
        description="Such as what to bring, and whether there is lunch. Shown on the date’s page and in emails.",
    )
    reference = StringField(
        "Your reference",
        [Optional(), Length(max=60, message="The reference must be 60 characters or fewer")],
        description="No other date may have the same reference. If you leave this empty, we make one.",
    )

    def offer(
        self, *, courses: Sequence[Any], venues: Sequence[Venue], trainers: Sequence[tuple[int, str, str]]
    ) -> None:
        """Set the choices of the form."""
        if "course_id" in self:
            self.course_id.choices = {str(row[0]): row[1] for row in courses}
        self.venue_id.choices = {str(venue.id): venue.name for venue in venues}
        self.trainers.choices = {
            str(person): f"{name}, {agency}" if agency else name for person, name, agency in trainers
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, and that there is at least one session, so that the page shows all errors together."""
        valid: bool = super().validate(extra_validators)
        if "sessions" in self and not self.filled:
            self.refuse_sessions("Enter the date and times of at least one session")
            return False
        return valid

    def leave_room(self) -> None:
        """Add two empty sessions after the filled ones."""
        filled = len(self.filled)
        while len(self.sessions) < min(filled + 2, MOST_SESSIONS):
            self.sessions.append_entry()

    @property
    def filled(self) -> list[Any]:
        """The sessions that are not blank."""
        return [entry for entry in self.sessions if not entry.form.is_blank]

    def refuse_sessions(self, sentence: str, number: int = 1) -> None:
        """Show an error next to the session to correct, or else next to the first one."""
        entry = (self.filled or list(self.sessions))[number - 1]
        entry.form.day.errors = [sentence]
        self.sessions.errors = [one.form.errors for one in self.sessions]

    def times(self) -> list[tuple[date, time, time]]:
        """Day, start and end of each session, in the order of the form."""
        return [(entry.form.day.data, entry.form.starts.data, entry.form.ends.data) for entry in self.filled]
