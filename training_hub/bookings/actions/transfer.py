"""Move a place to another date."""

from datetime import datetime

from training_hub.bookings.actions.book import withdraw
from training_hub.bookings.actions.changes import change, hold, new_booking
from training_hub.bookings.actions.eligibility import check_account, check_clash
from training_hub.bookings.actions.interest import booked_at
from training_hub.bookings.actions.needs import copy_needs
from training_hub.bookings.actions.waiting_list import pass_on
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.availability import availability_at
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.availability import NoRoom, check_open
from training_hub.bookings.rules.claims import check_still_mine, is_kept_for
from training_hub.bookings.rules.eligibility import check_bars
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.people.models import Person


def transfer(
    booking: Booking,
    event: Event,
    *,
    by: Person,
    now: datetime,
    despite_clash: bool = False,
    reason: str = "",
) -> Booking:
    """Move a place to another date of the course, until the course starts.

    The old booking counts neither as a cancellation nor as a DNA. If a place on the
    other date is offered to the person, or held for their request, they get this place.

    Raises NotOpen if the other date takes no bookings, NoRoom if it is full, NotEligible if only other sectors
    may book it, Clash if the person has a place elsewhere at that time.
    """
    hold(booking.event, event)
    existing = booked_at(event, booking.person, now=now)
    check_still_mine(booking, booking.event, now=now)
    check_account(booking.person)
    if event.id == booking.event_id or event.course_id != booking.event.course_id:
        raise Refused("Choose another date of the same course.")
    terms = terms_for(event)
    check_open(event, terms, now=now)
    # Prerequisites were checked at the first booking, but dates of a course may be open to different sectors.
    check_bars(booking.agency.sector, terms.policies.sectors)
    if existing is not None and existing.flags.has_place:
        raise Refused("There is already a place on that date.")
    if not despite_clash:
        check_clash(booking.person, event, but=booking.event_id)
    # The people waiting for that date cannot have a place that is held for this person.
    is_kept = existing is not None and is_kept_for(booking, existing, now=now)
    withdraw(existing, by=by, now=now)
    if not is_kept and availability_at(event, terms, booking.agency_id, now=now).is_full:
        raise NoRoom("That date is full. Join its waiting list, and keep this place until you get one there.")
    change(booking, Status.TRANSFERRED, by=by, now=now, why=reason)
    moved = new_booking(booking.person, event, booking.agency, now=now, follows=booking)
    change(moved, Status.CONFIRMED, by=by, now=now, why=reason)
    copy_needs(booking, moved)
    for each in (booking.event, event):
        # At the other date, a place held for the person's former agency is now available.
        pass_on(each, now=now)
    return moved
