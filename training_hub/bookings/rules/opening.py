"""Whether a course date takes bookings, and what giving one up comes to."""

from datetime import datetime

from training_hub.bookings.models import FLAGS, Status
from training_hub.bookings.rules.terms import Terms
from training_hub.catalogue.models import Event
from training_hub.errors import Refused
from training_hub.policies.rules import in_words


class NotOpen(Refused):
    """The date cannot be booked."""


class TooLate(Refused):
    """It can no longer be done."""


class AlreadyOver(Refused):
    """The booking has ended already, so there is nothing left to give up."""


def is_open(event: Event, terms: Terms, *, now: datetime) -> bool:
    """Whether `event` takes bookings, be it for its waiting list."""
    in_window = now < terms.bookings_close_at and not terms.is_yet_to_open(now=now)
    return event.is_published and event.course.is_listed and in_window


def check_open(event: Event, terms: Terms, *, now: datetime) -> None:
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
    opens = terms.bookings_open_on
    if opens is not None and terms.is_yet_to_open(now=now):
        raise NotOpen(
            f"Bookings for this course date open on {opens:%A} {opens.day} {opens:%B %Y}. Come back on that day."
        )
    if now >= terms.bookings_close_at:
        days = terms.policies.closes_working_days
        notice = f"{in_words(days)} working {'day' if days == 1 else 'days'}"
        raise NotOpen(
            f"Bookings for this course date have closed. They close {notice} before it starts. {other_dates}"
        )


def cancelled_status(
    was: Status, event: Event, terms: Terms, *, now: datetime, is_excused: bool = False
) -> Status:
    """What a booking becomes when its person gives it up at `now`. Raises TooLate once the event has started.

    Nobody is late who was never asked: a place that somebody else booked, or a date that the hub has moved
    (`is_excused`), is given up in time.
    """
    if not FLAGS[was].is_open or FLAGS[was].is_outcome:
        raise AlreadyOver("This booking has already ended, so there is nothing to cancel.")
    if now >= event.starts_at:
        raise TooLate(
            "The course has started, so the place can no longer be cancelled. Tell the trainer instead."
        )
    if was is not Status.CONFIRMED:
        return Status.WITHDRAWN
    return Status.CANCELLED_LATE if terms.is_late(now=now) and not is_excused else Status.CANCELLED


def is_cancellable(status: Status, event: Event, *, now: datetime) -> bool:
    """Whether a booking in this status can still be given up."""
    return FLAGS[status].is_open and not FLAGS[status].is_outcome and now < event.starts_at


def is_coming(status: Status, event: Event, *, now: datetime) -> bool:
    """Whether this is a place at a course that is not over."""
    return FLAGS[status].has_place and now < event.ends_at


def is_claim(status: Status, event: Event, *, now: datetime) -> bool:
    """Whether this is a request, an offer or a turn on the waiting list of a course that has not begun."""
    return FLAGS[status].is_open and not FLAGS[status].has_place and now < event.starts_at


def check_call_off(event: Event, *, now: datetime) -> None:
    """Raises Refused, with what to do instead, where `event` cannot be called off."""
    if event.is_called_off:
        raise Refused("This course date has already been called off.")
    if not event.is_published:
        raise Refused("This course date was never published. Delete the draft instead.")
    if now >= event.starts_at:
        raise Refused("This course date has started, so it can no longer be called off.")
