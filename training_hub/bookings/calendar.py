"""One booking as a calendar entry: the invitation that goes with a mail, its withdrawal, and the file to download.

Who has a place is sent METHOD:REQUEST, and METHOD:CANCEL with the same UID when the place is gone; a later SEQUENCE
replaces an earlier one. Each session is an entry of its own. Times are in UTC, and nobody's needs are in here.
"""

from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from icalendar import Calendar, vCalAddress, vText
from icalendar import Event as Entry

from training_hub.bookings.models import Booking, Status
from training_hub.catalogue.models import Event, EventSession
from training_hub.config import Settings


def message(booking: Booking, was: Status | None, *, now: datetime) -> str:
    """The iCalendar text that goes with a change, or "" where calendars need not hear of it."""
    if booking.status is Status.CONFIRMED:
        return invitation(booking, now=now)
    return cancellation(booking, now=now) if was is Status.CONFIRMED else ""


def invitation(booking: Booking, *, now: datetime) -> str:
    """The invitation to every session; sent again after a move, it replaces what was sent before."""
    return _text("REQUEST", booking, now=now, sequence=_sequence(booking))


def cancellation(booking: Booking, *, now: datetime) -> str:
    """What takes every session out of the calendar again."""
    return _text("CANCEL", booking, now=now, sequence=_sequence(booking) + 1)


def file(booking: Booking, *, now: datetime) -> str:
    """The same entries, as a file that a person adds to a calendar of their own."""
    return _text("PUBLISH", booking, now=now, sequence=_sequence(booking))


def _sequence(booking: Booking) -> int:
    # A withdrawal takes the number after it, and so does each change of the event: two steps for each return.
    return booking.event.sequence + 2 * booking.calendar_sequence


def _text(method: str, booking: Booking, *, now: datetime, sequence: int) -> str:
    settings: Settings = current_app.config["SETTINGS"]
    book = Calendar()
    book.add("prodid", "-//Training Hub//Bookings//EN")
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    book.add("method", method)
    sessions = booking.event.sessions
    for session in sessions:
        entry = _entry(booking, session, of=len(sessions), settings=settings)
        entry.add("dtstamp", now)
        entry.add("sequence", sequence)
        entry.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
        if method != "PUBLISH":
            entry.add("attendee", _attendee(booking))
        book.add_component(entry)
    return str(book.to_ical().decode())


def _entry(booking: Booking, session: EventSession, *, of: int, settings: Settings) -> Entry:
    event = booking.event
    host = urlsplit(settings.base_url).hostname
    number = f"-{session.number - 1}" if session.number > 1 else ""
    part = f" ({session.number} of {of})" if of > 1 else ""
    entry = Entry()
    entry.add("uid", f"{booking.reference}{number}@{host}")
    entry.add("summary", f"{event.course.title}{part}")
    entry.add("dtstart", session.starts_at)
    entry.add("dtend", session.ends_at)
    entry.add("location", _location(event))
    page = f"{settings.base_url}/bookings/{booking.reference}"
    entry.add("url", page)
    entry.add(
        "description",
        f"Your booking is {booking.reference}. See it, or cancel it, at {page}\n\n"
        "To decline this entry does not cancel your place.",
    )
    entry.add("organizer", _organizer(settings))
    return entry


def _location(event: Event) -> str:
    if event.is_online:
        return event.online_link or "Online"
    if event.venue is None:
        return event.place
    return ", ".join(part for part in (event.venue.name, event.venue.address) if part)


def _organizer(settings: Settings) -> vCalAddress:
    address = vCalAddress(f"mailto:{settings.mail_from}")
    address.params["cn"] = vText(settings.partnership_name)
    return address


def _attendee(booking: Booking) -> vCalAddress:
    address = vCalAddress(f"mailto:{booking.person.email}")
    address.params["cn"] = vText(booking.person.name)
    address.params["role"] = vText("REQ-PARTICIPANT")
    address.params["partstat"] = vText("ACCEPTED")
    address.params["rsvp"] = vText("FALSE")
    return address
