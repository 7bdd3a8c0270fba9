"""The waiting list without a date: asking to be told when a course next runs, and what comes of it when it does."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from training_hub.bookings.actions.changes import Newcomer, hold, join_list
from training_hub.bookings.emails.interest import tell_can_be_booked, tell_runs_again
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.interest import DateTold, Interest
from training_hub.bookings.queries import availability as availability_queries
from training_hub.bookings.queries import waiting_list as waiting_list_queries
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
from training_hub.bookings.rules.availability import is_open, next_in_line
from training_hub.bookings.rules.eligibility import NotEligible, bars
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Course, Event
from training_hub.database import db, each_in_turn
from training_hub.errors import Refused
from training_hub.people.models import Agency, Person
from training_hub.policies.rules import Approval, WaitingList

TOLD_AT_ONCE = 25
"""How many people are told in one write: the database is not held longer than a page takes."""


def ask_to_be_told(person: Person, course: Course, *, now: datetime) -> Interest:
    """Note that `person` wants to be told when `course` next runs, unless they have asked already.

    Raises NotEligible where they may not book the course, Refused where they have a place on it already, or have given
    no agency.
    """
    existing = own_interest(person.id, course.id)
    if existing is not None:
        return existing
    if not course.is_listed:
        raise Refused("This course is not in the programme any more.")
    agency = person.agency
    if agency is None:
        raise Refused("Tell us which agency you work for first. You can do so on your profile page.")
    missing = missing_prerequisites(person.id, course.id)
    reasons = bars(agency.sector, policies_for(course).sectors, missing)
    if reasons:
        raise NotEligible(reasons)
    if has_coming_place(person.id, course.id, now=now):
        raise Refused("You have a place on this course already, so there is nothing to wait for.")
    interest = Interest(course=course, person=person, agency_id=agency.id, asked_at=now)
    db.session.add(interest)
    return interest


def stop_asking(person: Person, course: Course, *, now: datetime) -> bool:
    """Note that `person` no longer wants to be told; False where they had not asked, or it was noted before.

    A turn or an offer that has come of it stays, and can be given up like any other.
    """
    interest = own_interest(person.id, course.id)
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
    """Offer the dates that can be booked by now to those who had asked for them, and tell whoever has not been told of
    one yet; how many people it was about.

    For dates whose bookings open later than they are published, and for dates that many people had asked for: each step
    is a short write of its own. Run by the worker each minute.
    """
    db.session.rollback()
    total = 0
    for event_id in dates_to_tell_of(now=now):
        while done := each_in_turn([event_id], partial(_offer, now=now)):
            total += done
    db.session.rollback()
    untold = joined_untold(now=now)
    steps = [untold[start : start + TOLD_AT_ONCE] for start in range(0, len(untold), TOLD_AT_ONCE)]
    return total + each_in_turn(steps, partial(_tell_joined, now=now))


def _offer(event_id: int, *, now: datetime) -> int:
    return offer_to_interested(db.session.get_one(Event, event_id), now=now)


def tell_interested(event: Event, *, now: datetime) -> int:
    """The same, for an event that is held: whoever had asked for the course goes before whoever comes now, even before
    the worker has looked.

    All of them get their turn at once, in a few statements. So many are told here, and the worker tells the rest: a
    hundred mails would hold the database from everybody else meanwhile.
    """
    if event.interested_told_at is not None:
        return 0
    terms = terms_for(event)
    if not is_open(event, terms, now=now):
        return 0
    wanting = _those_to_tell(event, terms, now=now)
    if terms.policies.approval is Approval.MANAGER:
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
        # Nobody comes in before those who were told their place on the list.
        asked_at=waiting_list_queries.end_of_list(event, now=now),
        offer_ends_at=terms.offer_ends_at(now=now),
        now=now,
        cause=Cause.INTEREST,
    )
    _tell_joined(ids[:TOLD_AT_ONCE], now=now)
    return len(ids)


def _tell_can_be_booked(wanting: Sequence[Interest], event: Event, *, now: datetime) -> int:
    """Tell the next of them that they can ask for a place; how many.

    One that was offered could be taken without the manager, so they ask for it themselves, and nobody has to be put
    before anybody.
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
    """Tell those of them who still wait, or have an offer, that the course runs again; how many."""
    bookings = [booking for booking in waiting_list_queries.in_order(booking_ids) if not booking.is_told]
    positions = waiting_list_queries.waiting_positions(bookings)
    for booking in bookings:
        tell_runs_again(booking, now=now, position=positions.get(booking.id))
        booking.is_told = True
    return len(bookings)


def _those_to_tell(event: Event, terms: Terms, *, now: datetime) -> list[Interest]:
    """Those who may have a place at `event` and have none; whoever has one by now no longer waits to be told."""
    found = interested_in(event, now=now)
    needed = event.course.prerequisites
    ids = [each.interest.person_id for each in found]
    done = completed_by(ids, [course.id for course in needed]) if needed and ids else set()
    wanting = []
    for each in found:
        interest = each.interest
        missing = [course for course in needed if (interest.person_id, course.id) not in done]
        if each.has_place:
            interest.ended_at = now
        elif not each.is_booked and not bars(_agency(interest).sector, terms.policies.sectors, missing):
            wanting.append(interest)
    return wanting


def _those_to_offer(
    newcomers: Sequence[Newcomer], event: Event, terms: Terms, *, now: datetime
) -> list[Newcomer]:
    """Those who are offered a free place as they join, after whoever waited before them.

    Always as an offer: they have not said that this date suits them.
    """
    places, cap = availability_queries.places(event), terms.cap(now=now)
    shares = {} if cap is None else availability_queries.shares_at(event)
    line: list[Any] = [*waiting_list_queries.line(event), *newcomers] if places.free else []
    chosen = next_in_line(line, places.free, cap=cap, shares=shares)
    return [each for each in chosen if isinstance(each, Newcomer)]


def _agency(interest: Interest) -> Agency:
    """The agency that a booking made now is for: the present one, or where none is given, the one they asked with."""
    return interest.person.agency or db.session.get_one(Agency, interest.agency_id)
