"""The shape of what someone sends about a booking of their own, or one that was given to them."""

from wtforms import HiddenField

from training_hub.bookings.forms.needs import NeedsForm


class BookForm(NeedsForm):
    """What is asked when someone books for themselves."""

    despite_clash = HiddenField()
    """"yes" where the person has seen that they have a place elsewhere at that time, and wants both."""
    offered = HiddenField()
    """What the page offered, a place or the waiting list. The next page says if it turned out otherwise."""
