"""Which status may follow which."""

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import RECORDED, Status
from training_hub.bookings.rules.terms import Terms
from training_hub.errors import Refused

S = Status

MOVES: dict[Status | None, frozenset[Status]] = {
    None: frozenset({S.REQUESTED, S.WAITING, S.CONFIRMED}),
    S.REQUESTED: frozenset({S.CONFIRMED, S.WAITING, S.DECLINED, S.LAPSED, S.WITHDRAWN, S.EVENT_CANCELLED}),
    S.WAITING: frozenset({S.OFFERED, S.CONFIRMED, S.WITHDRAWN, S.EVENT_CANCELLED}),
    S.OFFERED: frozenset({S.CONFIRMED, S.LAPSED, S.WITHDRAWN, S.EVENT_CANCELLED}),
    S.CONFIRMED: frozenset(
        {
            S.CANCELLED,
            S.CANCELLED_LATE,
            S.SUBSTITUTED,
            S.TRANSFERRED,
            S.EVENT_CANCELLED,
            S.WITHDRAWN,
            *RECORDED,
        }
    ),
    **{outcome: frozenset({*RECORDED, S.CONFIRMED} - {outcome}) for outcome in RECORDED},
}
"""The whole state machine. Places of mistaken walk-ins, and of undone transfers, become withdrawn."""

UNDONE: dict[Status, frozenset[Status]] = {
    S.CANCELLED: frozenset({S.CONFIRMED}),
    S.CANCELLED_LATE: frozenset({S.CONFIRMED, S.CANCELLED}),
    S.SUBSTITUTED: frozenset({S.CONFIRMED}),
    S.TRANSFERRED: frozenset({S.CONFIRMED}),
    S.WITHDRAWN: frozenset({S.WAITING}),
    S.LAPSED: frozenset({S.WAITING}),
    S.DECLINED: frozenset({S.WAITING}),
}
"""Moves of a booking that has ended. Only hub officers make them, to undo a mistake or excuse a late cancellation."""


def check_move(was: Status | None, became: Status, *, undo: bool = False) -> None:
    """Raises Refused if a booking cannot go from `was` to `became`."""
    allowed = UNDONE.get(was, frozenset()) if undo and was is not None else MOVES.get(was, frozenset())
    if became not in allowed:
        before = "a new booking" if was is None else f"a booking that is “{was.value}”"
        raise Refused(f"{before[0].upper()}{before[1:]} cannot become “{became.value}”.")


def check_put_back(booking: Booking, became: Status, terms: Terms) -> None:
    """Raises Refused if a line manager must approve before `booking` can rejoin the waiting list."""
    if became is Status.WAITING and terms.policies.asks_manager and not booking.was_approved:
        raise Refused("Ask them to book again: their line manager has to approve it.")
