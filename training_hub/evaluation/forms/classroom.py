"""How people get to the form in the classroom: the code on the screen, and the address they booked with."""

from typing import Any

from wtforms import EmailField, StringField
from wtforms.validators import DataRequired, ValidationError

from training_hub.errors import Refused
from training_hub.people.rules import work_address
from training_hub.web.forms import Form


def _address(form: Form, field: Any) -> None:
    """Write the address as it is stored, or say what is wrong with it."""
    try:
        field.data = work_address(field.data or "")
    except Refused as error:
        raise ValidationError(str(error)) from None


class CodeForm(Form):
    """Type the code that the trainer shows."""

    code = StringField("Code on the screen", [DataRequired("Enter the code that the trainer shows")])


class AddressForm(Form):
    """Type the address you booked with."""

    email = EmailField(
        "The email address you booked with",
        [DataRequired("Enter the email address you booked with"), _address],
        description="Our emails about this course came to it.",
    )
