"""Rules of the demo: in which databases it may be built, and when it is out of date."""

from datetime import datetime

from training_hub.errors import Refused
from training_hub.london import london_date


class NotADemo(Refused):
    """The database holds data that the demo did not build."""


def check_may_build(*, is_demo: bool, is_empty: bool) -> None:
    """Raises NotADemo if the database holds anything but a demo."""
    if not is_demo and not is_empty:
        raise NotADemo(
            "This database holds data that the demo did not build, so it is left as it is. "
            "Set TRAINING_HUB_DATA to another folder, or TRAINING_HUB_DATABASE_URL to an empty database."
        )


def is_stale(built_at: datetime, *, now: datetime) -> bool:
    """Whether the demo was built on an earlier day, so its "today" is past."""
    return london_date(built_at) != london_date(now)
