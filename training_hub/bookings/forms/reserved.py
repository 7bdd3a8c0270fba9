"""Forms that reserve places without names, and give them back."""

from wtforms import HiddenField

from training_hub.web.fields import NumberField
from training_hub.web.forms import Form


def _places(label: str, missing: str) -> NumberField:
    return NumberField(label, what="The number of places", missing=missing, least=1, most=500)


class ReserveForm(Form):
    """How many places an agency reserves."""

    number = _places("How many places do you reserve?", "Enter how many places you reserve")
    agency_id = HiddenField()
    had = HiddenField()
    """How many the page showed."""


class GiveBackForm(Form):
    """How many reserved places an agency gives back."""

    back = _places("How many do you give back?", "Enter how many places you give back")
    agency_id = HiddenField()
    had = HiddenField()
