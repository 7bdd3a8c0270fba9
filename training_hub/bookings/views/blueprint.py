"""The blueprint of this package, and functions that several of its views use."""

from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from training_hub.access import Link, Permission
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.queries.booking import booking_at
from training_hub.bookings.queries.events import bookable_event
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.people.asker import asker
from training_hub.web.forms import Form, render_form_page

blueprint = Blueprint("bookings", "training_hub.bookings")


GONE = 410


def linked_booking(link: Link) -> Booking:
    """The booking that a link in an email names, else 404."""
    return db.session.get(Booking, link.row) or abort(404)


def unanswered(template: str, form: Form, **facts: Any) -> ResponseReturnValue:
    """Show the page with its buttons. Refuse a form that was sent without pressing a button."""
    body, status = render_form_page(template, form, **facts)
    return body, 422 if request.method == "POST" else status


def find_booking(reference: str, permission: Permission) -> Booking:
    """The booking with this reference, if the reader holds `permission` over it, else 404."""
    return booking_at(reference, asker(), permission) or abort(404)


def other_date(booking: Booking, event_id: int) -> Event | None:
    """The course date with this id, if it is of the same course and in the programme for the booking's person."""
    # A number that is too large would make the database fail.
    event = bookable_event(event_id, booking.person_id) if 0 < event_id < 10**9 else None
    return event if event is not None and event.course_id == booking.event.course_id else None
