"""Calendar entries of bookings: those sent by email, the file to download, and the feed of someone's own bookings.

People with a place are sent METHOD:REQUEST, and METHOD:CANCEL with the same UID if they lose the place or the date
loses the session. A later SEQUENCE replaces an earlier one. Each session has its own entry and message, because
Outlook and Gmail read only the first entry of a message. Times are in UTC. Entries never hold people's needs.
"""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from icalendar import Calendar, vCalAddress, vText
from icalendar import Event as Entry

from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.catalogue.models import Event
from training_hub.catalogue.rules import Times, times_of
from training_hub.config import Settings


def messages(booking: Booking, was: Status | None, *, now: datetime) -> list[str]:
    """The iCalendar texts for a change, one for each session. Empty if calendars need no update."""
    if booking.status is Status.CONFIRMED:
        return invitations(booking, now=now)
    return cancellations(booking, now=now) if was is Status.CONFIRMED else []


def invitations(booking: Booking, *, now: datetime) -> list[str]:
    """The invitation to each session, in order. After a move, calendars replace the entries sent before."""
    return _messages("REQUEST", booking, times_of(booking.event), now=now)


def cancellations(booking: Booking, *, now: datetime) -> list[str]:
    """The texts that remove each session."""
    return _messages("CANCEL", booking, times_of(booking.event), now=now)


def withdrawals(booking: Booking, was: Sequence[Times], *, now: datetime) -> list[str]:
    """The texts that remove the sessions in `was` that the event no longer has."""
    return _messages("CANCEL", booking, was, now=now, first=len(booking.event.sessions))


def file(booking: Booking, *, now: datetime) -> str:
    """The entry of each session, as a file that a person adds to their own calendar."""
    book, sessions = new_calendar("Bookings", method="PUBLISH"), times_of(booking.event)
    for number, times in enumerate(sessions, start=1):
        book.add_component(_entry("PUBLISH", booking, number, times, of=len(sessions), now=now))
    return str(book.to_ical().decode())


GONE = {
    Status.EVENT_CANCELLED: "Called off",
    Status.TRANSFERRED: "Moved to another date",
    Status.SUBSTITUTED: "Passed to a colleague",
    Status.WITHDRAWN: "Withdrawn",
    Status.DECLINED: "Not approved",
    Status.LAPSED: "Not answered in time",
}
CLAIMS = {
    Status.REQUESTED: "Waiting for approval",
    Status.WAITING: "Waiting list",
    Status.OFFERED: "Place offered",
}


def feed(bookings: Sequence[tuple[Booking, datetime]], *, name: str) -> bytes:
    """The calendar feed of `bookings`, each with the moment of its last change. Equal bookings give equal bytes.

    Many calendars show tentative and cancelled entries like any other, so the title names the status.
    """
    book = new_calendar("Bookings", name=f"My training: {name}")
    for booking, at in bookings:
        status, title = _standing(booking)
        sessions = times_of(booking.event)
        for number, times in enumerate(sessions, start=1):
            entry = _entry("PUBLISH", booking, number, times, of=len(sessions), now=at, title=title)
            entry["status"] = status
            entry.add("transp", "OPAQUE" if booking.flags.has_place else "TRANSPARENT")
            book.add_component(entry)
    return bytes(book.to_ical())


def _standing(booking: Booking) -> tuple[str, str]:
    """The status of a booking's entries, and what their title begins with."""
    if booking.flags.has_place:
        return "CONFIRMED", ""
    if booking.flags.is_open:
        return "TENTATIVE", f"{CLAIMS[booking.status]}: "
    return "CANCELLED", f"{GONE.get(booking.status, 'Cancelled')}: "


def _messages(
    method: str, booking: Booking, sessions: Sequence[Times], *, now: datetime, first: int = 0
) -> list[str]:
    """A message for each of `sessions`, starting at the index `first`."""
    texts = []
    for number, times in list(enumerate(sessions, start=1))[first:]:
        book = new_calendar("Bookings", method=method)
        entry = _entry(method, booking, number, times, of=len(sessions), now=now)
        entry.add("attendee", _attendee(booking))
        book.add_component(entry)
        texts.append(str(book.to_ical().decode()))
    return texts


def sequence_of(booking: Booking) -> int:
    """The SEQUENCE of messages about `booking`, which rises with each change."""
    return booking.event.sequence + booking.calendar_sequence


def uid_of(booking: Booking, number: int, host: str | None) -> str:
    """The UID of one session of `booking` in every calendar. It never changes."""
    part = f"-{number - 1}" if number > 1 else ""
    return f"{booking.reference}{part}@{host}"


def new_calendar(of: str, *, method: str = "", name: str = "") -> Calendar:
    """A calendar without entries: a message that says its `method`, or a feed that has a `name`."""
    book = Calendar()
    book.add("prodid", f"-//Training Hub//{of}//EN")
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    if method:
        book.add("method", method)
    if name:
        book.add("x-wr-calname", name)
        book.add("refresh-interval;value=duration", "PT6H")
    return book


def _entry(
    method: str, booking: Booking, number: int, times: Times, *, of: int, now: datetime, title: str = ""
) -> Entry:
    settings: Settings = current_app.config["SETTINGS"]
    event = booking.event
    part = f" ({number} of {of})" if of > 1 else ""
    entry = Entry()
    entry.add("uid", uid_of(booking, number, urlsplit(settings.base_url).hostname))
    entry.add("dtstamp", now)
    entry.add("sequence", sequence_of(booking))
    entry.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    entry.add("summary", f"{title}{event.course.title}{part}")
    entry.add("dtstart", times.starts_at)
    entry.add("dtend", times.ends_at)
    # Only people with a place see the joining link.
    is_shown = booking.flags.has_place or method == "CANCEL" or not event.is_online
    entry.add("location", location_of(event) if is_shown else event.place)
    page = f"{settings.base_url}/bookings/{booking.reference}"
    entry.add("url", page)
    entry.add("description", _description(booking, page))
    entry.add("organizer", _address(settings.mail_from, settings.partnership_name))
    return entry


def _description(booking: Booking, page: str) -> str:
    if not booking.flags.is_open:
        return f"Your booking was {booking.reference}. See it at {page}"
    words = f"Your booking is {booking.reference}. See it, or cancel it, at {page}"
    if booking.flags.has_place:
        return f"{words}\n\nDeclining this entry does not cancel your place."
    return f"You do not have a place yet, so do not come unless we tell you that you have one.\n\n{words}"


def location_of(event: Event) -> str:
    """The venue and its address, or the joining link."""
    if event.is_online:
        return event.online_link or "Online"
    if event.venue is None:
        return event.place
    return ", ".join(part for part in (event.venue.name, event.venue.address) if part)


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["cn"] = vText(name)
    return address


def _attendee(booking: Booking) -> vCalAddress:
    address = _address(booking.person.email, booking.person.name)
    address.params["role"] = vText("REQ-PARTICIPANT")
    address.params["partstat"] = vText("ACCEPTED")
    address.params["rsvp"] = vText("FALSE")
    return address
