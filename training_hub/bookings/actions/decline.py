"""Handle a declined place that another person had arranged."""

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
    """If the person never accepted the place, reserve it again and tell the person who arranged it.

    Call it after `booking` ended as a place or request (`was`), with the event locked, before the place is
    passed on.
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
    # Written now, because `pass_on` counts reserved places.
    db.session.flush()
    for person in those_to_tell(place.agency, [place]):
        if by is None or by.id != person.id:
            tell_reserved_again(person, booking, place.agency, now=now)
