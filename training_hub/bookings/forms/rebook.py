"""The form that picks another date in place of one that was called off."""

from wtforms import HiddenField

from training_hub.web.forms import Form


class InsteadForm(Form):
    """Which other date is booked in the place of one that was called off: one button each."""

    event_id = HiddenField()
    offered = HiddenField()
    """What the page offered, a place or the waiting list. The next page says if it turned out otherwise."""
    despite_clash = HiddenField()
