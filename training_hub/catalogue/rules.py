"""Rules of courses and their dates: addresses, sessions, places and publishing."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from training_hub.catalogue.models import Course, Event, EventStatus
from training_hub.errors import Refused, version_of
from training_hub.london import at_london, london
from training_hub.policies.models import Over

MOST_SESSIONS = 12
MOST_PLACES = 500
DEFAULT_CAPACITY = 24
FIRST_YEAR, LAST_YEAR = 1990, 2100
"""The first and last year that a course date can have. Calendars and day counts fail outside these years."""
SLUG_LENGTH = 110
"""Shorter than the column, so that a number can be added if two titles give the same address."""


class WrongSessions(Refused):
    """The sessions are not possible. `number` is that of the first session to correct."""

    def __init__(self, sentence: str, number: int = 1) -> None:
        super().__init__(sentence)
        self.number = number


class WrongCapacity(Refused):
    """The number of places is too high or too low."""


class NoPlace(Refused):
    """The event has no venue or joining link."""


class Circle(Refused):
    """Two courses would each have to be completed before the other, so nobody could take either."""


class Taken(Refused):
    """Another course date has this reference, or another venue or board this name."""


@dataclass(frozen=True, order=True)
class Times:
    """When one session starts and ends."""

    starts_at: datetime
    ends_at: datetime


def slug_of(title: str) -> str:
    """The address of a title: "responding-to-domestic-violence" for "Responding to Domestic Violence"."""
    plain = unicodedata.normalize("NFKD", title.replace("’", "").replace("'", ""))
    words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower())
    slug = ""
    for word in words:
        if len(slug) + len(word) + 1 > SLUG_LENGTH:
            break
        slug = f"{slug}-{word}" if slug else word
    # A title without Latin letters still needs an address.
    return slug or (words[0][:SLUG_LENGTH] if words else "course")


def reference_of(title: str, day: date) -> str:
    """A reference for an event: "WTSC-2025-05-06" for "Working Together to Safeguard Children"."""
    words = re.findall(r"[A-Z0-9][^\W_]*", unicodedata.normalize("NFKD", title))
    initials = "".join(word[0] for word in words)[:6] or "DATE"
    return f"{initials}-{day.isoformat()}"


def moment_of(day: date, hour: time) -> datetime:
    """The moment of `hour` on `day` in London. On the night when the clocks go back, the first of the two moments.

    Raises WrongSessions for an hour that is skipped when the clocks go forward.
    """
    moment = at_london(day, hour)
    if london(moment).time() != hour:
        raise WrongSessions(
            f"There is no {hour:%H:%M} on {day.day}/{day.month}/{day.year}: the clocks go forward that night."
        )
    return moment


def check_sessions(sessions: Sequence[Times]) -> None:
    """Raises WrongSessions unless there is at least one session and they follow each other in time."""
    if not sessions:
        raise WrongSessions("Enter the date and times of at least one session.")
    if len(sessions) > MOST_SESSIONS:
        raise WrongSessions(f"A course date has at most {MOST_SESSIONS} sessions.")
    for number, session in enumerate(sessions, start=1):
        if not FIRST_YEAR <= london(session.starts_at).year <= LAST_YEAR:
            raise WrongSessions(f"Session {number} must be in the years {FIRST_YEAR} to {LAST_YEAR}.", number)
        if session.ends_at <= session.starts_at:
            raise WrongSessions(f"Session {number} must end after it starts.", number)
    for number in range(1, len(sessions)):
        if sessions[number].starts_at < sessions[number - 1].starts_at:
            raise WrongSessions(
                f"Session {number + 1} is before session {number}. Enter the sessions in the order they happen.",
                number + 1,
            )
        if sessions[number].starts_at < sessions[number - 1].ends_at:
            raise WrongSessions(f"Session {number + 1} starts before session {number} has ended.", number + 1)


def check_prerequisites(
    course_id: int, wanted: Mapping[int, str], needs: Mapping[int, Collection[int]]
) -> None:
    """Raises Circle if a course to complete first needs the course with this id itself, directly or through others.

    `wanted` has the titles of the courses to complete first, by id; `needs` what each course needs now.
    """
    for first, title in wanted.items():
        if first == course_id:
            raise Circle("A course cannot come before itself. Take it out of the list.")
        seen, next_up = set(), [first]
        while next_up:
            found = next_up.pop()
            if found == course_id:
                raise Circle(
                    f"{title} can itself be taken only after this course, so it cannot come before it. "
                    "Take it out of the list, or change that course first."
                )
            if found not in seen:
                seen.add(found)
                next_up += needs.get(found, ())


def check_capacity(capacity: int) -> None:
    """Raises WrongCapacity unless there are between 0 and 500 places."""
    if not 0 <= capacity <= MOST_PLACES:
        raise WrongCapacity(f"The number of places must be between 0 and {MOST_PLACES}.")


def times_of(event: Event) -> list[Times]:
    """The times of the sessions of `event`, in order."""
    return [Times(session.starts_at, session.ends_at) for session in event.sessions]


def check_editable(event: Event) -> None:
    """Raises Refused for an event that has been called off, because people were told that it was."""
    if event.is_called_off:
        raise Refused("This course date has been called off, so it can no longer be changed.")


def check_new_times(event: Event, sessions: Sequence[Times], *, now: datetime) -> None:
    """Raises WrongSessions if `event` cannot be moved to `sessions`.

    Sessions of an event that has started cannot change, because registers are marked by session. A published
    event cannot move to the past, as nobody could come.
    """
    check_sessions(sessions)
    if list(sessions) == times_of(event):
        return
    if event.is_published and now >= event.starts_at:
        raise WrongSessions("This course date has started, so its sessions can no longer be changed.")
    if event.is_published and sessions[0].starts_at <= now:
        raise WrongSessions("A published course date cannot be moved into the past.")


def check_publishable(event: Event) -> None:
    """Raises Refused unless `event` is a draft with a time and a place."""
    if event.status is not EventStatus.DRAFT:
        raise Refused("Only a draft can be published, and this course date is no longer one.")
    check_sessions(times_of(event))
    check_place(is_online=event.is_online, has_venue=event.venue is not None, online_link=event.online_link)


def check_place(*, is_online: bool, has_venue: bool, online_link: str) -> None:
    """Raises NoPlace unless there is a venue or a joining link."""
    if is_online and not online_link:
        raise NoPlace("Enter the link that people join by before you publish this course date.")
    if not is_online and not has_venue:
        raise NoPlace("Choose the venue before you publish this course date.")


def over(of: Course | Event) -> Over:
    """What these policies are for: a course or a date."""
    return Over.COURSE if isinstance(of, Course) else Over.EVENT


def event_version(event: Event) -> str:
    """A value that changes whenever anything that an officer can edit has changed."""
    return version_of(
        times_of(event),
        (event.capacity, event.is_online, event.venue_id, event.online_link, event.notes, event.reference),
        sorted(trainer.person_id for trainer in event.trainers),
        event.status.value,
    )
