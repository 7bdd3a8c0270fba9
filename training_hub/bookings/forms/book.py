"""The shape of what someone sends about a booking of their own, or one that was given to them."""

from wtforms import HiddenField
from wtforms.validators import Optional

from training_hub.bookings.forms.needs import NeedsForm


class BookForm(NeedsForm):
    """What is asked when someone books for themselves."""

    despite_clash = HiddenField(validators=[Optional()])
    """"yes" where the person has seen that they have a place elsewhere at that time, and wants both."""
    offered = HiddenField(validators=[Optional()])
    """What the page offered, a place or the waiting list. The next page says if it turned out otherwise."""
