"""Book a place, join the waiting list, or ask a line manager to approve."""

from dataclasses import dataclass
from datetime import datetime

from training_hub.bookings.actions.changes import change, hold, new_booking
from training_hub.bookings.actions.eligibility import check_account, check_clash, check_eligible
from training_hub.bookings.actions.interest import booked_at
from training_hub.bookings.actions.needs import write_needs
from training_hub.bookings.emails.approval import ask_manager
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.availability import availability_at
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.queries.waiting_list import end_of_list
from training_hub.bookings.rules.availability import check_open
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.people.models import Person


class ManagerNeeded(Refused):
    """A line manager has to approve the booking, but the person has not named one."""


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
    """Give `person` a place at `event`, a turn on its waiting list, or a request for their manager to approve.

    Returns the open booking that the person has already, if there is one. Raises NotOpen if the event takes no
    bookings, NotEligible if the person may not book it, Clash if they have a place elsewhere at that time,
    ManagerNeeded if nobody could approve, Refused if the person has no agency.
    """
    hold(event)
    existing = booked_at(event, person, now=now)
    if existing is not None:
        # The booking may have been made meanwhile, from the person's interest. Keep the needs they typed.
        write_needs(existing, access=access_needs, dietary=dietary_needs, now=now)
        return existing
    terms = terms_for(event)
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
    asks = terms.policies.asks_manager and not (follows is not None and follows.confirmed_at)
    if asks and not person.manager_email:
        raise ManagerNeeded(
            "Your line manager has to approve this course. Say who they are on your profile page."
        )
    here = availability_at(event, terms, agency.id, now=now)
    is_held = here.is_free and terms.policies.approval_holds_place
    decision = Decision(has_place=here.is_free, asks=asks, is_held=is_held, is_limited=here.is_limited)
    booking = new_booking(person, event, agency, now=now, follows=follows)
    enter(booking, terms, decision, by=by, now=now)
    write_needs(booking, access=access_needs, dietary=dietary_needs, now=now)
    return booking


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What was decided about a new booking while its event is locked."""

    has_place: bool
    asks: bool
    """Whether a line manager has to approve first."""
    is_held: bool
    """Whether a place is held until the manager decides."""
    is_limited: bool = False
    """Whether the person waits although there is a place, because their agency is at its limit."""


def enter(booking: Booking, terms: Terms, decision: Decision, *, by: Person, now: datetime) -> None:
    """Make a new booking a place, a turn on the waiting list, or a request, as decided."""
    became, cause = Status.CONFIRMED if decision.has_place else Status.WAITING, None
    if decision.asks:
        became = Status.REQUESTED
        booking.decide_by = terms.decide_by(now=now)
        booking.is_held = decision.is_held
        booking.manager_asked_at = now
    elif became is Status.WAITING:
        # Nobody may join ahead of people who were told their position, even if processes' clocks differ.
        booking.asked_at = end_of_list(booking.event, now=now)
        cause = Cause.AGENCY_SHARE if decision.is_limited else None
    change(booking, became, by=by, now=now, cause=cause, terms=terms)
    if decision.asks:
        ask_manager(booking, now=now)


def withdraw(claim: Booking | None, *, by: Person, now: datetime) -> None:
    """End a turn, an offer or a request, because the person now has a place at the same event."""
    if claim is not None:
        change(claim, Status.WITHDRAWN, by=by, now=now, cause=Cause.REPLACED, quietly=True)
