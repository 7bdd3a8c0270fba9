"""Add one example of each request, offer, transfer and substitution to the current programme."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from training_hub.bookings.models.status import Status
from training_hub.bookings.rules.terms import Terms
from training_hub.demo.cast import CastMember
from training_hub.demo.dates import COMING, FULL, Coming
from training_hub.demo.plan import PlannedBooking, PlannedEvent
from training_hub.policies.rules import policies_of

S = Status
APPROVED_COURSES = {"self-harm": {"approval": "line manager"}}
"""Courses that need a line manager's approval."""
COME_FIRST = {
    "working-together-refresher": "working-together",
    "domestic-violence-refresher": "domestic-violence",
}
"""Each course that has a prerequisite, and the course to complete first."""
WANTED = {"smart-planning": 7, "sexual-assault-services": 4}
"""How many people want to hear when each course next runs."""


def add_claims(
    coming: Mapping[Coming, PlannedEvent],
    people: Iterator[CastMember],
    *,
    now: datetime,
) -> None:
    """Add requests and decisions, offers open and expired, a transfer and a substitution."""
    full = [
        event
        for one, event in coming.items()
        if one.filled is FULL and event.starts_at > now + timedelta(days=9)
    ]
    _offer(full[0], now=now)
    _expire_offer(full[1], now=now)
    _ask_managers(coming[COMING[28]], people, now=now)
    _transfer(coming[COMING[13]], coming[COMING[18]], now=now)
    _substitute(coming[COMING[20]], people, now=now)
    capped = coming[COMING[22]]
    capped.policies = {"agency_cap": 4}
    capped.reserved = 3


def first_booking(event: PlannedEvent, status: Status) -> PlannedBooking:
    """The first booking with this status."""
    return next(booking for booking in event.bookings if booking.status is status)


def _offer(event: PlannedEvent, *, now: datetime) -> None:
    """Cancel a place, and offer it to the first person on the waiting list until tomorrow."""
    first_booking(event, S.CONFIRMED).changes.append((S.CANCELLED, now - timedelta(hours=3)))
    first = min(
        (booking for booking in event.bookings if booking.status is S.WAITING), key=lambda b: b.changes[0][1]
    )
    first.changes.append((S.OFFERED, now - timedelta(hours=3)))
    first.decide_by = now + timedelta(hours=21)


def _expire_offer(event: PlannedEvent, *, now: datetime) -> None:
    """Let the first person's offer expire, and let the next person accept."""
    first_booking(event, S.CONFIRMED).changes.append((S.CANCELLED, now - timedelta(hours=50)))
    waiting = sorted(
        (booking for booking in event.bookings if booking.status is S.WAITING), key=lambda b: b.changes[0][1]
    )
    for booking in waiting:
        # Both asked before the place became available.
        booking.changes[0] = (S.WAITING, booking.changes[0][1] - timedelta(days=4))
    waiting[0].changes += [(S.OFFERED, now - timedelta(hours=50)), (S.LAPSED, now - timedelta(hours=26))]
    waiting[1].changes += [(S.OFFERED, now - timedelta(hours=26)), (S.CONFIRMED, now - timedelta(hours=20))]


def _ask_managers(event: PlannedEvent, people: Iterator[CastMember], *, now: datetime) -> None:
    """Add two requests that wait for a manager, and one each approved, declined and expired."""
    terms = Terms(event.starts_at, policies_of(APPROVED_COURSES[event.course]))
    for hours, became in ((5, None), (26, None), (200, S.CONFIRMED), (190, S.DECLINED), (400, S.LAPSED)):
        at = now - timedelta(hours=hours)
        booking = PlannedBooking(person=next(people), changes=[(S.REQUESTED, at)])
        if became is None:
            booking.decide_by, booking.is_held = terms.decide_by(now=at), True
        else:
            decided = terms.decide_by(now=at) if became is S.LAPSED else at + timedelta(hours=20)
            booking.changes.append((became, decided))
        event.bookings.append(booking)


def _transfer(was: PlannedEvent, becomes: PlannedEvent, *, now: datetime) -> None:
    booking = first_booking(was, S.CONFIRMED)
    at = now - timedelta(hours=30)
    booking.changes.append((S.TRANSFERRED, at))
    becomes.bookings.append(
        PlannedBooking(person=booking.person, changes=[(S.CONFIRMED, at)], follows=booking)
    )


def _substitute(event: PlannedEvent, people: Iterator[CastMember], *, now: datetime) -> None:
    booking = first_booking(event, S.CONFIRMED)
    at = now - timedelta(hours=28)
    booking.changes.append((S.SUBSTITUTED, at))
    # A colleague: the next person at the agency whose place it is.
    colleague = next(person for person in people if person.agency == booking.person.agency)
    event.bookings.append(PlannedBooking(person=colleague, changes=[(S.CONFIRMED, at)], follows=booking))
