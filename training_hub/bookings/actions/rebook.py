"""Book another date instead of one that was called off."""

from datetime import datetime

from training_hub.bookings.actions.book import book
from training_hub.bookings.actions.changes import hold
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.needs import BookingNeeds
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.booking import taken_instead
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.people.models import Person


class NotCalledOff(Refused):
    """The booking's date was not called off."""


def book_instead(
    booking: Booking, event: Event, *, by: Person, now: datetime, despite_clash: bool = False
) -> Booking:
    """Book another date of the course for a person whose date was called off, with the same needs.

    Works as `book`, but does not ask a line manager who has approved. The old booking still counts as event
    cancelled. A person who chooses two dates gets the first one. Raises NotCalledOff if the date was
    not called off.
    """
    # Lock both dates. Otherwise two dates chosen at the same moment would both be booked.
    hold(booking.event, event)
    if booking.status is not Status.EVENT_CANCELLED:
        raise NotCalledOff("This booking was not on a course date that was called off.")
    if event.course_id != booking.event.course_id:
        raise Refused("Choose another date of the same course.")
    done = taken_instead(booking)
    if done is not None:
        return done
    needs = db.session.get(BookingNeeds, booking.id)
    return book(
        booking.person,
        event,
        by=by,
        now=now,
        access_needs=needs.access if needs else "",
        dietary_needs=needs.dietary if needs else "",
        despite_clash=despite_clash,
        follows=booking,
    )
