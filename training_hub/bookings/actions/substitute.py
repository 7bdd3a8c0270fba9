"""Pass a place to a colleague."""

from datetime import datetime

from training_hub.bookings.actions.book import Decision, ManagerNeeded, enter, withdraw
from training_hub.bookings.actions.changes import change, hold
from training_hub.bookings.actions.colleagues import NotAColleague, booking_for, colleague
from training_hub.bookings.actions.eligibility import check_clash, check_eligible
from training_hub.bookings.actions.waiting_list import pass_on
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.booking import open_booking
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.claims import check_still_mine
from training_hub.people.models import Person
from training_hub.people.rules import NotAnAddress, check_manager, work_address


def substitute(
    booking: Booking,
    *,
    name: str,
    email: str,
    by: Person,
    now: datetime,
    despite_clash: bool = False,
    manager_email: str = "",
) -> Booking:
    """Pass a place to a colleague of the same agency, until the course starts. Tells both people.

    If a line manager has to approve, asks the colleague's manager, and holds the place meanwhile. Raises
    ManagerNeeded if that manager is not known and `manager_email` is empty. Raises NotAColleague if the person
    cannot have the place, NotEligible if they may not book the course, Clash if they have a place elsewhere at
    that time.
    """
    event = hold(booking.event)
    email = work_address(email)
    check_still_mine(booking, event, now=now)
    if email == booking.person.email:
        raise NotAColleague("Enter the address of the colleague who will come instead.")
    person = colleague(name, email, booking.agency, now=now)
    existing = open_booking(person.id, event.id)
    if existing is not None and existing.flags.has_place:
        raise NotAColleague("This colleague has a place on this date already.")
    terms = terms_for(event)
    check_eligible(person, booking.agency, event, terms)
    if not despite_clash:
        check_clash(person, event)
    asks = terms.policies.asks_manager and not (existing is not None and existing.was_approved)
    taken = booking_for(person, event, booking.agency, now=now, follows=booking)
    if asks and not taken.manager_email:
        _name_manager(taken, manager_email)
    withdraw(existing, by=by, now=now)
    change(booking, Status.SUBSTITUTED, by=by, now=now)
    enter(taken, terms, Decision(has_place=True, asks=asks, is_held=True), by=by, now=now)
    if existing is not None:
        # The place that was offered to the colleague, or held for their request, is now available.
        pass_on(event, now=now)
    return taken


def _name_manager(taken: Booking, email: str) -> None:
    if not email:
        raise ManagerNeeded(
            "A line manager has to approve this course. Enter the email address of your colleague’s manager."
        )
    try:
        email = work_address(email)
        check_manager(email, taken.person.email)
    except NotAnAddress as no:
        raise ManagerNeeded(str(no)) from None
    taken.manager_email = email
