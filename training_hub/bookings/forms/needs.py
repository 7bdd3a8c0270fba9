"""The form for what a person needs to take part."""

from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from training_hub.bookings.forms.reasons import LONGEST, TOO_LONG
from training_hub.web.forms import Form


class NeedsForm(Form):
    """What someone needs to take part, asked once: when they book, or afterwards if someone else booked for them."""

    access_needs = TextAreaField(
        "Access needs",
        description="For example step-free access, a hearing loop, large print or someone to sign.",
        validators=[Optional(), Length(max=LONGEST, message=f"Access needs: {TOO_LONG.lower()}")],
    )
    dietary_needs = TextAreaField(
        "Dietary needs",
        description="For example vegetarian, halal or a food allergy.",
        validators=[Optional(), Length(max=LONGEST, message=f"Dietary needs: {TOO_LONG.lower()}")],
    )
