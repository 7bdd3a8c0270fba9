"""The form that names the colleague who takes a place."""

from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length, Optional

from training_hub.web.forms import Form


class SubstituteForm(Form):
    """The colleague who takes the place."""

    name = StringField(
        "Your colleague’s name",
        [DataRequired("Enter the name of the colleague"), Length(max=200, message="The name is too long")],
    )
    email = StringField(
        "Their work email address",
        [DataRequired("Enter the colleague’s work email address")],
        description="We write to them. They can say no.",
    )
    manager_email = StringField(
        "Their line manager’s email address",
        [Optional()],
        description="Needed only if they have not told us who it is.",
    )
    despite_clash = HiddenField()
