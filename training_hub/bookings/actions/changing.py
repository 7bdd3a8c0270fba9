"""Moving a place to another date, passing it to a colleague, and undoing what became of a booking."""

from datetime import datetime

from training_hub.bookings import queries
from training_hub.bookings.actions.changes import change, hold, new_booking
from training_hub.bookings.actions.colleagues import NotAColleague, booking_for, colleague
from training_hub.bookings.actions.interest import tell_interested
from training_hub.bookings.actions.places import (
    ManagerNeeded,
    check_account,
    check_clash,
    check_eligible,
    enter,
    is_room,
    pass_on,
)
from training_hub.bookings.models import Booking, BookingNeeds, Status
from training_hub.bookings.rules import UNDONE, check_open, check_put_back, check_still_mine, is_kept_for
from training_hub.bookings.rules.eligibility import NotEligible, bars
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.people.models import Person
from training_hub.people.rules import NotAnAddress, check_manager, work_address
from training_hub.policies.rules import Approval


class NoRoom(Refused):
    """Every place is taken."""


def transfer(
    booking: Booking,
    event: Event,
    *,
    by: Person,
    now: datetime,
    despite_clash: bool = False,
    reason: str = "",
) -> Booking:
    """Move a place to another date of the course, until the course starts. Neither a cancellation nor a DNA (domain 3).

    A place that is offered to the person there, or held for their request, is the one they get.

    Raises NotOpen where the other date takes no bookings, NoRoom where it is full, NotEligible where it is for other
    sectors, Clash where the person has a place elsewhere at that time. Pressed twice, it moves once.
    """
    hold(booking.event, event)
    existing = queries.open_booking(booking.person_id, event.id)
    if existing is not None and existing.follows_id == booking.id:
        return existing
    if existing is None and tell_interested(event, now=now):
        existing = queries.open_booking(booking.person_id, event.id)
    check_still_mine(booking, booking.event, now=now)
    check_account(booking.person)
    if event.id == booking.event_id or event.course_id != booking.event.course_id:
        raise Refused("Choose another date of the same course.")
    terms = queries.terms_for(event)
    check_open(event, terms, now=now)
    # What comes before the course was asked for when it was booked; for whom a date is may differ from date to date.
    reasons = bars(booking.agency.sector, terms.policies.sectors, missing=())
    if reasons:
        raise NotEligible(reasons)
    if existing is not None and existing.flags.has_place:
        raise Refused("There is already a place on that date.")
    if not despite_clash:
        check_clash(booking.person, event, but=booking.event_id)
    # Whoever waits there has no claim to a place that is held for this person already.
    is_kept = existing is not None and is_kept_for(booking, existing, now=now)
    _withdraw(existing, by=by, now=now)
    if not is_kept and not is_room(event, booking.agency, terms, now=now):
        raise NoRoom("That date is full. Join its waiting list, and keep this place until you get one there.")
    change(booking, Status.TRANSFERRED, by=by, now=now, why=reason)
    moved = new_booking(booking.person, event, booking.agency, now=now, follows=booking)
    change(moved, Status.CONFIRMED, by=by, now=now, why=reason)
    _copy_needs(booking, moved)
    for each in (booking.event, event):
        # At the other date, what was held for an agency that the person has left since is free.
        pass_on(each, now=now)
    return moved


def substitute(
    booking: Booking,
    *,
    name: str,
    email: str,
    by: Person,
    now: datetime,
    despite_clash: bool = False,
    reason: str = "",
    manager_email: str = "",
) -> Booking:
    """Pass a place to a colleague of the same agency, until the course starts. Both are told.

    Where a line manager has to approve, the colleague's is asked, and the place is held meanwhile: `manager_email` is
    theirs where none is known, and ManagerNeeded is raised where nobody could approve.

    Raises NotAColleague where it cannot pass to them, NotEligible where they may not book the course, Clash where they
    have a place elsewhere at that time. Pressed twice, it passes once.
    """
    event = hold(booking.event)
    email = work_address(email)
    done = queries.successor(booking)
    if done is not None and booking.status is Status.SUBSTITUTED and done.person.email == email:
        return done
    check_still_mine(booking, event, now=now)
    if email == booking.person.email:
        raise NotAColleague("Enter the address of the colleague who will come instead.")
    person = colleague(name, email, booking.agency, now=now)
    existing = queries.open_booking(person.id, event.id)
    if existing is not None and existing.flags.has_place:
        raise NotAColleague("This colleague has a place on this date already.")
    terms = queries.terms_for(event)
    check_eligible(person, booking.agency, event, terms)
    if not despite_clash:
        check_clash(person, event)
    asks = terms.policies.approval is Approval.MANAGER and not (
        existing is not None and existing.was_approved
    )
    taken = booking_for(person, event, booking.agency, now=now, follows=booking)
    if asks and not taken.manager_email:
        _name_manager(taken, manager_email)
    _withdraw(existing, by=by, now=now)
    change(booking, Status.SUBSTITUTED, by=by, now=now, why=reason)
    enter(taken, terms, has_place=True, asks=asks, is_held=True, by=by, now=now, why=reason)
    if existing is not None:
        # The place that was offered to the colleague, or held for their request, is now free.
        pass_on(event, now=now)
    return taken


def _name_manager(taken: Booking, email: str) -> None:
    if not email:
        raise ManagerNeeded(
            "A line manager has to approve this course. Enter the address of your colleague’s."
        )
    try:
        email = work_address(email)
        check_manager(email, taken.person.email)
    except NotAnAddress as no:
        raise ManagerNeeded(str(no)) from None
    taken.manager_email = email


def _withdraw(claim: Booking | None, *, by: Person, now: datetime) -> None:
    """End a turn, an offer or a request that a place at the same event replaces."""
    if claim is not None:
        change(claim, Status.WITHDRAWN, by=by, now=now, why="Replaced by a place", quietly=True)


def _copy_needs(was: Booking, becomes: Booking) -> None:
    needs = db.session.get(BookingNeeds, was.id)
    if needs is not None:
        db.session.add(BookingNeeds(booking_id=becomes.id, access=needs.access, dietary=needs.dietary))


def undo(
    booking: Booking,
    became: Status,
    *,
    by: Person,
    now: datetime,
    reason: str,
    despite_clash: bool = False,
) -> None:
    """Undo what became of a booking: give the place back, excuse a late cancellation, put someone back on the list.

    Raises NoRoom where the place has gone meanwhile, Clash where the person has a place elsewhere at that time by now,
    Refused where it cannot be undone.
    """
    after = queries.successor(booking)
    hold(booking.event, *([after.event] if after is not None else []))
    event = booking.event
    # Passed on, or moved, by somebody else in the moment before it was held.
    is_another = queries.successor(booking) is not after
    if is_another or became not in UNDONE.get(booking.status, frozenset()):
        raise Refused("What became of this booking has changed since. Look at it again.")
    if booking.is_walk_in:
        raise Refused("Add someone who came without a booking on the register instead.")
    if became is Status.CANCELLED:
        change(booking, became, by=by, now=now, why=reason, undo=True)
        return
    if not event.is_published or now >= event.ends_at:
        raise Refused("The course date is over or was called off, so this can no longer be undone.")
    check_account(booking.person)
    check_put_back(booking, became, queries.terms_for(event))
    if queries.open_booking(booking.person_id, event.id) is not None:
        raise Refused("This person has another booking for this date by now.")
    if became is Status.CONFIRMED and not despite_clash:
        # The place that came of it is given up for this one.
        is_own = after is not None and after.person_id == booking.person_id
        check_clash(booking.person, event, but=after.event_id if after is not None and is_own else 0)
    if after is not None and booking.status in {Status.SUBSTITUTED, Status.TRANSFERRED}:
        _take_back(booking, after, by=by, now=now, reason=reason)
    # A colleague's place is this one again; any other has to be free.
    was_passed_on = booking.status is Status.SUBSTITUTED and after is not None
    needs_room = became is Status.CONFIRMED and not was_passed_on
    if needs_room and not queries.places(event).free:
        raise NoRoom("Every place is taken by now. Raise the capacity of the date first.")
    if became is Status.WAITING and not any(row.became is Status.WAITING for row in booking.history):
        # They were never on the list, and others have been told their turn on it.
        booking.asked_at = queries.end_of_list(event, now=now)
    change(booking, became, by=by, now=now, why=reason, undo=True)
    for each in {event, *([after.event] if after is not None else [])}:
        pass_on(each, now=now)


def _take_back(booking: Booking, after: Booking, *, by: Person, now: datetime, reason: str) -> None:
    if after.status not in {Status.CONFIRMED, Status.REQUESTED}:
        raise Refused("The place that came of it is no longer booked, so this cannot be undone.")
    change(after, Status.WITHDRAWN, by=by, now=now, why=reason)
