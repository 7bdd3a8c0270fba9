"""Ask to be told when a course next runs, and tell people when it does."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from training_hub.bookings.actions.changes import Newcomer, hold, join_list
from training_hub.bookings.emails.interest import tell_can_be_booked, tell_runs_again
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.interest import DateTold, Interest
from training_hub.bookings.queries import availability as availability_queries
from training_hub.bookings.queries import waiting_list as waiting_list_queries
from training_hub.bookings.queries.booking import open_booking
from training_hub.bookings.queries.eligibility import completed_by, missing_prerequisites
from training_hub.bookings.queries.interest import (
    dates_to_tell_of,
    has_coming_place,
    interested_in,
    joined_untold,
    own_interest,
    policies_for,
    told_of,
)
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.availability import is_open
from training_hub.bookings.rules.eligibility import bars, check_bars
from training_hub.bookings.rules.places import next_in_line
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Course, Event
from training_hub.database import db, each_in_turn
from training_hub.errors import Refused
from training_hub.people.models import Agency, Person
from training_hub.policies.rules import WaitingList

TOLD_AT_ONCE = 25
"""How many people are told in one transaction, so that it does not lock the database for long."""


def ask_to_be_told(person: Person, course: Course, *, now: datetime) -> Interest:
    """Record that `person` wants to be told when `course` next runs, unless they have asked already.

    Raises NotEligible if they may not book the course, Refused if they have a place on it or no agency.
    """
    existing = own_interest(person.id, course.id)
    if existing is not None:
        return existing
    if not course.is_listed:
        raise Refused("This course is no longer in the programme.")
    agency = person.agency
    if agency is None:
        raise Refused("Tell us which agency you work for first. You can do so on your profile page.")
    check_bars(agency.sector, policies_for(course).sectors, missing_prerequisites(person.id, course.id))
    if has_coming_place(person.id, course.id, now=now):
        raise Refused("You have a place on this course already, so you do not need to wait for a date.")
    interest = Interest(course=course, person=person, agency_id=agency.id, asked_at=now)
    db.session.add(interest)
    return interest


def stop_asking(person: Person, course: Course, *, now: datetime) -> bool:
    """Record that `person` no longer wants to be told. Returns False if they had not asked.

    Does not change a turn or an offer that they have already.
    """
    interest = own_interest(person.id, course.id)
    if interest is None:
        return False
    interest.ended_at = now
    return True


def offer_to_interested(event: Event, *, now: datetime) -> int:
    """Put people who asked for the course on the waiting list of `event` and offer free places. Returns how many.

    Does so once for each date, in the order in which people asked. Makes no offers if officers choose who gets
    a place, or the list is paused.
    """
    hold(event)
    return tell_interested(event, now=now)


def offer_new_dates(*, now: datetime) -> int:
    """Offer dates that can now be booked to people who asked for them, and tell the rest. Returns how many people.

    Needed for dates whose bookings open after publication, and for long lists. Each step is a short
    transaction. The worker runs this each minute.
    """
    total = 0
    for event_id in dates_to_tell_of(now=now):
        while done := each_in_turn([event_id], partial(_offer, now=now)):
            total += done
    untold = joined_untold(now=now)
    steps = [untold[start : start + TOLD_AT_ONCE] for start in range(0, len(untold), TOLD_AT_ONCE)]
    return total + each_in_turn(steps, partial(_tell_joined, now=now))


def _offer(event_id: int, *, now: datetime) -> int:
    return offer_to_interested(db.session.get_one(Event, event_id), now=now)


def tell_interested(event: Event, *, now: datetime) -> int:
    """Put people who asked for the course on the list of a locked event, ahead of anyone who books now.

    All join the list at once. The worker emails those after the first 25, to keep this transaction short.
    """
    if event.interested_told_at is not None:
        return 0
    terms = terms_for(event)
    if not is_open(event, terms, now=now):
        return 0
    wanting = _those_to_tell(event, terms, now=now)
    if terms.policies.asks_manager:
        return _tell_can_be_booked(wanting, event, now=now)
    event.interested_told_at = now
    if not wanting:
        return 0
    newcomers = [Newcomer(interest.person, _agency(interest)) for interest in wanting]
    offered = []
    if terms.policies.waiting_list is not WaitingList.MANUAL and not event.is_list_paused:
        offered = _those_to_offer(newcomers, event, terms, now=now)
    ids = join_list(
        newcomers,
        event,
        offered=set(offered),
        # They join behind everyone who was told their position.
        asked_at=waiting_list_queries.end_of_list(event, now=now),
        offer_ends_at=terms.offer_ends_at(now=now),
        now=now,
    )
    _tell_joined(ids[:TOLD_AT_ONCE], now=now)
    return len(ids)


def booked_at(event: Event, person: Person, *, now: datetime) -> Booking | None:
    """The person's open booking at a locked event, read after people who asked for the course joined its list."""
    existing = open_booking(person.id, event.id)
    if existing is None and tell_interested(event, now=now):
        # This person may be one of the people who asked.
        existing = open_booking(person.id, event.id)
    return existing


def _tell_can_be_booked(wanting: Sequence[Interest], event: Event, *, now: datetime) -> int:
    """Tell the next people that they can ask for a place. Returns how many.

    Their managers have to approve, so they are not offered a place.
    """
    told = told_of(event)
    untold = [interest for interest in wanting if interest.person_id not in told]
    if len(untold) <= TOLD_AT_ONCE:
        event.interested_told_at = now
    for interest in untold[:TOLD_AT_ONCE]:
        tell_can_be_booked(interest, event, now=now)
        db.session.add(DateTold(event_id=event.id, person_id=interest.person_id, at=now))
    return len(untold[:TOLD_AT_ONCE])


def _tell_joined(booking_ids: Sequence[int], *, now: datetime) -> int:
    """Tell people who have not heard yet that the course runs again. Returns how many."""
    bookings = [booking for booking in waiting_list_queries.in_order(booking_ids) if not booking.is_told]
    positions = waiting_list_queries.waiting_positions(bookings)
    for booking in bookings:
        tell_runs_again(booking, now=now, position=positions.get(booking.id))
        booking.is_told = True
    return len(bookings)


def _those_to_tell(event: Event, terms: Terms, *, now: datetime) -> list[Interest]:
    """People who may have a place at `event` and have none. Ends the interest of people who have one."""
    found = interested_in(event, now=now)
    needed = event.course.prerequisites
    ids = [interest.person_id for interest, _is_booked, _has_place in found]
    done = completed_by(ids, [course.id for course in needed]) if needed and ids else set()
    wanting = []
    for interest, is_booked, has_place in found:
        missing = [course for course in needed if (interest.person_id, course.id) not in done]
        if has_place:
            interest.ended_at = now
        elif not is_booked and not bars(_agency(interest).sector, terms.policies.sectors, missing):
            wanting.append(interest)
    return wanting


def _those_to_offer(
    newcomers: Sequence[Newcomer], event: Event, terms: Terms, *, now: datetime
) -> list[Newcomer]:
    """The newcomers who are offered an available place, after the people who waited before them.

    They get an offer, never a place at once, because they have not said that this date suits them.
    """
    places, cap = availability_queries.places(event), terms.cap(now=now)
    shares = {} if cap is None else availability_queries.shares_at(event)
    line: list[Any] = [*waiting_list_queries.line(event), *newcomers] if places.free else []
    chosen = next_in_line(line, places.free, cap=cap, shares=shares)
    return [each for each in chosen if isinstance(each, Newcomer)]


def _agency(interest: Interest) -> Agency:
    """The person's present agency, or, if they have none, their agency when they asked."""
    return interest.person.agency or db.session.get_one(Agency, interest.agency_id)
