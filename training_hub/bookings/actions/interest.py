"""The waiting list without a date: asking to be told when a course next runs, and what comes of it when it does."""

from datetime import datetime
from functools import partial

from sqlalchemy.exc import IntegrityError

from training_hub.bookings import emails, queries
from training_hub.bookings.actions.changes import change, hold, new_booking
from training_hub.bookings.models import ASKED_TO_BE_TOLD, Booking, Interest, Status
from training_hub.bookings.rules import Terms, is_open, next_in_line
from training_hub.bookings.rules.eligibility import NotEligible, Reason, bars
from training_hub.catalogue.models import Course, Event
from training_hub.database import db, each_in_turn
from training_hub.errors import Refused
from training_hub.people.models import Agency, Person
from training_hub.policies.rules import Approval, Policies, WaitingList


def ask_to_be_told(person: Person, course: Course, *, now: datetime) -> Interest:
    """Note that `person` wants to be told when `course` next runs. Pressed twice, it is noted once.

    Raises NotEligible where they may not book the course, Refused where they have a place on it already, or have given
    no agency.
    """
    existing = queries.own_interest(person.id, course.id)
    if existing is not None:
        return existing
    if not course.is_listed:
        raise Refused("This course is not in the programme any more.")
    agency = person.agency
    if agency is None:
        raise Refused("Tell us which agency you work for first. You can do so on your profile page.")
    reasons = _bars(person, agency, course, queries.policies_for(course))
    if reasons:
        raise NotEligible(reasons)
    if queries.has_coming_place(person.id, course.id, now=now):
        raise Refused("You have a place on this course already, so there is nothing to wait for.")
    interest = Interest(course=course, person=person, agency_id=agency.id, asked_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(interest)
    except IntegrityError:
        # Pressed twice at once: the other press has noted it.
        return queries.own_interest(person.id, course.id) or interest
    return interest


def stop_asking(person: Person, course: Course, *, now: datetime) -> bool:
    """Note that `person` no longer wants to be told; False where they had not asked, or it was noted before.

    A turn or an offer that has come of it stays, and can be given up like any other.
    """
    interest = queries.own_interest(person.id, course.id)
    if interest is None:
        return False
    interest.ended_at = now
    return True


def offer_to_interested(event: Event, *, now: datetime) -> int:
    """Put everyone who asked to be told of the course on the waiting list of `event`, once it can be booked, and offer
    them its free places, in the order in which they asked; how many were told.

    It happens once for each date. Nobody is offered a place where officers pick by hand or the list is paused.
    """
    hold(event)
    return tell_interested(event, now=now)


def offer_new_dates(*, now: datetime) -> int:
    """Offer the dates that can be booked by now to those who had asked for them; how many people were told.

    For dates whose bookings open later than they are published. Run by the worker each minute.
    """
    db.session.rollback()
    return each_in_turn(queries.dates_to_tell_of(now=now), partial(_offer, now=now))


def _offer(event_id: int, *, now: datetime) -> int:
    return offer_to_interested(db.session.get_one(Event, event_id), now=now)


def tell_interested(event: Event, *, now: datetime) -> int:
    """The same, for an event that is held: whoever had asked for the course goes before whoever comes now, even before
    the worker has looked."""
    if event.interested_told_at is not None:
        return 0
    terms = queries.terms_for(event)
    if not is_open(event, terms, now=now):
        return 0
    event.interested_told_at = now
    wanting = _those_to_tell(event, terms, now=now)
    if terms.policies.approval is Approval.MANAGER:
        # A place that was offered could be taken without the manager: they ask for it themselves.
        return sum(emails.tell_can_be_booked(interest, event, now=now) for interest in wanting)
    if not wanting:
        return 0
    # Nobody comes in before those who were told their place on the list.
    asked_at = queries.end_of_list(event, now=now)
    joined = [_join(interest, event, asked_at=asked_at, now=now) for interest in wanting]
    if terms.policies.waiting_list is not WaitingList.MANUAL and not event.is_list_paused:
        _offer_free_places(event, terms, {booking.id for booking in joined}, now=now)
    positions = queries.waiting_positions(joined)
    for booking in joined:
        emails.tell_runs_again(booking, now=now, position=positions.get(booking.id))
    return len(joined)


def _those_to_tell(event: Event, terms: Terms, *, now: datetime) -> list[Interest]:
    """Those who may have a place at `event` and have none; whoever has one by now no longer waits to be told."""
    wanting = []
    for found in queries.interested_in(event, now=now):
        person = found.interest.person
        if found.has_place:
            found.interest.ended_at = now
        elif not found.is_booked and not _bars(person, _agency(found.interest), event.course, terms.policies):
            wanting.append(found.interest)
    return wanting


def _join(interest: Interest, event: Event, *, asked_at: datetime, now: datetime) -> Booking:
    booking = new_booking(interest.person, event, _agency(interest), now=asked_at)
    change(booking, Status.WAITING, by=None, now=now, why=ASKED_TO_BE_TOLD, quietly=True)
    return booking


def _offer_free_places(event: Event, terms: Terms, joined: set[int], *, now: datetime) -> None:
    """Offer the free places to those who have just joined, after whoever waited before them.

    Always as an offer: they have not said that this date suits them.
    """
    places, cap = queries.places(event), terms.cap(now=now)
    shares = {} if cap is None else queries.shares_at(event)
    waiting = queries.first_waiting(event, places.waiting)
    for booking in next_in_line(waiting, places.free, cap=cap, shares=shares):
        if booking.id in joined:
            booking.decide_by = terms.offer_ends_at(now=now)
            change(booking, Status.OFFERED, by=None, now=now, quietly=True)


def _agency(interest: Interest) -> Agency:
    """The agency that a booking made now is for: the present one, or where none is given, the one they asked with."""
    return interest.person.agency or db.session.get_one(Agency, interest.agency_id)


def _bars(person: Person, agency: Agency, course: Course, policies: Policies) -> list[Reason]:
    missing = queries.missing_prerequisites(person.id, course.id) if course.prerequisites else []
    return bars(agency.sector, policies.sectors, missing)
