"""What follows when somebody does not take a place that was arranged for them: whose it is again, and who is told."""

from datetime import datetime

from training_hub.bookings.emails.decline import tell_not_coming, tell_reserved_again
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.booking import who_passed_on
from training_hub.bookings.queries.reserved import named_place, those_to_tell
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.reserved import released_at
from training_hub.database import db
from training_hub.people.models import Person


def settle_not_taken(booking: Booking, was: Status | None, *, by: Person | None, now: datetime) -> None:
    """To be called while the event is held, when `booking` has just ended that `was` a place or a request, and before
    its place is passed on.

    Where its person never made it theirs, a place that their agency had reserved is reserved again, as long as such
    places are not released, and its training leads are told; and so is whoever passed the place on to them.
    """
    if was is not Status.REQUESTED and not (was is Status.CONFIRMED and booking.is_arranged):
        return
    _reserve_again(booking, by=by, now=now)
    before = booking.follows
    if before is not None and before.status is Status.SUBSTITUTED:
        teller = who_passed_on(before)
        if teller.is_active and (by is None or by.id != teller.id):
            tell_not_coming(booking, teller, now=now)


def _reserve_again(booking: Booking, *, by: Person | None, now: datetime) -> None:
    place, event = named_place(booking), booking.event
    if place is None or not event.is_published or now >= released_at(terms_for(event)):
        return
    place.ended_at = place.ended_by_id = place.booking_id = None
    # Counted by whoever passes on what is free.
    db.session.flush()
    for person in those_to_tell(place.agency, [place]):
        if by is None or by.id != person.id:
            tell_reserved_again(person, booking, place.agency, now=now)
