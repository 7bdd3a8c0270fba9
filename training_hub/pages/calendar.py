"""The programme as a calendar feed."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from icalendar import Event

from training_hub.bookings.calendar import new_calendar
from training_hub.catalogue.models import EventStatus, place_name


def feed(sessions: Sequence[Any], *, name: str, base_url: str) -> bytes:
    """The feed: one entry for each of `sessions`, with times in UTC. Equal sessions give equal bytes.

    An entry keeps its UID when a session moves, so that calendars move the entry and do not add another.
    """
    calendar = new_calendar("Course dates", name=f"Course dates: {name}")
    host = urlsplit(base_url).hostname or "localhost"
    several = {row.id for row in sessions if row.number > 1}
    for row in sessions:
        calendar.add_component(_entry(row, host=host, base_url=base_url, is_one_of_several=row.id in several))
    return bytes(calendar.to_ical())


def _entry(row: Any, *, host: str, base_url: str, is_one_of_several: bool) -> Event:
    called_off = row.status is EventStatus.CALLED_OFF
    address = f"{base_url}/dates/{row.id}"
    title = f"{row.title} (session {row.number})" if is_one_of_several else row.title
    entry = Event()
    entry.add("uid", f"date-{row.id}-{row.number}@{host}")
    entry.add("dtstamp", row.called_off_at or row.entered_at)
    entry.add("dtstart", row.starts_at)
    entry.add("dtend", row.ends_at)
    entry.add("sequence", row.sequence)
    entry.add("status", "CANCELLED" if called_off else "CONFIRMED")
    # Many calendars ignore the status of a feed's entry, so the title also says that the date is called off.
    entry.add("summary", f"Called off: {title}" if called_off else title)
    entry.add("location", _location(row))
    entry.add("description", f"{row.summary}\n\n{address}".strip())
    entry.add("url", address)
    # The entry is part of the programme, so it must not mark the reader as busy.
    entry.add("transp", "TRANSPARENT")
    return entry


def _location(row: Any) -> str:
    place = place_name(row.is_online, row.venue)
    return f"{place}, {row.address}" if row.venue and row.address and not row.is_online else place
