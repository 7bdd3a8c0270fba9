"""What time it is. The only module that may ask."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from flask import current_app

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """The present moment by the clock that the running application was given."""
    return cast(Clock, current_app.extensions["clock"])()
