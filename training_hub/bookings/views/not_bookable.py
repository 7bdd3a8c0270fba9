"""The pages that say why a date cannot be booked, and what to do next."""

from datetime import datetime
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from training_hub.bookings.queries.availability import availability_of_events
from training_hub.bookings.queries.events import other_dates
from training_hub.bookings.rules.availability import NotOpen
from training_hub.bookings.rules.eligibility import Clash, NotEligible
from training_hub.catalogue.models import Event
from training_hub.web.addresses import this_page
from training_hub.web.forms import Form

REFUSED = 409


def not_bookable(
    no: NotOpen | NotEligible, event: Event, agency_id: int | None, *, now: datetime
) -> ResponseReturnValue:
    """The page that says why people of this agency cannot book `event`, with other dates of its course."""
    others = other_dates(event, now=now)
    facts = {
        "event": event,
        "other_dates": others,
        "availability": availability_of_events(others, agency_id, now=now),
    }
    if isinstance(no, NotEligible):
        return render_template("bookings/not_eligible.html", reasons=no.reasons, **facts), REFUSED
    return render_template("bookings/not_open.html", sentence=str(no), **facts), REFUSED


def clash_page(clash: Clash, form: Form, event: Event, **facts: Any) -> ResponseReturnValue:
    """The page that shows the person's other booking at that time, with a button to book both anyway."""
    facts |= {"clash": clash, "form": form, "event": event, "action": this_page()}
    return render_template("bookings/clash.html", **facts), REFUSED
