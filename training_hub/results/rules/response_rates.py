"""Response rates: the channels of replies, and how long replies took."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from training_hub.evaluation.models.invitations import Channel
from training_hub.london import london_date

CHANNELS: Mapping[Channel | None, str] = {
    Channel.CLASSROOM: "In the classroom",
    Channel.INVITATION: "First email",
    Channel.REMINDER_1: "Reminder 1",
    Channel.REMINDER_2: "Reminder 2",
    Channel.REMINDER_3: "Reminder 3",
    Channel.REMINDER_4: "Reminder 4",
    Channel.CERTIFICATE: "Certificate page",
    Channel.SIGNED_IN: "Signed in",
    None: "Not known",
}
"""The label of each channel, in the order in which people are offered them."""

WITHIN: tuple[tuple[str, int | None], ...] = (
    ("The same day", 0),
    ("1 to 2 days", 2),
    ("3 to 7 days", 7),
    ("8 to 14 days", 14),
    ("Later", None),
)
"""Each label, with the most days that it covers."""


def days_to_return(moments: Iterable[tuple[datetime, datetime]]) -> dict[int, int]:
    """How many replies took each number of days in London, from pairs of due and returned times.

    Replies in the classroom come before the evaluation is due, and count as replies on the same day.
    """
    found = Counter(max((london_date(returned) - london_date(due)).days, 0) for due, returned in moments)
    return dict(found)


def by_time(days: Mapping[int, int]) -> list[tuple[str, int]]:
    """How many replies fall under each label of `WITHIN`, zeros included."""
    found = dict.fromkeys((label for label, _most in WITHIN), 0)
    for day, number in days.items():
        label = next(label for label, most in WITHIN if most is None or day <= most)
        found[label] += number
    return list(found.items())
