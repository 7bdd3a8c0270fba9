"""When a mail is tried again, and when it is given up."""

from datetime import timedelta

MOST_TRIES = 12
LEASE = timedelta(minutes=2)
"""How long a worker has to hand over one mail before it is held to have died. Longer than every time-out of the
connection together, so that no second worker takes a mail that is still on its way."""


def wait_after(tries: int) -> timedelta:
    """How long to wait after the try numbered `tries` failed: 30 seconds, then twice as long each time, to 4 hours."""
    return min(timedelta(seconds=30 * 2 ** (tries - 1)), timedelta(hours=4))
