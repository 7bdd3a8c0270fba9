"""Forms that reserve places without names, and give them back."""

from wtforms import HiddenField

from training_hub.web.fields import NumberField
from training_hub.web.forms import Form


class ReserveForm(Form):
    """How many places an agency reserves."""

    number = NumberField(
        "How many places do you reserve?",
        what="The number of places",
        missing="Enter how many places you reserve",
        least=1,
        most=500,
    )
    agency_id = HiddenField()
    had = HiddenField()
    """How many the page showed."""


class GiveBackForm(Form):
    """How many reserved places an agency gives back."""

    back = NumberField(
        "How many do you give back?",
        what="The number of places",
        missing="Enter how many places you give back",
        least=1,
        most=500,
    )
    agency_id = HiddenField()
    had = HiddenField()
