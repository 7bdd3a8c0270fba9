"""The forms of registers."""

from typing import Any

from wtforms import EmailField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Optional, StopValidation

from training_hub.attendance.actions import Choice
from training_hub.attendance.models import Mark
from training_hub.attendance.rules import DECIDABLE
from training_hub.bookings.models.status import OUTCOME_OF
from training_hub.errors import Refused
from training_hub.people.fields import address
from training_hub.people.rules import check_agency_name, one_line
from training_hub.web.addresses import number_in
from training_hub.web.forms import Form, Radios, Select, longest

MARKS = {mark.value: mark for mark in Mark}
LABELS = {"present": "Present", "late": "Late", "left early": "Left early", "absent": "Absent"}
SHOWN, CHOSEN = "shown-", "mark-"

REASON_LENGTH = longest("The reason", 500)


def _line(text: str | None) -> str:
    return one_line(text or "")


class RegisterForm(Form):
    """Everyone's mark at one session: the one chosen for each booking, and the one that the page showed."""

    why = TextAreaField(
        "Why are you changing a saved mark?",
        [Optional(), REASON_LENGTH],
        description="Needed only if you change a saved mark. We keep the reason with the register.",
    )

    choices: list[Choice]

    def refuse(self, booking_id: int, sentence: str) -> None:
        """Add an error about one person's mark to the error summary, with a link to the mark."""
        self.form_errors.append(sentence)
        self._refused[sentence] = f"{CHOSEN}{booking_id}-0"

    @property
    def error_summary(self) -> list[tuple[str, str]]:
        """The errors as in every form, except that an error about a mark links to the mark."""
        return [(self._refused.get(sentence, id_), sentence) for id_, sentence in super().error_summary]

    def process(self, formdata: Any = None, *args: Any, **options: Any) -> None:
        """Read the marks directly from the request, because a field for each would take longer than saving them."""
        super().process(formdata, *args, **options)
        sent = self.meta.wrap_formdata(self, formdata) or {}
        self.choices = []
        self._refused: dict[str, str] = {}
        for name in sent:
            number = name.removeprefix(CHOSEN)
            booking_id, chosen = number_in(number), MARKS.get(sent[name])
            if name.startswith(CHOSEN) and booking_id is not None and chosen is not None:
                shown = MARKS.get(sent.get(f"{SHOWN}{number}", ""))
                self.choices.append(Choice(booking_id, shown, chosen))


def _in_another_step(_form: Form, field: Any) -> None:
    """Skip checking a field that a later step asks for, without marking it as optional."""
    if not field.data:
        field.errors = []
        raise StopValidation


class WalkInForm(Form):
    """A person who came without a booking. Asks for the address first, and then for what we do not know yet."""

    email = EmailField(
        "Their work email address",
        [DataRequired("Enter their work email address"), address],
        description="We do not email them now. Their evaluation and certificate go to this address.",
    )
    name = StringField("Their name", [longest("The name", 200)], filters=[_line])
    agency = Select("Their agency", coerce=str, validators=[_in_another_step])
    new_agency = StringField(
        "The agency’s name, if it is not in the list",
        [longest("The agency’s name", 200)],
        filters=[_line],
    )

    def __init__(self, agencies: dict[int, str], **options: Any) -> None:
        super().__init__(**options)
        self.agency.choices = {"": "Choose their agency"} | {str(key): name for key, name in agencies.items()}

    def validate_who(self) -> bool:
        """Check that a new person has a name and an agency."""
        if not self.name.data:
            self.name.errors = ["Enter their name"]
        if self.agency.data and self.new_agency.data:
            self.agency.errors = ["Choose their agency from the list or enter its name, not both"]
        elif not self.agency.data and not self.new_agency.data:
            self.agency.errors = ["Choose their agency, or enter its name below the list"]
        if self.new_agency.data:
            try:
                check_agency_name(self.new_agency.data)
            except Refused as error:
                self.new_agency.errors = [str(error)]
        return not self.errors


class ReasonForm(Form):
    """Why someone is taken off a register."""

    why = StringField(
        "Why are you taking them off?",
        [DataRequired("Say why you are taking them off"), REASON_LENGTH],
        description="For example, they were entered twice, or came to another course.",
    )


FOLLOW_MARKS = "marks"


class OutcomeForm(Form):
    """What an officer decides about one place."""

    outcome = Radios(
        "What is the outcome?",
        choices={
            **{status.value: OUTCOME_OF[status].label for status in DECIDABLE},
            FOLLOW_MARKS: "The outcome from the marks",
        },
        missing="Choose the outcome",
    )
    why = TextAreaField(
        "Why?",
        [DataRequired("Say why the outcome changes"), REASON_LENGTH],
        description="We keep the reason in the booking’s history, where the trainers of this date can read it.",
    )
    shown = HiddenField()
