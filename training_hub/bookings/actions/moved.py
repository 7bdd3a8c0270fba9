"""Change a course date, tell people that it moved, and record their answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from training_hub.bookings.actions.cancel import cancel
from training_hub.bookings.actions.changes import forget_missed, hold
from training_hub.bookings.actions.waiting_list import pass_on
from training_hub.bookings.emails import moved as moved_emails
from training_hub.bookings.emails.reminders import reminder_key
from training_hub.bookings.models.booking import Booking, BookingChange
from training_hub.bookings.models.cause import Cause
from training_hub.bookings.models.status import Status
from training_hub.bookings.queries.availability import places
from training_hub.bookings.queries.event_bookings import to_be_told
from training_hub.bookings.queries.terms import terms_for
from training_hub.bookings.rules.moved import check_answer
from training_hub.bookings.rules.reminders import Reminder, due_at
from training_hub.catalogue.actions import EventFacts
from training_hub.catalogue.actions import edit_event as edit_in_catalogue
from training_hub.catalogue.models import Event
from training_hub.catalogue.rules import (
    Times,
    WrongCapacity,
    check_capacity,
    check_editable,
    event_version,
    times_of,
)
from training_hub.database import db
from training_hub.errors import Refused, check_version
from training_hub.mail import outbox
from training_hub.people.models import Person


def answer_move(booking: Booking, *, can_come: bool, sequence: int, by: Person, now: datetime) -> None:
    """Record whether the person can still come after the move to `sequence`.

    If they can, they keep the place. If not, cancels the place as on time and passes it on. Raises Decided if
    there is nothing to answer, Overtaken if the date has moved again.
    """
    event = hold(booking.event)
    check_answer(booking, event, sequence, now=now)
    if not can_come:
        cancel(booking, by=by, now=now, cause=Cause.CANNOT_COME)
        return
    booking.asked_sequence = None
    # The status does not change; this history row records the answer.
    db.session.add(
        BookingChange(booking=booking, was=Status.CONFIRMED, became=Status.CONFIRMED, at=now, by=by)
    )


@dataclass(frozen=True)
class Told:
    """How many people hear about a change to a course date."""

    moved: int = 0
    """How many people are booked or waiting, if the time or place changed."""
    given: int = 0
    """How many people on the waiting list got, or were offered, an added place."""


def edit_event(event: Event, facts: EventFacts, *, seen: str | None, now: datetime) -> Told:
    """Change a course date, tell people if its time or place changed, and pass on added places.

    `seen` is the version that the officer read. Raises Stale if someone has changed it since.
    """
    hold(event)
    check_editable(event)
    check_version(seen, event_version(event))
    is_resized = facts.capacity != event.capacity
    waited = places(event).waiting
    if is_resized:
        check_capacity(facts.capacity)
        try:
            set_capacity(event, facts.capacity)
        except Refused as refusal:
            raise WrongCapacity(str(refusal)) from refusal
    was, moved = times_of(event), 0
    if edit_in_catalogue(event, facts, now=now):
        # `tell_moved` reads the event again: unwritten changes would be lost.
        db.session.flush()
        moved = tell_moved(event, now=now, was=was)
    if not is_resized:
        return Told(moved)
    # Passed on only now, so that people who get a place are told the new day and venue.
    pass_on(event, now=now)
    return Told(moved, given=waited - places(event).waiting)


def tell_moved(event: Event, *, now: datetime, was: Sequence[Times] = ()) -> int:
    """Tell everyone with a place or a claim that the time or place of `event` changed. Returns how many.

    Call it after raising `event.sequence`: each change is told once. People with a place get new calendar
    entries and are asked whether they can still come. Removes the entries of sessions that the date no longer
    has (`was`), and drops unsent reminders.
    """
    hold(event)
    if not event.is_published or now >= event.ends_at:
        return 0
    told = to_be_told(event)
    for booking in told:
        booking.told_of_move_at = now
        if booking.flags.has_place and now < event.starts_at:
            booking.asked_sequence = event.sequence
        if booking.decide_by is not None:
            # A deadline may not be later than the new start.
            booking.decide_by = min(booking.decide_by, event.starts_at)
    queued = sum(moved_emails.tell_moved(booking, was, now=now) for booking in told)
    _take_back_reminders(told, event, now=now)
    # Moving to a later day may open bookings and the waiting list again.
    pass_on(event, now=now)
    return queued


def _take_back_reminders(told: Sequence[Booking], event: Event, *, now: datetime) -> None:
    terms = terms_for(event)
    for kind in Reminder:
        keys = [reminder_key(booking.reference, kind) for booking in told]
        due = due_at(kind, terms)
        if due is not None and now < due:
            # Reminders are due again, also for people who missed one. One that was sent is not sent twice.
            outbox.take_back(*keys)
            outbox.allow_again(*keys)
            forget_missed([booking.id for booking in told], kind)
        else:
            # The email about the move says the same as the reminder.
            outbox.drop(*keys)


def set_capacity(event: Event, capacity: int) -> None:
    """Set the capacity of a locked `event`. Raises Refused if more places are taken. Call `pass_on` afterwards."""
    held = places(event).held
    if capacity < held:
        raise Refused(
            f"{held} places are taken, so the capacity cannot be {capacity}. Enter {held} or more. "
            "To lower the capacity further, cancel bookings first, or move people to another date."
        )
    event.capacity = capacity
