"""What people answer when a date has moved: that they can still come, or that they cannot."""

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
    """Say whether the person can still come after the move that raised the event's sequence to `sequence`.

    Who can keeps the place. Who cannot gives it up in time, whatever the notice, and it is passed on. Raises Decided
    where that has been answered or can no longer be, Overtaken where the date has moved again.
    """
    event = hold(booking.event)
    check_answer(booking, event, sequence, now=now)
    if not can_come:
        cancel(booking, by=by, now=now, cause=Cause.CANNOT_COME)
        return
    booking.asked_sequence = None
    # No change of status, and yet part of what happened: who answered is who has such a row.
    db.session.add(
        BookingChange(booking=booking, was=Status.CONFIRMED, became=Status.CONFIRMED, at=now, by=by)
    )


@dataclass(frozen=True)
class Told:
    """Who hears of a change to a course date."""

    moved: int = 0
    """Those booked or waiting, if its time or place is another."""
    given: int = 0
    """Those who waited, and have or are offered a place that was added."""


def edit_event(event: Event, facts: EventFacts, *, seen: str | None, now: datetime) -> Told:
    """Change a course date. Everyone booked or waiting is told if its time or place is another, and places that are
    added go to those who wait.

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
        # Telling holds the event and reads it again: what is not written by then would be lost.
        db.session.flush()
        moved = tell_moved(event, now=now, was=was)
    if not is_resized:
        return Told(moved)
    # Only now: whoever gets a place is told of the day, and the place, that it is moved to.
    pass_on(event, now=now)
    return Told(moved, given=waited - places(event).waiting)


def tell_moved(event: Event, *, now: datetime, was: Sequence[Times] = ()) -> int:
    """Tell everyone with a place, or waiting for one, that the time or place of `event` has changed; how many.

    Whoever changed it has raised `event.sequence`: each change is told once. Those with a place get their calendar
    entries anew, and those of the sessions that it had (`was`) and has no longer are taken out. They are asked whether
    they can still come; whoever answered an earlier change is asked again. Reminders that still wait say what is no
    longer so, and are dropped.
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
            # What stood until a later moment now ends with the start of the course at the latest.
            booking.decide_by = min(booking.decide_by, event.starts_at)
    queued = sum(moved_emails.tell_moved(booking, was, now=now) for booking in told)
    _take_back_reminders(told, event, now=now)
    # A later date opens its bookings again, and with them its waiting list.
    pass_on(event, now=now)
    return queued


def _take_back_reminders(told: Sequence[Booking], event: Event, *, now: datetime) -> None:
    terms = terms_for(event)
    for kind in Reminder:
        keys = [reminder_key(booking.reference, kind) for booking in told]
        due = due_at(kind, terms)
        if due is not None and now < due:
            # Its moment comes anew, for those too who missed it before. What has left is not sent a second time.
            outbox.take_back(*keys)
            outbox.allow_again(*keys)
            forget_missed([booking.id for booking in told], kind)
        else:
            # The mail that tells of the move says all that it would have said.
            outbox.drop(*keys)


def set_capacity(event: Event, capacity: int) -> None:
    """Make room for `capacity` people at a held `event`, and leave what is free for `pass_on`, which follows once all
    else that changes with it is stored; less than is taken is refused."""
    held = places(event).held
    if capacity < held:
        raise Refused(
            f"{held} places are taken, so the capacity cannot be {capacity}. Enter {held} or more. "
            "To make it smaller, cancel bookings first, or move people to another date."
        )
    event.capacity = capacity
