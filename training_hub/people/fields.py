"""The field for an email address."""

from typing import Any

from wtforms.validators import ValidationError

from training_hub.errors import Refused
from training_hub.people.rules import work_address
from training_hub.web.forms import Form


def address(form: Form, field: Any) -> None:
    """Turn an address into the form in which it is stored. If it is not valid, say what an address looks like."""
    try:
        field.data = work_address(field.data or "")
    except Refused as error:
        raise ValidationError(str(error)) from None
