"""The decisions about places: which status may follow which, when bookings close, and what notice is free."""

from datetime import date, datetime, timedelta

from training_hub.bookings.models import FLAGS, Status
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.london import at_london, london_date, working_days_before

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


class NotOpen(Refused):
    """The date cannot be booked."""


class TooLate(Refused):
    """It can no longer be done."""


def check_move(was: Status | None, became: Status) -> None:
    """Raises Refused where a booking cannot go from `was` to `became`."""
    if became not in MOVES.get(was, frozenset()):
        before = "a new booking" if was is None else f"a booking that is “{was.value}”"
        raise Refused(f"{before[0].upper()}{before[1:]} cannot become “{became.value}”.")


def bookings_close_at(event: Event) -> datetime:
    """The moment from which `event` takes no more bookings: the end of the third working day before it."""
    day = working_days_before(london_date(event.starts_at), BOOKINGS_CLOSE_WORKING_DAYS)
    return at_london(day + timedelta(days=1))


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


def last_free_day(event: Event) -> date:
    """The last London day on which a place can be given up in time: three clear working days lie between
    it and the first session (domain 5)."""
    return working_days_before(london_date(event.starts_at), NOTICE_WORKING_DAYS) - timedelta(days=1)


def is_late(event: Event, *, now: datetime) -> bool:
    """Whether giving up a place at `now` is a late cancellation."""
    return london_date(now) > last_free_day(event)


def cancelled_status(was: Status, event: Event, *, now: datetime) -> Status:
    """What a booking becomes when its person gives it up at `now`. Raises TooLate once the event has started."""
    if not FLAGS[was].is_open or FLAGS[was].is_outcome:
        raise Refused("This booking has already ended, so there is nothing to cancel.")
    if now >= event.starts_at:
        raise TooLate(
            "The course has started, so the place can no longer be cancelled. Tell the trainer instead."
        )
    if was is Status.WAITING:
        return Status.WITHDRAWN
    return Status.CANCELLED_LATE if is_late(event, now=now) else Status.CANCELLED
