"""The forms for the code on the classroom screen, and for the address that a person booked with."""

from wtforms import EmailField, StringField
from wtforms.validators import DataRequired

from training_hub.people.fields import address
from training_hub.web.forms import Form


class CodeForm(Form):
    """Type the code that the trainer shows."""

    code = StringField("Code on the screen", [DataRequired("Enter the code that the trainer shows")])


class AddressForm(Form):
    """Type the address you booked with."""

    email = EmailField(
        "The email address you booked with",
        [DataRequired("Enter the email address you booked with"), address],
        description="We sent our emails about this course to this address.",
    )
