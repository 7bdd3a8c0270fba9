"""The form that records findings about a course."""

from wtforms import TextAreaField
from wtforms.validators import InputRequired

from training_hub.web.forms import Form


class FindingsForm(Form):
    """What the evaluations of a course show."""

    findings = TextAreaField(
        "What do the figures and the comments show?",
        [InputRequired("Say what the figures and the comments show")],
        description="Hub officers can read your findings. You cannot change them later, but you can add more.",
    )
