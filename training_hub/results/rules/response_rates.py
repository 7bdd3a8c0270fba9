"""What brings evaluations back: by which way they came, and how long that took."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from training_hub.evaluation.models.invitations import Channel
from training_hub.london import london_date

WAYS: Mapping[Channel | None, str] = {
    Channel.CLASSROOM: "In the room",
    Channel.INVITATION: "First mail",
    Channel.REMINDER_1: "Reminder 1",
    Channel.REMINDER_2: "Reminder 2",
    Channel.REMINDER_3: "Reminder 3",
    Channel.REMINDER_4: "Reminder 4",
    Channel.CERTIFICATE: "Certificate page",
    Channel.SIGNED_IN: "Signed in",
    None: "Not known",
}
"""In the order in which people meet them."""

WITHIN: tuple[tuple[str, int | None], ...] = (
    ("The same day", 0),
    ("1 to 2 days", 2),
    ("3 to 7 days", 7),
    ("8 to 14 days", 14),
    ("Later", None),
)
"""How long it took, and the most days that are so."""


def days_to_return(moments: Iterable[tuple[datetime, datetime]]) -> dict[int, int]:
    """How many came back after so many days, from (fell due, came back), by London's calendar.

    What is answered in the room comes back before it falls due: that is the same day.
    """
    found = Counter(max((london_date(returned) - london_date(due)).days, 0) for due, returned in moments)
    return dict(found)


def by_time(days: Mapping[int, int]) -> list[tuple[str, int]]:
    """How many came back within which time; every time is there, noughts too."""
    found = []
    least = 0
    for words, most in WITHIN:
        found.append(
            (
                words,
                sum(number for day, number in days.items() if day >= least and (most is None or day <= most)),
            )
        )
        least = (most or 0) + 1
    return found
