"""Forms of certificates."""

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from training_hub.web.forms import Form, longest


class ReleaseForm(Form):
    """Why a certificate is given without the evaluation."""

    reason = TextAreaField(
        "Why are you releasing the certificate without the evaluation?",
        description="The reason is kept with the certificate, next to your name.",
        validators=[
            DataRequired("Enter the reason for releasing the certificate"),
            longest("The reason", 500),
        ],
    )


class VerifyForm(Form):
    """The number of a certificate to be checked."""

    class Meta(Form.Meta):
        # The form changes nothing, so it needs no protection against forged requests.
        csrf = False

    number = StringField(
        "Certificate number",
        description="The number at the foot of the certificate: 12 letters and figures, such as 7KQ2‑M9XD‑4TRA.",
        validators=[
            DataRequired("Enter the number of the certificate"),
            Length(max=40, message="A certificate number has 12 letters and numbers"),
        ],
    )
