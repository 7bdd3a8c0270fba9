"""Which mail tells of which change to a booking, and to whom."""

from datetime import datetime

from flask import current_app

from training_hub.bookings import calendar
from training_hub.bookings.models import Booking, Status
from training_hub.bookings.rules import last_free_day
from training_hub.mail.models import Urgency
from training_hub.mail.outbox import queue

TEMPLATES: dict[tuple[Status | None, Status], str] = {
    (None, Status.CONFIRMED): "booking_confirmed",
    (None, Status.WAITING): "booking_waiting",
    (Status.WAITING, Status.CONFIRMED): "booking_place_found",
    (Status.WAITING, Status.WITHDRAWN): "booking_withdrawn",
    (Status.CONFIRMED, Status.CANCELLED): "booking_cancelled",
    (Status.CONFIRMED, Status.CANCELLED_LATE): "booking_cancelled_late",
    (Status.CONFIRMED, Status.EVENT_CANCELLED): "event_called_off",
    (Status.WAITING, Status.EVENT_CANCELLED): "event_called_off",
}
"""A change that is not listed here, such as a mark on the register, tells no one."""


def tell(booking: Booking, was: Status | None, *, now: datetime) -> None:
    """Queue the mail that tells the person of the change of their booking from `was` to what it is now."""
    template = TEMPLATES.get((was, booking.status))
    if template is None:
        return
    queue(
        template,
        key=f"booking:{booking.reference}:{booking.status.value}",
        to=(booking.person.name, booking.person.email),
        now=now,
        facts=_facts(booking),
        urgency=Urgency.CHANGE,
        calendar=calendar.message(booking, was, now=now),
    )


def _facts(booking: Booking) -> dict[str, object]:
    return {
        "booking": booking,
        "event": booking.event,
        "course": booking.event.course,
        "base_url": current_app.config["SETTINGS"].base_url,
        "last_free_day": last_free_day(booking.event),
    }
