"""The blueprint of the reports, and the period in the address of a file."""

from flask import Blueprint, request

from training_hub import clock
from training_hub.errors import Refused
from training_hub.periods import Period, period_of

blueprint = Blueprint("reporting", "training_hub.reporting", url_prefix="/reports")


def good_period() -> Period:
    """The period in the address. Raises Refused if it is impossible."""
    period = period_of(request.args, now=clock.now())
    if period.error:
        raise Refused(period.error)
    return period
