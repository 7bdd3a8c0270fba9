"""The decisions about places: which status may follow which, when bookings close, and what notice is free."""

import enum
from datetime import date, datetime, time, timedelta
from typing import Protocol

from training_hub.bookings.models import FLAGS, Status
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.london import at_london, london_date, next_working_moment, working_days_before

S = Status

MOVES: dict[Status | None, frozenset[Status]] = {
    None: frozenset({S.WAITING, S.CONFIRMED}),
    S.WAITING: frozenset({S.CONFIRMED, S.WITHDRAWN, S.EVENT_CANCELLED}),
    S.CONFIRMED: frozenset(
        {
            S.CANCELLED,
            S.CANCELLED_LATE,
            S.EVENT_CANCELLED,
            S.WITHDRAWN,
            S.COMPLETED,
            S.PARTIAL,
            S.DID_NOT_ATTEND,
        }
    ),
    S.COMPLETED: frozenset({S.PARTIAL, S.DID_NOT_ATTEND, S.CONFIRMED}),
    S.PARTIAL: frozenset({S.COMPLETED, S.DID_NOT_ATTEND, S.CONFIRMED}),
    S.DID_NOT_ATTEND: frozenset({S.COMPLETED, S.PARTIAL, S.CONFIRMED}),
}
"""The whole machine (domain 3). Only a walk-in entered by mistake goes from confirmed to withdrawn."""

NOTICE_WORKING_DAYS = 3
BOOKINGS_CLOSE_WORKING_DAYS = 3
REMINDER_DAYS = 14
JOINING_INSTRUCTIONS_DAYS = 5
NEEDS_KEPT_DAYS = 14
OFFICES_OPEN = time(8)
HALF_DAY = timedelta(hours=4)


class Starts(Protocol):
    """Whatever has a first session: an event, or what a list reads of one."""

    @property
    def starts_at(self) -> datetime: ...


class NotOpen(Refused):
    """The date cannot be booked."""


class TooLate(Refused):
    """It can no longer be done."""


class AlreadyOver(Refused):
    """The booking has ended already, so there is nothing left to give up."""


def check_move(was: Status | None, became: Status) -> None:
    """Raises Refused where a booking cannot go from `was` to `became`."""
    if became not in MOVES.get(was, frozenset()):
        before = "a new booking" if was is None else f"a booking that is “{was.value}”"
        raise Refused(f"{before[0].upper()}{before[1:]} cannot become “{became.value}”.")


def last_booking_day(event: Starts) -> date:
    """The last London day on which `event` can be booked: the third working day before it (domain 5)."""
    return working_days_before(london_date(event.starts_at), BOOKINGS_CLOSE_WORKING_DAYS)


def bookings_close_at(event: Starts) -> datetime:
    """The moment from which `event` takes no more bookings: the end of the third working day before it."""
    return at_london(last_booking_day(event) + timedelta(days=1))


def is_open(event: Event, *, now: datetime) -> bool:
    """Whether `event` takes bookings, be it for its waiting list."""
    return event.is_published and event.course.is_listed and now < bookings_close_at(event)


def check_open(event: Event, *, now: datetime) -> None:
    """Raises NotOpen, with the reason and what to do, where `event` takes no bookings."""
    other_dates = "Look for other dates of the course."
    if event.is_called_off:
        raise NotOpen(f"This course date has been called off. {other_dates}")
    if not event.is_published or not event.course.is_listed:
        raise NotOpen("This course date is not open for booking.")
    if now >= event.ends_at:
        raise NotOpen(f"This course date is over. {other_dates}")
    if now >= event.starts_at:
        raise NotOpen(f"This course date has started. {other_dates}")
    if now >= bookings_close_at(event):
        raise NotOpen(
            "Bookings for this course date have closed. They close three working days before it starts. "
            + other_dates
        )


def last_free_day(event: Starts) -> date:
    """The last London day on which a place can be given up in time: three clear working days lie between
    it and the first session (domain 5)."""
    return working_days_before(london_date(event.starts_at), NOTICE_WORKING_DAYS) - timedelta(days=1)


def is_late(event: Starts, *, now: datetime) -> bool:
    """Whether giving up a place at `now` is a late cancellation."""
    return london_date(now) > last_free_day(event)


def cancelled_status(was: Status, event: Event, *, now: datetime) -> Status:
    """What a booking becomes when its person gives it up at `now`. Raises TooLate once the event has started."""
    if not FLAGS[was].is_open or FLAGS[was].is_outcome:
        raise AlreadyOver("This booking has already ended, so there is nothing to cancel.")
    if now >= event.starts_at:
        raise TooLate(
            "The course has started, so the place can no longer be cancelled. Tell the trainer instead."
        )
    if was is Status.WAITING:
        return Status.WITHDRAWN
    return Status.CANCELLED_LATE if is_late(event, now=now) else Status.CANCELLED


def is_cancellable(status: Status, event: Event, *, now: datetime) -> bool:
    """Whether a booking in this status can still be given up."""
    return FLAGS[status].is_open and not FLAGS[status].is_outcome and now < event.starts_at


def is_coming(status: Status, event: Event, *, now: datetime) -> bool:
    """Whether this is a place at a course that is not over."""
    return FLAGS[status].holds_place and now < event.ends_at


def is_waiting(status: Status, event: Event, *, now: datetime) -> bool:
    """Whether this is a turn on the waiting list of a course that has not begun."""
    return status is Status.WAITING and now < event.starts_at


def check_call_off(event: Event, *, now: datetime) -> None:
    """Raises Refused, with what to do instead, where `event` cannot be called off."""
    if event.is_called_off:
        raise Refused("This course date has already been called off.")
    if not event.is_published:
        raise Refused("This course date was never published. Delete the draft instead.")
    if now >= event.starts_at:
        raise Refused("This course date has started, so it can no longer be called off.")


class Reminder(enum.Enum):
    """What people with a place are told before their course date. The value is what the mail's key ends in."""

    REMINDER = "reminder"
    JOINING = "joining"


def due_at(kind: Reminder, starts_on: date) -> datetime:
    """The moment from which this falls due for a course date that starts on this day: 8am, 14 or 5 days before."""
    days = REMINDER_DAYS if kind is Reminder.REMINDER else JOINING_INSTRUCTIONS_DAYS
    return at_london(starts_on - timedelta(days=days), OFFICES_OPEN)


def to_come_on(kind: Reminder, event: Event, *, now: datetime) -> date | None:
    """The day on which this is sent to those who have a place now; None where its moment has passed."""
    due = due_at(kind, london_date(event.starts_at))
    return london_date(next_working_moment(due)) if now < due else None


def overtaken_at(kind: Reminder, starts_on: date) -> datetime | None:
    """The moment from which this is no longer worth sending: the joining instructions say what a reminder says."""
    return due_at(Reminder.JOINING, starts_on) if kind is Reminder.REMINDER else None


def is_reminded(event: Event, kind: Reminder, *, now: datetime, leaving_at: datetime) -> bool:
    """Whether those with a place at `event` are to be sent this now, in a mail that leaves at `leaving_at`."""
    day = london_date(event.starts_at)
    overtaken = overtaken_at(kind, day)
    return (
        event.is_published
        and leaving_at < event.starts_at
        and due_at(kind, day) <= now
        and (overtaken is None or now < overtaken)
    )


def late_admission_minutes(starts_at: datetime, ends_at: datetime) -> int:
    """How many minutes after its start people are still let in: 15 for a full day, none for a half (domain 5)."""
    return 15 if ends_at - starts_at > HALF_DAY else 0
