"""Giving places, giving them up, and passing them on."""

from datetime import datetime

from training_hub.bookings.actions.changes import change, hold, new_booking
from training_hub.bookings.actions.eligibility import check_account, check_clash, check_eligible
from training_hub.bookings.actions.interest import tell_interested
from training_hub.bookings.actions.needs import write_needs
from training_hub.bookings.emails import approval as approval_emails
from training_hub.bookings.models.booking import AGENCY_SHARE, Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries import availability as availability_queries
from training_hub.bookings.queries import booking as booking_queries
from training_hub.bookings.queries import terms as terms_queries
from training_hub.bookings.queries import waiting_list as waiting_list_queries
from training_hub.bookings.queries.availability import is_room
from training_hub.bookings.rules.availability import check_open
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.people.models import Person
from training_hub.policies.rules import Approval


class ManagerNeeded(Refused):
    """A line manager has to approve the booking, and none is named."""


def book(
    person: Person,
    event: Event,
    *,
    by: Person,
    now: datetime,
    access_needs: str = "",
    dietary_needs: str = "",
    despite_clash: bool = False,
    follows: Booking | None = None,
) -> Booking:
    """Give `person` a place at `event`, or the next place on its waiting list; or ask their manager, where one must
    approve.

    Who has an open booking already gets that one back: a button pressed twice books once. Raises NotOpen where the
    event takes no bookings, NotEligible where the person may not book it, Clash where they have a place elsewhere at
    that time, ManagerNeeded where nobody could approve, Refused where the person has given no agency.
    """
    hold(event)
    existing = booking_queries.open_booking(person.id, event.id)
    if existing is None and tell_interested(event, now=now):
        # This person may be one of those who had asked for the course.
        existing = booking_queries.open_booking(person.id, event.id)
    if existing is not None:
        # What they have just said is kept: they may have been put on the list while they typed it.
        write_needs(existing, access=access_needs, dietary=dietary_needs, now=now)
        return existing
    terms = terms_queries.terms_for(event)
    check_open(event, terms, now=now)
    check_account(person)
    agency = person.agency
    if agency is None:
        raise Refused(
            "Tell us which agency you work for before you book. You can do so on your profile page."
        )
    check_eligible(person, agency, event, terms)
    if not despite_clash:
        check_clash(person, event)
    has_place = is_room(event, agency, terms, now=now)
    asks = terms.policies.approval is Approval.MANAGER and not (follows is not None and follows.confirmed_at)
    if asks and not person.manager_email:
        raise ManagerNeeded(
            "Your line manager has to approve this course. Say who they are on your profile page."
        )
    booking = enter(
        new_booking(person, event, agency, now=now, follows=follows),
        terms,
        has_place=has_place,
        asks=asks,
        is_held=has_place and terms.policies.approval_holds_place,
        by=by,
        now=now,
    )
    write_needs(booking, access=access_needs, dietary=dietary_needs, now=now)
    return booking


def enter(
    booking: Booking,
    terms: Terms,
    *,
    has_place: bool,
    asks: bool,
    is_held: bool,
    by: Person,
    now: datetime,
    why: str = "",
) -> Booking:
    """Make a new booking what was decided while its event is held: a place, a turn on the waiting list, or a request
    (`asks`) that holds a place meanwhile where `is_held`."""
    became = Status.REQUESTED if asks else Status.CONFIRMED if has_place else Status.WAITING
    if became is Status.WAITING:
        # Two clocks may differ, and a request may wait its turn: nobody comes in before those who were told
        # their place on the list.
        booking.asked_at = waiting_list_queries.end_of_list(booking.event, now=now)
        why = why or why_waiting(booking, terms, now=now)
    if asks:
        booking.decide_by = terms.decide_by(now=now)
        booking.is_held = is_held
    change(booking, became, by=by, now=now, why=why, terms=terms)
    if asks:
        approval_emails.ask_manager(booking, now=now)
    return booking


def why_waiting(booking: Booking, terms: Terms, *, now: datetime) -> str:
    """What keeps someone from a place who is about to wait for one, where that is not that every place is taken."""
    room = availability_queries.room_for(booking.event, terms, booking.agency.id, now=now)
    return AGENCY_SHARE if room.is_limited else ""


def _withdraw(claim: Booking | None, *, by: Person, now: datetime) -> None:
    """End a turn, an offer or a request that a place at the same event replaces."""
    if claim is not None:
        change(claim, Status.WITHDRAWN, by=by, now=now, why="Replaced by a place", quietly=True)
