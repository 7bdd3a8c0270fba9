"""Giving places, giving them up, and passing them on."""

from datetime import datetime

from training_hub.bookings import emails, queries
from training_hub.bookings.actions.alerts import tell_of_late_cancellation
from training_hub.bookings.actions.changes import change, hold, new_booking
from training_hub.bookings.actions.interest import tell_interested
from training_hub.bookings.actions.needs import write_needs
from training_hub.bookings.actions.not_taken import settle_not_taken
from training_hub.bookings.models import AGENCY_SHARE, Booking, Status
from training_hub.bookings.rules import (
    AlreadyOver,
    Decided,
    Terms,
    cancelled_status,
    check_open,
    has_room,
    next_in_line,
)
from training_hub.bookings.rules import is_excused as is_excused_now
from training_hub.bookings.rules.eligibility import Clash, NotEligible, bars
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.people.models import Agency, Person
from training_hub.policies.rules import Approval, WaitingList


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
    existing = queries.open_booking(person.id, event.id)
    if existing is None and tell_interested(event, now=now):
        # This person may be one of those who had asked for the course.
        existing = queries.open_booking(person.id, event.id)
    if existing is not None:
        # What they have just said is kept: they may have been put on the list while they typed it.
        write_needs(existing, access=access_needs, dietary=dietary_needs, now=now)
        return existing
    terms = queries.terms_for(event)
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
        booking.asked_at = queries.end_of_list(booking.event, now=now)
        why = why or why_waiting(booking, terms, now=now)
    if asks:
        booking.decide_by = terms.decide_by(now=now)
        booking.is_held = is_held
    change(booking, became, by=by, now=now, why=why, terms=terms)
    if asks:
        emails.ask_manager(booking, now=now)
    return booking


def why_waiting(booking: Booking, terms: Terms, *, now: datetime) -> str:
    """What keeps someone from a place who is about to wait for one, where that is not that every place is taken."""
    room = queries.room_for(booking.event, terms, booking.agency.id, now=now)
    return AGENCY_SHARE if room.is_limited else ""


def check_account(person: Person) -> None:
    """Raises Refused where the account of `person` is closed: they keep the places they have, and get no other."""
    if not person.is_active:
        raise Refused("This person’s account is closed, so they cannot be booked.")


def check_eligible(person: Person, agency: Agency, event: Event, terms: Terms) -> None:
    """Raises NotEligible, with every reason, where `person` of `agency` may not book `event`."""
    missing = queries.missing_prerequisites(person.id, event.course_id)
    reasons = bars(agency.sector, terms.policies.sectors, missing)
    if reasons:
        raise NotEligible(reasons)


def check_clash(person: Person, event: Event, *, but: int = 0) -> None:
    """Raises Clash where `person` holds a place elsewhere, the event with the id `but` aside, while `event` is on."""
    for row in queries.clashing(person.id, event.id, but=but):
        raise Clash(row.title, row.starts_at, row.reference)


def is_room(event: Event, agency: Agency, terms: Terms, *, now: datetime) -> bool:
    """Whether someone of `agency` who asks now has a place at a held `event`, rather than a turn on its list."""
    cap = terms.cap(now=now)
    shares = {} if cap is None else queries.shares_at(event)
    return has_room(queries.places(event), agency.id, cap=cap, shares=shares)


def cancel(
    booking: Booking,
    *,
    by: Person,
    now: datetime,
    reason: str = "",
    is_excused: bool = False,
    expected: Status | None = None,
) -> None:
    """Give up a place, in time or late by the notice rule in force, or a turn, an offer or a request.

    Who has yet to say whether they can come after a move is not late, nor who never asked for the place. It goes to the
    first person waiting, but back to the agency that had reserved it where its person never made it theirs; the hub
    officers are told of a late one that leaves the room half empty. Raises TooLate once the event has started;
    AlreadyOver where there is nothing left to give up, or where it was to be excused as one that they never asked for
    (`is_excused`) and they have made it theirs since; Decided where it is no longer the `expected` that was shown: who
    refuses an offer does not mean the place that was taken in another window a moment before.
    """
    event = hold(booking.event)
    if expected is not None and booking.status is not expected and booking.flags.is_open:
        raise Decided("What became of this booking has changed since. Look at it again.")
    terms = queries.terms_for(event)
    excused = is_excused_now(booking)
    became = cancelled_status(booking.status, event, terms, now=now, is_excused=excused)
    if is_excused and not excused and booking.flags.has_place:
        raise AlreadyOver("You have said yes to this place since, so it is yours. Cancel it on its own page.")
    was = booking.status
    change(booking, became, by=by, now=now, why=reason)
    settle_not_taken(booking, was, by=by, now=now)
    passed_on = pass_on(event, now=now)
    if became is Status.CANCELLED_LATE and not passed_on:
        tell_of_late_cancellation(event, terms, by=by, now=now)


def pass_on(event: Event, *, now: datetime) -> int:
    """Pass the free places of a held `event` to those who wait, in order, until its bookings close; how many.

    They are offered, or given at once, as the policy says; not at all where a hub officer has paused the list or
    picks by hand.
    """
    # Nobody waits at most events, and this is asked of each booking that is given up.
    places = queries.places(event)
    if not places.free or not places.waiting or not event.is_published or event.is_list_paused:
        return 0
    terms = queries.terms_for(event)
    kind = terms.policies.waiting_list
    if kind is WaitingList.MANUAL or now >= terms.bookings_close_at:
        return 0
    cap = terms.cap(now=now)
    if cap is None:
        chosen = queries.first_waiting(event, places.free)
    else:
        # Somebody far down the list may be the first who can have the place.
        line, shares = queries.line(event), queries.shares_at(event)
        ids = [claim.id for claim in next_in_line(line, places.free, cap=cap, shares=shares)]
        chosen = queries.in_order(ids) if ids else []
    decide = set()
    if chosen and kind is WaitingList.AUTOMATIC:
        # Who asked for the course has not said that this date suits them, and nobody has asked those who are expected
        # elsewhere by now which of the two it is to be: they decide.
        decide = queries.asked_for_any_date(chosen) | queries.clashing_of(chosen, event)
    for booking in chosen:
        give(booking, terms, WaitingList.OFFERS if booking.id in decide else kind, now=now)
    return len(chosen)


def give(
    booking: Booking,
    terms: Terms,
    kind: WaitingList,
    *,
    now: datetime,
    by: Person | None = None,
    why: str = "",
) -> None:
    """Offer a free place to someone who waits, or give it at once, by `kind`. The event is held, and there is room."""
    why = why or "A place became free"
    if kind is WaitingList.OFFERS:
        booking.decide_by = terms.offer_ends_at(now=now)
        change(booking, Status.OFFERED, by=by, now=now, why=why)
    else:
        change(booking, Status.CONFIRMED, by=by, now=now, why=why)


def set_capacity(event: Event, capacity: int) -> None:
    """Make room for `capacity` people at a held `event`, and leave what is free for `pass_on`, which follows once all
    else that changes with it is stored; less than is taken is refused."""
    held = queries.places(event).held
    if capacity < held:
        raise Refused(
            f"{held} places are taken, so the capacity cannot be {capacity}. Enter {held} or more. "
            "To make it smaller, cancel bookings first, or move people to another date."
        )
    event.capacity = capacity
