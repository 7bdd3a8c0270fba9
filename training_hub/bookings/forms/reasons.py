"""How long a reason may be, and the field in which it is given."""

from typing import Any

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length, Optional

LONGEST = 500
TOO_LONG = f"Use {LONGEST} characters or fewer"


def reason_field(label: str, *, description: str, missing: str = "", what: str = "The reason") -> Any:
    """A field for a few words; `missing` says what is wrong where they are needed and not given."""
    return TextAreaField(
        label,
        description=description,
        validators=[
            DataRequired(missing) if missing else Optional(),
            Length(max=LONGEST, message=f"{what} is too long. {TOO_LONG}"),
        ],
    )
