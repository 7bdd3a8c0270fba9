"""Forms for an email address and a code."""

import re
from typing import Any

from wtforms import EmailField, HiddenField, StringField
from wtforms.validators import DataRequired, ValidationError

from training_hub.people.fields import address
from training_hub.web.forms import Form


def _digits(text: str | None) -> str:
    # Removes spaces, which come along when a code is copied from an email.
    return re.sub(r"[\s-]", "", text or "")


class SignInForm(Form):
    """Ask for a code."""

    email = EmailField("Your work email address", [DataRequired("Enter your work email address"), address])
    next = HiddenField()


class CodeForm(Form):
    """Enter the code."""

    email = HiddenField()
    code = StringField(
        "Six-digit code",
        [DataRequired("Enter the six-digit code from the email")],
        filters=[_digits],
        description="The code is in the email that we have just sent you.",
    )

    def validate_code(self, field: Any) -> None:
        """Check that the code has six digits. Anything else is a slip, and not counted as a try."""
        if not re.fullmatch(r"[0-9]{6}", field.data):
            raise ValidationError("Enter the code as six digits, such as 417203")
