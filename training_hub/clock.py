"""The present time. No other module may read the system's clock."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from flask import current_app

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present moment, in UTC and with its time zone."""
    return datetime.now(UTC)


def now() -> datetime:
    """The present moment, by the clock that was passed to `create_app`."""
    return cast(Clock, current_app.extensions["clock"])()
