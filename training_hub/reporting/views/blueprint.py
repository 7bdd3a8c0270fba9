"""The blueprint of the report, and the period that its pages are asked for."""

from datetime import date
from typing import Any

from flask import Blueprint, request

from training_hub import clock
from training_hub.errors import Refused
from training_hub.periods import Period, period_of

blueprint = Blueprint("reporting", "training_hub.reporting", url_prefix="/reports")


def _good_period() -> Period:
    period = period_of(request.args, now=clock.now())
    if period.error:
        raise Refused(period.error)
    return period


def _query(first: date, last: date) -> dict[str, Any]:
    return {"from": first.isoformat(), "to": last.isoformat()}
